"""How long a closed file is kept (保管期限). The law names no years: the settings do, by kind, procedure and result. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case
from services.cases_api.legal_settings.rules import Measure, Setting, Topic

FOR_EVER: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Retention:
    """For ever, or until a day; its last day counts."""

    until: date | None

    @property
    def is_permanent(self) -> bool:
        """Whether the file is never given up."""
        return self.until is None


def retention(case: Case, context: Context) -> Retention | None:
    """The longest period that its results call for, from the day of closing; None while open, or when nothing is set."""
    if case.closed_on is None:
        return None
    facts = case.decision
    results = [None, facts.get("outcome"), *(facts.get("penalties") or ())]
    found = [context.settings.of(Topic.RETENTION, case, case.closed_on, result) for result in dict.fromkeys(results)]
    years = max((_years(setting) for setting in found if setting is not None), default=None)
    if years is None:
        return None
    return Retention(None if years == FOR_EVER else years_after(case.closed_on, years))


def _years(setting: Setting) -> int:
    return FOR_EVER if setting.measure == Measure.PERMANENT else setting.value


def years_after(day: date, years: int) -> date:
    """The same day so many years later; the last of February for a 29th that is not there (民法典第二百零一条, 第二百零二条)."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1) - timedelta(days=1)
