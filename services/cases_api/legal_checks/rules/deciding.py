"""P14 time for deciding, P20 limits of the summary procedure. Pure."""

from __future__ import annotations

from datetime import date
from typing import Final

from services.cases_api.legal_checks.rules import law, periods
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.law import Period
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Told
from services.cases_api.legal_checks.rules.penalties import KIND_WORDS, penalty_of, penalty_unknown
from services.cases_api.legal_settings.rules import Measure, Setting, Topic

SUMMARY_KINDS: Final = frozenset({"warning", "fine"})


def p14(case: Case, context: Context) -> Told:
    """Decided within 90 days of filing, or as a sector's rule says, with approved extensions, without excluded days
    (行政处罚法第60条; for licences 行政许可法第42条)."""
    setting = context.settings.of(Topic.DECISION, case, case.filed_on)
    end = case.decided_on or (case.today if case.is_running else None)
    if setting is None or end is None or end <= case.filed_on:
        return
    allowed, unsure = _extension(case, context)
    total = deciding_sum(case, setting, end, allowed, context)
    if not total.is_late:
        return
    # Extensions whose ground is not on record might save the day; whether they do is not for the check to guess.
    if unsure and not deciding_sum(case, setting, end, allowed + unsure, context).is_late:
        yield Missing("extension.basis")
        return
    zh = f"{case.filed_on} 立案，{'作出决定' if case.decided_on else '至今未作决定'}为{total.zh}"
    en = f"filed on {case.filed_on}, {'decided' if case.decided_on else 'not yet decided'} on {total.en}"
    yield Finding(Level.MAJOR, setting.source, zh, en, total.facts())


def deciding_sum(case: Case, setting: Setting, end: date, extension: int, context: Context) -> periods.Sum:
    """The sum of the time for deciding up to a day."""
    period = Period(setting.value, Measure(setting.measure))
    spans = periods.exclusions(case.of("exclusion"), "decision", end)
    return periods.sum_of(case.filed_on, end, period, context.calendar, extension=extension, spans=spans, assumed=setting.assumed)


def _extension(case: Case, context: Context) -> tuple[int, int]:
    """Days of extension with a ground (a rule named, or the sector's setting), and days without."""
    grounded = unsure = 0
    setting = context.settings.of(Topic.DECISION_EXTENSION, case, case.filed_on)
    for step in case.of("extension"):
        days, approved = step.get("days") or 0, step.day("approved_on") or step.on
        if case.decided_on is not None and approved > case.decided_on:
            continue
        if step.get("basis") is not None or step.get("by") == "collective":
            grounded += days
        elif setting is not None:
            grounded += min(days, max(setting.value - grounded, 0))
        else:
            unsure += days
    return grounded, unsure


def decision_due(case: Case, context: Context) -> date | None:
    """The last day for deciding a case that is not decided yet."""
    setting = context.settings.of(Topic.DECISION, case, case.filed_on)
    if setting is None or case.decided_on is not None:
        return None
    allowed, _ = _extension(case, context)
    return deciding_sum(case, setting, max(case.today, case.filed_on), allowed, context).last_on


def p20(case: Case, context: Context) -> Told:
    """Summary procedure: a warning, or a fine up to 200 yuan of a person, 3,000 of an organisation (行政处罚法第51条)."""
    if case.decided_on is None:
        return
    penalty = penalty_of(case)
    if penalty is None:
        if (unknown := penalty_unknown(case)) is not None:
            yield Missing(unknown)
        return
    current, article = law.penalty_law(case.decided_on), law.article("P20", case.decided_on)
    others = sorted(penalty.kinds - SUMMARY_KINDS)
    if others:
        zh, en = f"简易程序作出{'、'.join(KIND_WORDS[kind] for kind in others)}", f"summary procedure with {', '.join(others)}"
        yield Finding(Level.VETO, article, zh, en, {"kinds": others})
    limit = current.summary_natural_fen if case.party_kind == "natural" else current.summary_legal_fen
    if penalty.fine_fen is None:
        yield Missing("decision.fine_fen")
    elif penalty.fine_fen > limit:
        yuan, most = f"{penalty.fine_fen / 100:g}", f"{limit / 100:g}"
        words = f"简易程序罚款 {yuan} 元，上限 {most} 元", f"fine of {yuan} yuan by summary procedure, {most} at most"
        yield Finding(Level.VETO, article, *words, {"fine_fen": penalty.fine_fen, "limit_fen": limit})
