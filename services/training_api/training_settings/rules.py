"""Rules of the dated settings, and what they say of the hours of a class. Pure; hours are whole hundredths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from services.kit import clock, errors

MINUTE: Final = timedelta(minutes=1)
ONE_DAY: Final = timedelta(days=1)
# The service's own tables begin with the plan; what lies before is judged by its first version.
FIRST_DAY: Final = date(2023, 1, 1)
DAY_AT_MOST: Final = 2400
YEAR_AT_MOST: Final = 200_000


class Conversion(Protocol):
    """How days become hours: hundredths of a whole and of half a day, and up to how many minutes a day is a half one."""

    @property
    def day_hundredths(self) -> int: ...
    @property
    def half_day_hundredths(self) -> int: ...
    @property
    def half_day_minutes(self) -> int: ...


class Missable(Protocol):
    """The share of a class that may be missed, as a fraction."""

    @property
    def missed_numerator(self) -> int: ...
    @property
    def missed_denominator(self) -> int: ...


def hours_of(sessions: Iterable[tuple[datetime, datetime]], rule: Conversion) -> int:
    """Hundredths of a class from its sessions: what falls on a day counts as half a day or a whole one by its length."""
    minutes: dict[date, int] = {}
    for starts_at, ends_at in sessions:
        for day, length in _by_day(starts_at, ends_at):
            minutes[day] = minutes.get(day, 0) + length
    halves = sum(length <= rule.half_day_minutes for length in minutes.values())
    return halves * rule.half_day_hundredths + (len(minutes) - halves) * rule.day_hundredths


def days_as_sessions(starts_at: datetime, ends_at: datetime) -> list[tuple[datetime, datetime]]:
    """The sessions of a class that names none: from its daily beginning to its daily end, on each of its days."""
    first, last = starts_at.astimezone(clock.SHANGHAI), ends_at.astimezone(clock.SHANGHAI)
    days = (last.date() - first.date()) // ONE_DAY
    until = last - days * ONE_DAY
    if until <= first:
        return [(starts_at, ends_at)]
    return [(first + place * ONE_DAY, until + place * ONE_DAY) for place in range(days + 1)]


def _by_day(starts_at: datetime, ends_at: datetime) -> Iterable[tuple[date, int]]:
    begin, end = starts_at.astimezone(clock.SHANGHAI), ends_at.astimezone(clock.SHANGHAI)
    while begin < end:
        midnight = (begin + ONE_DAY).replace(hour=0, minute=0, second=0, microsecond=0)
        until = min(midnight, end)
        yield begin.date(), -(-(until - begin) // MINUTE)
        begin = until


def is_missed_too_much(missed: int, whole: int, rule: Missable) -> bool:
    """Whether more than the allowed share was missed; exactly the share is still allowed. In whatever unit, both the same."""
    return missed * rule.missed_denominator > whole * rule.missed_numerator


def faults_of(sent: Settings) -> list[errors.Fault]:
    """A half day is worth at most a whole one, above zero, a day at most 24; the share missed is at most the whole."""
    half, day = sent.half_day_hundredths, sent.day_hundredths
    checks = [
        (day > DAY_AT_MOST, errors.Fault("/body/day_hours", "too_great", {"limit": 24})),
        (half <= 0, errors.Fault("/body/half_day_hours", "hours.not_positive")),
        (half > day, errors.Fault("/body/half_day_hours", "settings.half_exceeds_day")),
        (sent.missed_numerator > sent.missed_denominator, errors.Fault("/body/missed_share", "settings.share_above_one")),
        (sent.required_hundredths < 0, errors.Fault("/body/required_hours", "too_small", {"limit": 0})),
        (sent.required_hundredths > YEAR_AT_MOST, errors.Fault("/body/required_hours", "too_great", {"limit": 2000})),
    ]
    return [fault for is_wrong, fault in checks if is_wrong]


class Settings(Conversion, Missable, Protocol):
    """All of a version that the rules judge."""

    @property
    def required_hundredths(self) -> int: ...
    @property
    def categories(self) -> Sequence[str]: ...
