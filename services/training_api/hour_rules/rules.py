"""Rules about the dated settings of the ledger. Pure; hours are whole hundredths."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.kit import errors
from services.training_api.hour_entries.rules import Source


class NoRule(errors.Conflict):
    code = "hour_rule.none"
    zh, en = "当日没有适用的学时规则。", "No settings of the ledger are in force on that day."


@dataclass(frozen=True, slots=True)
class HourRule:
    """What holds in a district from a day on, until the next row. Null caps: as many hours as there are."""

    id: UUID
    is_own: bool
    valid_from: date
    recorded_at: datetime
    pending_sources: frozenset[Source]
    members_wait: bool
    caps: Mapping[Source, int]
    teaching_times: int | None
    carry_over: int

    def is_pending(self, source: Source, *, by_member: bool) -> bool:
        """Whether hours wait for the unit's leader: those of some sources, and where so set all that staff enters."""
        return source in self.pending_sources or (self.members_wait and by_member)

    def most_of_class(self, source: Source, hundredths: int) -> int | None:
        """Hundredths somebody may have of a class worth so many; None where teaching is not bounded by its class."""
        if source is not Source.TEACHING:
            return hundredths
        return None if self.teaching_times is None else hundredths * self.teaching_times


@dataclass(frozen=True, slots=True)
class Settings:
    """All rows that may hold in a district."""

    rows: Sequence[HourRule]

    def on(self, day: date) -> HourRule:
        """The row that holds on a day: latest first day, the district's own, latest recorded. Raises NoRule."""
        begun = [row for row in self.rows if row.valid_from <= day]
        if not begun:
            raise NoRule
        return max(begun, key=lambda row: (row.valid_from, row.is_own, row.recorded_at, row.id))

    def has_caps(self, days: Iterable[date]) -> bool:
        """Whether a source is capped on one of the days."""
        return any(self.on(day).caps for day in days)
