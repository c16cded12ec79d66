"""P01 filing, P02 limitation, P22 order of the steps, P23 cases handled off line. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.cases_api.legal_checks.rules import law, periods
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.law import Period
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Told
from services.cases_api.legal_settings.rules import Measure, Topic
from services.kit import calendar


def p01(case: Case, context: Context) -> Told:
    """Filed with a leader's approval, before the investigation ended (行政处罚法第54条); in time where a sector says so."""
    article, facts = law.article("P01", case.filed_on), case.filing
    approved, on = facts.get("approved"), facts.get("approved_on")
    if approved is False:
        yield Finding(Level.VETO, article, f"{case.filed_on} 立案，未经审批", f"filed on {case.filed_on} without approval")
    elif on is None:
        yield Missing("filing.approved_on" if approved else "filing.approved")
    else:
        yield from _approved_late(case, date.fromisoformat(on), article)
    yield from _filed_late(case, context, article)


def _approved_late(case: Case, on: date, article: str) -> Told:
    ends = case.of("investigation_end")
    end, zh, en = (
        (ends[0].on, "调查终结", "the investigation ended") if ends else (case.decided_on, "作出决定", "the decision was made")
    )
    if end is not None and on > end:
        facts = {"approved_on": on.isoformat(), "end_on": end.isoformat()}
        zh, en = f"立案审批于 {on}，晚于 {end} {zh}", f"approved on {on}, after {en} on {end}"
        yield Finding(Level.MAJOR, article, zh, en, facts)


def _filed_late(case: Case, context: Context, article: str) -> Told:
    clue = case.filing.get("clue_on")
    if clue is None:
        return
    start = date.fromisoformat(clue)
    setting = context.settings.of(Topic.FILING, case, start)
    if setting is None:
        return
    period = Period(setting.value, Measure(setting.measure))
    total = periods.sum_of(start, case.filed_on, period, context.calendar, assumed=setting.assumed)
    if total.is_late:
        zh, en = f"{start} 发现线索，立案为{total.zh}", f"clue found on {start}, filed on {total.en}"
        yield Finding(Level.MINOR, f"{article}；{setting.source}", zh, en, total.facts())


def p02(case: Case, context: Context) -> Told:
    """Found within two years of the act's end, five where life, health or financial safety was harmed (行政处罚法第36条).

    The five years came with the law of 2021; an act that ended before keeps the lighter two (第37条).
    """
    if case.act_ended_on is None:
        yield Missing("case.act_ended_on")
        return
    end, found = case.act_ended_on, case.discovered_on or case.filed_on
    short = calendar.months_later(end, 12 * law.LIMITATION_YEARS)
    grave_years = law.penalty_law(end).grave_years
    if found <= short:
        return
    long = calendar.months_later(end, 12 * grave_years) if grave_years else short
    if found <= long and case.grave_harm is not False:
        if case.grave_harm is None:
            yield Missing("case.grave_harm")
        return
    last = long if case.grave_harm else short
    facts = {"from": end.isoformat(), "to": found.isoformat(), "last_day": last.isoformat()}
    zh = f"违法行为于 {end} 终了，{found} 被发现，追责时效至 {last}"
    yield Finding(
        Level.VETO, law.article("P02", end), zh, f"ended on {end}, found on {found}; the limitation ran out on {last}", facts
    )


CHAIN: Final = (
    ("filing", "立案", "filing"),
    ("investigation_end", "调查终结", "end of investigation"),
    ("notice", "告知", "notice"),
    ("decision", "决定", "decision"),
    ("delivery", "送达", "delivery"),
    ("closing", "结案", "closing"),
    ("archiving", "归档", "archiving"),
)


def p22(case: Case, context: Context) -> Told:
    """Filing ≤ end of investigation ≤ notice ≤ decision ≤ delivery ≤ closing ≤ archiving. Where legal review and discussion
    stand between them is free: both need only precede the decision (P12, P13)."""
    earlier: tuple[date, str, str] | None = None
    for name, zh, en in CHAIN:
        days = _days(case, name)
        if not days:
            continue
        if earlier is not None and days[0] < earlier[0]:
            yield _turned(earlier, (days[0], zh, en))
        # Told a second time is no fault, so the last notice is what a decision must not precede.
        earlier = (days[-1] if name == "notice" else days[0], zh, en)
    ends = _days(case, "investigation_end")
    if len(ends) > 1 and case.decided_on is not None and case.decided_on < ends[-1]:
        yield _turned((ends[-1], "调查终结", "end of investigation"), (case.decided_on, "决定", "decision"))


def _turned(earlier: tuple[date, str, str], later: tuple[date, str, str]) -> Finding:
    first, last = later[0], earlier[0]
    zh, en = f"{later[1]}（{first}）早于{earlier[1]}（{last}）", f"{later[2]} on {first} before {earlier[2]} on {last}"
    facts = {"earlier": first.isoformat(), "later": last.isoformat()}
    return Finding(Level.MAJOR, law.article("P22", last), zh, en, facts)


def _days(case: Case, name: str) -> list[date]:
    """Days of a link of the chain; of deliveries only the decision's."""
    return [step.on for step in case.of(name) if name != "delivery" or step.get("document") in (None, "decision")]


def p23(case: Case, context: Context) -> Told:
    """A case handled off line is keyed in within 5 working days after the obstacle ended (福建省政府令第242号第17条)."""
    if case.offline_reason is None:
        return
    if case.obstacle_ended_on is None:
        yield Missing("case.obstacle_ended_on")
        return
    if case.obstacle_ended_on < law.OFFLINE_SINCE:
        return
    keyed_in = case.keyed_in_on or case.entered_on
    total = periods.sum_of(case.obstacle_ended_on, keyed_in, law.OFFLINE, context.calendar)
    if total.is_late:
        zh = f"不能线上办理的情形于 {case.obstacle_ended_on} 消除，补录为{total.zh}"
        en = f"the obstacle ended on {case.obstacle_ended_on}, keyed in on {total.en}"
        yield Finding(Level.MINOR, law.article("P23", keyed_in), zh, en, total.facts())
