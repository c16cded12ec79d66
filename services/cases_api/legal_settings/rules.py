"""Rules of settings: what may be set, in which unit, and which setting is in force for a case on a day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors
from services.kit.errors import Fault


class Topic(StrEnum):
    """What can be set (立案期限 办案期限 延长 听证标准 公示期限 撤回期限 加处罚款比例 归档期限 保管期限 基准报备期限)."""

    FILING = "filing"
    FILING_EXTENSION = "filing_extension"
    DECISION = "decision"
    DECISION_EXTENSION = "decision_extension"
    HEARING_FINE = "hearing_fine"
    HEARING_CONFISCATION = "hearing_confiscation"
    PUBLICITY = "publicity"
    PUBLICITY_WITHDRAWAL = "publicity_withdrawal"
    LATE_FEE = "late_fee"
    ARCHIVING = "archiving"
    RETENTION = "retention"
    BENCHMARK_FILING = "benchmark_filing"


class Measure(StrEnum):
    """In what a value counts. A permanent period has no value of its own and is written 0."""

    WORKING_DAYS = "working_days"
    CALENDAR_DAYS = "calendar_days"
    FEN = "fen"
    # Hundredths of a percent a day: 300 is 3 %.
    BASIS_POINTS = "basis_points"
    YEARS = "years"
    PERMANENT = "permanent"


DAYS: Final = frozenset({Measure.WORKING_DAYS, Measure.CALENDAR_DAYS})
MONEY: Final = frozenset({Measure.FEN})
MEASURES: Final = {
    Topic.FILING: DAYS,
    Topic.FILING_EXTENSION: DAYS,
    Topic.DECISION: DAYS,
    Topic.DECISION_EXTENSION: DAYS,
    Topic.HEARING_FINE: MONEY,
    Topic.HEARING_CONFISCATION: MONEY,
    Topic.PUBLICITY: DAYS,
    Topic.PUBLICITY_WITHDRAWAL: DAYS,
    Topic.LATE_FEE: frozenset({Measure.BASIS_POINTS}),
    Topic.ARCHIVING: DAYS,
    Topic.RETENTION: frozenset({Measure.YEARS, Measure.PERMANENT}),
    Topic.BENCHMARK_FILING: frozenset({Measure.CALENDAR_DAYS}),
}


class Delivered(errors.Conflict):
    code = "legal_setting.delivered"
    zh, en = (
        "随系统提供的参数不能修改，请为本区另立一条。",
        "A setting delivered with the system is not changed; lay down one of your district's own.",
    )


@dataclass(frozen=True, slots=True)
class Setting:
    """A value in force from a day, to another day if one is given, for what its scope names; None holds for all."""

    topic: str
    value: int
    measure: str
    valid_from: date
    valid_to: date | None = None
    own: bool = False
    sector: str | None = None
    case_kind: str | None = None
    procedure: str | None = None
    party_kind: str | None = None
    result: str | None = None
    source: str = ""
    assumed: bool = False

    @property
    def rank(self) -> tuple[bool, bool, bool, bool, bool, bool, date]:
        """The greater goes first: by sector, then a district's own, by result, procedure, kind, party, then the younger one."""
        return (
            self.sector is not None,
            self.own,
            self.result is not None,
            self.procedure is not None,
            self.case_kind is not None,
            self.party_kind is not None,
            self.valid_from,
        )

    def is_in_force(self, on: date) -> bool:
        """Whether it holds on this day; its last day counts."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


class Scope(Protocol):
    """What of a case decides which setting holds for it."""

    @property
    def sector(self) -> str | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def procedure(self) -> str: ...
    @property
    def party_kind(self) -> str: ...


Key = tuple[str, str | None, str, str, str, str | None]


class Settings:
    """The settings that hold in a district, found by topic, case and day."""

    def __init__(self, settings: Iterable[Setting]) -> None:
        self._all = sorted(settings, key=lambda setting: setting.rank, reverse=True)
        self._found: dict[Key, tuple[Setting, ...]] = {}

    def of(self, topic: Topic, case: Scope, on: date, result: str | None = None) -> Setting | None:
        """The most special setting in force on the day; None when nothing is laid down."""
        key = (topic, case.sector, case.kind, case.procedure, case.party_kind, result)
        if (fitting := self._found.get(key)) is None:
            fitting = self._found[key] = tuple(self._fitting(key))
        for setting in fitting:
            if setting.is_in_force(on):
                return setting
        return None

    def _fitting(self, key: Key) -> Iterator[Setting]:
        topic, *wanted = key
        for setting in self._all:
            scope = (setting.sector, setting.case_kind, setting.procedure, setting.party_kind, setting.result)
            if setting.topic == topic and all(mine in (None, theirs) for mine, theirs in zip(scope, wanted, strict=True)):
                yield setting


class Wanted(Protocol):
    """A setting as it comes in."""

    @property
    def topic(self) -> Topic: ...
    @property
    def value(self) -> int: ...
    @property
    def measure(self) -> Measure: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...


def faults(wanted: Wanted) -> Iterator[Fault]:
    """The measure fits the topic, the period does not end before it begins, only what is permanent is 0."""
    if wanted.measure not in MEASURES[wanted.topic]:
        yield Fault("/body/measure", "not_allowed")
    if wanted.valid_to is not None and wanted.valid_to < wanted.valid_from:
        yield Fault("/body/valid_to", "period.ends_before_start")
    if (wanted.value == 0) != (wanted.measure is Measure.PERMANENT):
        yield Fault("/body/value", "not_allowed")
