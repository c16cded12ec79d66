"""P07 notice before the decision, P08 the right to a hearing, P09 notice of the hearing, P11 defence. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final, NamedTuple

from services.cases_api.legal_checks.rules import law, periods
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Step, Told
from services.cases_api.legal_checks.rules.penalties import KIND_WORDS, Penalty, heaviest, penalty_of, penalty_unknown
from services.cases_api.legal_settings.rules import Topic

NOTICE_WORDS: Final = {
    "proposed_penalty": ("拟处罚内容", "the proposed penalty"),
    "facts": ("事实", "the facts"),
    "reasons": ("理由", "the reasons"),
    "basis": ("依据", "the basis"),
    "statement_right": ("陈述申辩权", "the right of defence"),
}
HEARING_NOTICE_DAYS: Final = 7


def p07(case: Case, context: Context) -> Told:
    """Before a penalty the party is told what is proposed, on what grounds, and its rights (行政处罚法第44条)."""
    if case.decided_on is None:
        return
    if (unknown := penalty_unknown(case)) is not None:
        yield Missing(unknown)
        return
    if penalty_of(case) is None:
        return
    notice = last_notice(case)
    if notice is not None:
        yield from _untold(notice)
        return
    article = law.article("P07", case.decided_on)
    late = case.of("notice")
    if late:
        facts = {"notice_on": late[0].on.isoformat(), "decided_on": case.decided_on.isoformat()}
        words = (
            f"{late[0].on} 告知，不早于 {case.decided_on} 的决定",
            f"told on {late[0].on}, not before the decision on {case.decided_on}",
        )
        yield Finding(Level.VETO, article, *words, facts)
    else:
        yield Finding(Level.VETO, article, f"{case.decided_on} 决定前未告知", f"decided on {case.decided_on} without notice")


def last_notice(case: Case) -> Step | None:
    """The last notice before the day of the decision."""
    before = [step for step in case.of("notice") if case.decided_on is None or step.on < case.decided_on]
    return before[-1] if before else None


def _untold(notice: Step) -> Told:
    contents = notice.get("contents")
    if contents is None:
        yield Missing("notice.contents")
        return
    wanted = dict(NOTICE_WORDS)
    if not law.penalty_law(notice.on).proposed_penalty_told:
        wanted.pop("proposed_penalty")
    lacking = [name for name in wanted if name not in contents]
    if lacking:
        zh, en = ("、".join(wanted[name][0] for name in lacking), ", ".join(wanted[name][1] for name in lacking))
        facts = {"on": notice.on.isoformat(), "lacking": lacking}
        yield Finding(
            Level.VETO, law.article("P07", notice.on), f"{notice.on} 的告知缺少{zh}", f"told on {notice.on} without {en}", facts
        )


def p08(case: Case, context: Context) -> Told:
    """Before a heavy penalty the right to a hearing is told, and its time is waited for (行政处罚法第63条, 第64条)."""
    notice = last_notice(case)
    if case.decided_on is None or notice is None:
        return
    penalty = penalty_of(case)
    if penalty is None:
        if (unknown := penalty_unknown(case)) is not None:
            yield Missing(unknown)
        return
    needed = _needs_hearing(case, penalty, notice.on, context)
    if isinstance(needed, Missing):
        yield needed
    elif needed is not None:
        yield from _right_kept(case, notice, case.decided_on, needed, context)


class Heavy(NamedTuple):
    """Why a penalty needs a hearing, in both languages, and whether the threshold is an assumed one."""

    zh: str
    en: str
    assumed: bool = False


def _needs_hearing(case: Case, penalty: Penalty, on: date, context: Context) -> Heavy | Missing | None:
    kinds = law.penalty_law(on).hearing_kinds & penalty.kinds
    if kinds:
        return Heavy("、".join(KIND_WORDS[kind] for kind in sorted(kinds)), ", ".join(sorted(kinds)))
    unknown: Missing | None = None
    sums = (
        (Topic.HEARING_FINE, "fine", penalty.fine_fen),
        (Topic.HEARING_CONFISCATION, "confiscation", penalty.confiscation_fen),
    )
    for topic, kind, amount in sums:
        if kind not in penalty.kinds:
            continue
        setting = context.settings.of(topic, case, on)
        if setting is None:
            # The old law knew no hearing for confiscation.
            unknown = unknown or (Missing(f"setting.{topic}") if on >= law.NEW_LAW or kind == "fine" else None)
        elif amount is None:
            unknown = unknown or Missing(f"decision.{kind}_fen")
        elif amount >= setting.value:
            yuan, limit = f"{amount / 100:g}", f"{setting.value / 100:g}"
            words = f"{KIND_WORDS[kind]} {yuan} 元，达到听证标准 {limit} 元", f"{kind} of {yuan} yuan, at or above {limit}"
            return Heavy(*words, setting.assumed)
    return unknown


def _right_kept(case: Case, notice: Step, decided: date, heavy: Heavy, context: Context) -> Told:
    article = law.article("P08", notice.on)
    zh, en = heavy.zh, heavy.en
    base = {"assumed": True} if heavy.assumed else {}
    contents = notice.get("contents")
    if contents is None:
        yield Missing("notice.contents")
    elif "hearing_right" not in contents:
        words = f"{zh}，{notice.on} 的告知未载明听证权", f"{en}; the notice on {notice.on} did not tell the right to a hearing"
        yield Finding(Level.VETO, article, *words, base | {"on": notice.on.isoformat()})
        return
    held = [step for step in case.of("hearing") if step.on <= decided]
    asked = [
        step for step in case.of("hearing_request") if step.get("withdrawn_on") is None and step.get("accepted") is not False
    ]
    if asked and not held:
        words = (
            f"{asked[0].on} 申请听证，决定前未举行",
            f"a hearing was asked for on {asked[0].on} and not held before the decision",
        )
        yield Finding(Level.VETO, article, *words, base | {"on": asked[0].on.isoformat()})
        return
    waived = notice.day("waived_on")
    if held or (waived is not None and waived <= decided):
        return
    current = law.penalty_law(notice.on)
    total = periods.sum_of(notice.on, decided, current.period(current.hearing_request_days), context.calendar)
    if not total.is_late:
        words = (
            f"{notice.on} 告知，{decided} 决定为{total.zh}，听证申请期未满",
            f"told on {notice.on}, decided on {total.en}: too early",
        )
        yield Finding(Level.VETO, article, *words, total.facts() | base)


def p09(case: Case, context: Context) -> Told:
    """Time and place of the hearing are told 7 working days before it (行政处罚法第64条; calendar days before 2021)."""
    for hearing in case.of("hearing"):
        told = [step for step in case.of("hearing_notice") if step.on <= hearing.on]
        if not told:
            yield Missing("hearing_notice")
            continue
        period = law.penalty_law(told[-1].on).period(HEARING_NOTICE_DAYS)
        number = periods.counted(told[-1].on, hearing.on, period.measure, context.calendar)
        if number < period.days:
            facts = {"from": told[-1].on.isoformat(), "to": hearing.on.isoformat(), "counted": number, "limit": period.days}
            zh = f"{told[-1].on} 通知，{hearing.on} 举行听证，相隔 {number} 日，应不少于 {period.days} 个工作日"
            en = f"told on {told[-1].on}, held on {hearing.on}: {number} of {period.days} days between"
            if period.measure is law.CALENDAR:
                zh = zh.replace("个工作日", "日")
            yield Finding(Level.MAJOR, law.article("P09", told[-1].on), zh, en, facts | {"measure": period.measure.value})


def p11(case: Case, context: Context) -> Told:
    """A defence is heard and re-checked, and never makes the penalty heavier (行政处罚法第45条)."""
    if case.decided_on is None:
        return
    statements = case.of("statement")
    for statement in statements:
        if statement.get("made") is None:
            yield Missing("statement.made")
        elif statement.get("made") and not _reviewed(statement, case.decided_on):
            words = f"{statement.on} 陈述申辩，决定前无复核", f"defence on {statement.on} without a re-check before the decision"
            yield Finding(Level.MAJOR, law.article("P11", statement.on), *words, {"on": statement.on.isoformat()})
    if any(step.get("made") for step in statements) or case.of("hearing"):
        yield from _heavier(case, case.decided_on)


def _reviewed(statement: Step, decided: date) -> bool:
    reviewed = statement.day("reviewed_on")
    return reviewed is not None and reviewed <= decided


def _heavier(case: Case, decided: date) -> Told:
    notice, penalty = last_notice(case), penalty_of(case)
    if notice is None or penalty is None:
        return
    proposed = notice.get("fine_fen")
    kinds = notice.get("penalties")
    if kinds is None and proposed is None:
        yield Missing("notice.penalties")
        return
    more = proposed is not None and penalty.fine_fen is not None and penalty.fine_fen > proposed
    if not more and not (kinds is not None and heaviest(penalty.kinds) > heaviest(kinds)):
        return
    new = [step.get("new_facts") for step in case.of("statement")]
    if any(new):
        return
    if new and None in new:
        yield Missing("statement.new_facts")
        return
    zh, en = f"{decided} 的处罚重于 {notice.on} 告知的内容", f"the penalty of {decided} is heavier than told on {notice.on}"
    facts = {"proposed_fine_fen": proposed, "fine_fen": penalty.fine_fen}
    yield Finding(
        Level.VETO, law.article("P11", decided), zh, en, {name: value for name, value in facts.items() if value is not None}
    )
