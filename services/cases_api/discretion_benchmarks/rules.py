"""Rules of discretion benchmarks. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors

ONE_DAY: Final = timedelta(days=1)


class State(StrEnum):
    """Being written; made public and in force on its days; overtaken by a newer version; repealed; given up unpublished."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"
    REPEALED = "repealed"
    DROPPED = "dropped"


class Trigger(StrEnum):
    """Why a version was made: first making, a change of law, or of circumstances (plan task 7)."""

    FIRST = "first"
    LAW_CHANGED = "law_changed"
    CIRCUMSTANCES = "circumstances"
    REVIEW = "review"


class Opinion(StrEnum):
    """What the bureau says of a version filed."""

    NOTED = "noted"
    AMEND = "amend"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "change": {State.DRAFT: State.DRAFT},
    "publish": {State.DRAFT: State.PUBLISHED},
    "drop": {State.DRAFT: State.DROPPED},
    "repeal": {State.PUBLISHED: State.REPEALED},
}
# What was made public was made: it stays owed to the bureau, also when it is no longer in force.
FILABLE: Final = frozenset({State.PUBLISHED, State.SUPERSEDED, State.REPEALED})


class IllegalMove(errors.Conflict):
    code = "benchmark.illegal_move"
    zh, en = "该基准当前状态不允许此操作。", "The benchmark's state does not allow this."


class NoBands(errors.Conflict):
    code = "benchmark.no_bands"
    zh, en = "基准没有任何裁量档次，不能公布。", "A benchmark without bands cannot be made public."


class Overlapping(errors.Conflict):
    code = "benchmark.overlapping"
    zh, en = (
        "同一事项在此期间已有施行的基准；请写明替代哪一版。",
        "The item has a benchmark in force on these days already; name the version to be replaced.",
    )


class NotNewer(errors.Conflict):
    code = "benchmark.not_newer"
    zh, en = "新版的施行日期须晚于被替代版本。", "A new version begins later than the one it replaces."


class AlreadyFiled(errors.Conflict):
    code = "benchmark.already_filed"
    zh, en = "该版本已报备。", "This version was filed already."


class NotFiled(errors.Conflict):
    code = "benchmark.not_filed"
    zh, en = "该版本尚未报备，或已办结。", "This version was not filed, or the filing is answered already."


class Band(Protocol):
    """A band as sent or stored; fines in fen."""

    @property
    def key(self) -> str: ...
    @property
    def low_fen(self) -> int | None: ...
    @property
    def high_fen(self) -> int | None: ...


class Version(Protocol):
    """What a rule may know of a version."""

    @property
    def state(self) -> str: ...
    @property
    def in_force_from(self) -> date: ...
    @property
    def filed_on(self) -> date | None: ...
    @property
    def received_on(self) -> date | None: ...


def why_not(verb: str, version: Version) -> errors.DomainError | None:
    """The version's state must allow the verb."""
    return None if State(version.state) in MOVES[verb] else IllegalMove()


def why_not_publish(version: Version, bands: int, replaced: Version | None, others: int) -> errors.DomainError | None:
    """With bands, and beside no other version of the same item; the one it replaces began earlier and is in force."""
    if (refusal := why_not("publish", version)) is not None:
        return refusal
    if bands == 0:
        return NoBands()
    if replaced is not None and State(replaced.state) is not State.PUBLISHED:
        return IllegalMove()
    if replaced is not None and replaced.in_force_from >= version.in_force_from:
        return NotNewer()
    return Overlapping() if others else None


def why_not_file(version: Version) -> errors.DomainError | None:
    """Sent to the bureau once, when it is public."""
    if State(version.state) not in FILABLE:
        return IllegalMove()
    return AlreadyFiled() if version.filed_on is not None else None


def why_not_receive(version: Version) -> errors.DomainError | None:
    """Answered once, when it was sent."""
    return NotFiled() if version.filed_on is None or version.received_on is not None else None


def faults_of_bands(bands: Sequence[Band], *, zero_range: bool) -> list[errors.Fault]:
    """Keys differ; the lower end is not above the upper; with 零幅度 both ends are one value (plan task 7)."""
    found: list[errors.Fault] = []
    seen: set[str] = set()
    for place, band in enumerate(bands):
        at = f"/body/bands/{place}"
        if band.key in seen:
            found.append(errors.Fault(f"{at}/key", "repeated"))
        seen.add(band.key)
        if band.low_fen is not None and band.high_fen is not None and band.low_fen > band.high_fen:
            found.append(errors.Fault(f"{at}/high_fen", "too_small", {"limit": band.low_fen}))
        elif zero_range and band.low_fen != band.high_fen:
            found.append(errors.Fault(f"{at}/high_fen", "benchmark.zero_range"))
    return found


def faults_of_days(in_force_from: date, in_force_to: date | None) -> list[errors.Fault]:
    """The last day is not before the first."""
    ends_early = in_force_to is not None and in_force_to < in_force_from
    return [errors.Fault("/body/in_force_to", "record.out_of_order")] if ends_early else []


def faults_of_event(name: str, day: date, after: date | None, today: date) -> list[errors.Fault]:
    """What happened did not happen in the future, nor before what it follows."""
    if day > today:
        return [errors.Fault(f"/body/{name}", "day.in_the_future")]
    return [errors.Fault(f"/body/{name}", "record.out_of_order")] if after is not None and day < after else []
