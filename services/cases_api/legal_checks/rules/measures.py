"""P05 registration and preservation, P06 seizure. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final, NamedTuple

from services.cases_api.legal_checks.rules import law, periods
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Finding, Level, Missing, Step, Told

PRESERVATION_DAYS: Final = 7
MOST_EXTENSION: Final = 30


def p05(case: Case, context: Context) -> Told:
    """Things registered and left in place are dealt with within 7 working days (行政处罚法第56条; calendar days before 2021)."""
    for step in case.of("registration_preservation"):
        disposed = step.day("disposed_on")
        if disposed is None and not case.is_running:
            yield Missing("registration_preservation.disposed_on")
            continue
        total = _preserved(step, disposed or case.today, context)
        if total.is_late:
            zh = f"{step.on} 先行登记保存，{'处理' if disposed else '至今未处理'}为{total.zh}"
            en = f"registered on {step.on}, {'dealt with' if disposed else 'not yet dealt with'} on {total.en}"
            yield Finding(Level.MAJOR, law.article("P05", step.on), zh, en, total.facts())


def _preserved(step: Step, end: date, context: Context) -> periods.Sum:
    return periods.sum_of(step.on, end, law.penalty_law(step.on).period(PRESERVATION_DAYS), context.calendar)


def preservation_due(case: Case, context: Context) -> Iterator[date]:
    """Last days of what is still preserved."""
    for step in case.of("registration_preservation"):
        if step.day("disposed_on") is None:
            yield _preserved(step, step.on, context).last_on


class Extension(NamedTuple):
    """Days a seizure was extended by, and what is wrong or unknown about it."""

    days: int
    told: list[Finding | Missing]


def p06(case: Case, context: Context) -> Told:
    """A seizure ends after 30 days, 60 with one extension; testing does not count if told in writing (行政强制法第25条)."""
    steps = case.of("seizure")
    for place, step in enumerate(steps):
        following = steps[place + 1].on if place + 1 < len(steps) else None
        yield from _seized(case, step, following, context)


def _seized(case: Case, step: Step, following: date | None, context: Context) -> Told:
    ended = step.day("ended_on")
    if ended is None and not case.is_running:
        yield Missing("seizure.ended_on")
        return
    end = ended or case.today
    extension = _extension(case, step, following)
    yield from extension.told
    spans, untold = _testing(case, end)
    total = periods.sum_of(step.on, end, law.SEIZURE, context.calendar, extension=extension.days, spans=spans)
    if not total.is_late:
        if untold and periods.sum_of(step.on, end, law.SEIZURE, context.calendar, extension=extension.days).is_late:
            yield Missing("exclusion.told_on")
        return
    zh = f"{step.on} 查封扣押，{'结束' if ended else '至今未结束'}为{total.zh}"
    en = f"seized on {step.on}, {'ended' if ended else 'not yet ended'} on {total.en}"
    yield Finding(Level.VETO, law.article("P06", step.on), zh, en, total.facts())


def _testing(case: Case, end: date) -> tuple[list[periods.Span], bool]:
    """Days of testing, and whether any of them is without its written notice."""
    steps = [step for step in case.of("exclusion") if "seizure" in (step.get("limits") or ())]
    return periods.exclusions(steps, "seizure", end), any(step.get("told_on") is None for step in steps)


def _extension(case: Case, step: Step, following: date | None) -> Extension:
    later = [each for each in case.of("seizure_extension") if each.on >= step.on and (following is None or each.on < following)]
    if not later:
        return Extension(0, [])
    told: list[Finding | Missing] = []
    if len(later) > 1:
        words = f"查封扣押延长 {len(later)} 次，只能延长一次", f"the seizure was extended {len(later)} times, once is allowed"
        told.append(Finding(Level.VETO, law.article("P06", later[1].on), *words, {"counted": len(later), "limit": 1}))
    first = later[0]
    days = first.get("days")
    if first.get("approved_on") is None:
        told.append(Missing("seizure_extension.approved_on"))
    if days is None:
        return Extension(MOST_EXTENSION, [*told, Missing("seizure_extension.days")])
    if days > MOST_EXTENSION:
        words = f"查封扣押延长 {days} 日，最多 {MOST_EXTENSION} 日", f"extended by {days} days, {MOST_EXTENSION} are allowed"
        told.append(Finding(Level.VETO, law.article("P06", first.on), *words, {"counted": days, "limit": MOST_EXTENSION}))
    return Extension(min(days, MOST_EXTENSION), told)


def seizure_due(case: Case, context: Context) -> Iterator[date]:
    """Last days of seizures that still last; days of testing go on while it lasts."""
    steps = case.of("seizure")
    for place, step in enumerate(steps):
        if step.day("ended_on") is None:
            following = steps[place + 1].on if place + 1 < len(steps) else None
            days = _extension(case, step, following).days
            spans, _ = _testing(case, case.today)
            yield periods.sum_of(step.on, case.today, law.SEIZURE, context.calendar, extension=days, spans=spans).last_on
