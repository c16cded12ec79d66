"""Counting days: the last day of a period, days that do not count, the day's number a thing was done on. Pure.

The day of the event does not count; a last day that is a rest day gives way to the next working day (民法典第201条, 第203条).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from services.cases_api.legal_checks.rules.law import Period
from services.cases_api.legal_checks.rules.model import Step
from services.cases_api.legal_settings.rules import Measure
from services.kit.calendar import Calendar

ONE_DAY = timedelta(days=1)
Span = tuple[date, date]


def last_day(start: date, period: Period, calendar: Calendar) -> date:
    """The last day of a period that runs from the day after `start`."""
    if period.measure is Measure.WORKING_DAYS:
        return calendar.add(start, period.days)
    return calendar.next_working(start + timedelta(days=period.days))


def counted(start: date, end: date, measure: Measure, calendar: Calendar) -> int:
    """The number of the day `end` in a period behind `start`; 0 or less when it is not later."""
    return calendar.between(start, end) if measure is Measure.WORKING_DAYS else (end - start).days


@dataclass(frozen=True, slots=True)
class Sum:
    """A period with its extension and excluded days, and the day something was done or today: the sum behind a finding."""

    start: date
    end: date
    counted: int
    base: int
    extension: int
    excluded: int
    measure: Measure
    last_on: date
    assumed: bool = False

    @property
    def limit(self) -> int:
        """Days allowed, extension included."""
        return self.base + self.extension

    @property
    def is_late(self) -> bool:
        """Whether the day lies behind the last one allowed."""
        return self.end > self.last_on

    def facts(self) -> dict[str, Any]:
        """The sum as data."""
        found: dict[str, Any] = {
            "from": self.start.isoformat(),
            "to": self.end.isoformat(),
            "counted": self.counted,
            "limit": self.limit,
            "measure": self.measure.value,
            "last_day": self.last_on.isoformat(),
        }
        found |= {name: getattr(self, name) for name in ("extension", "excluded") if getattr(self, name)}
        return found | ({"assumed": True} if self.assumed else {})

    @property
    def zh(self) -> str:
        """The sum in Chinese: 第 97 日，期限 90 日，不计入 4 日."""
        unit = "个工作日" if self.measure is Measure.WORKING_DAYS else "日"
        text = f"第 {self.counted} {unit}，期限 {self.limit} {unit}"
        text += f"（含延长 {self.extension} {unit}）" if self.extension else ""
        return text + (f"，不计入 {self.excluded} {unit}" if self.excluded else "") + f"，最后一日为 {self.last_on}"

    @property
    def en(self) -> str:
        """The sum in English: day 97 of 90; 4 days excluded."""
        unit = "working day" if self.measure is Measure.WORKING_DAYS else "day"
        text = f"{unit} {self.counted} of {self.limit}"
        text += f", {self.extension} of them by extension" if self.extension else ""
        return text + (f"; {self.excluded} {unit}s excluded" if self.excluded else "") + f"; the last day was {self.last_on}"


def sum_of(
    start: date,
    end: date,
    period: Period,
    calendar: Calendar,
    *,
    extension: int = 0,
    spans: Sequence[Span] = (),
    assumed: bool = False,
) -> Sum:
    """The sum of a period behind `start` up to `end`; days within the spans do not count, on either side."""
    measure, limit = period.measure, period.days + extension
    excluded = sum(_inside(span, start, end, measure, calendar) for span in spans)
    number = counted(start, end, measure, calendar) - excluded
    last_on = _last_day(start, limit, measure, spans, calendar)
    return Sum(start, end, number, period.days, extension, excluded, measure, last_on, assumed)


def _inside(span: Span, start: date, end: date, measure: Measure, calendar: Calendar) -> int:
    first, last = max(span[0], start + ONE_DAY), min(span[1], end)
    return counted(first - ONE_DAY, last, measure, calendar) if first <= last else 0


def _last_day(start: date, limit: int, measure: Measure, spans: Sequence[Span], calendar: Calendar) -> date:
    """Each span that begins before the last day pushes it on by its own days."""
    day = start
    left = limit
    for first, last in spans:
        if last <= day:
            continue
        step = counted(day, max(first - ONE_DAY, day), measure, calendar)
        if step >= left:
            break
        day, left = last, left - step
    return last_day(day, Period(left, measure), calendar)


def merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, overlapping and touching ones joined."""
    found: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if found and first <= found[-1][1] + ONE_DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found


def exclusions(steps: Sequence[Step], limit: str, end: date) -> list[Span]:
    """The days that do not count for a limit; a span without an end goes on to `end`."""
    about = [step for step in steps if limit in (step.get("limits") or ["decision"])]
    return merged((step.on, step.day("until") or max(end, step.on)) for step in about)
