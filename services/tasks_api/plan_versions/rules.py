"""Rules of changing a plan under way. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, NamedTuple, Protocol
from uuid import UUID

from services.kit import errors
from services.tasks_api.activations.rules import Duty, Occurrence
from services.tasks_api.assignments.rules import RUNNING, UNFINISHED, State

# What of a task may differ from version to version; kind and number say which task it is.
FIELDS: Final = (
    "label", "chapter_number", "chapter_title", "title", "summary", "leads", "responsibles", "deadlines", "quantities",
    "time_words",
)  # fmt: skip
Key = tuple[str, int]
Facts = Mapping[str, Any]


class NothingChanged(errors.Conflict):
    code = "plan_version.nothing_changed"
    zh, en = "与现行方案相比没有变化。", "Nothing differs from the plan as it stands."


class NoVersion(errors.NotFound):
    code = "plan_version.unknown"
    zh, en = "该方案没有这一版本。", "The plan has no such version."


class Difference(NamedTuple):
    """What became of one task: added, ended, or changed in these fields (name, before, after)."""

    key: Key
    change: str
    title: str
    fields: Sequence[tuple[str, Any, Any]] = ()


def by_key(tasks: Iterable[Facts]) -> dict[Key, Facts]:
    """Tasks by kind and number."""
    return {(task["kind"], task["number"]): task for task in tasks}


def compare(before: Iterable[Facts], after: Iterable[Facts]) -> list[Difference]:
    """What differs between two versions, tasks before requirements, by number."""
    old, new = by_key(before), by_key(after)
    found: list[Difference] = []
    for key in sorted(old.keys() | new.keys(), key=lambda each: (each[0] != "task", each[1])):
        if key not in old:
            found.append(Difference(key, "added", new[key]["title"]))
        elif key not in new:
            found.append(Difference(key, "ended", old[key]["title"]))
        elif fields := list(differing(old[key], new[key], FIELDS)):
            found.append(Difference(key, "changed", new[key]["title"], fields))
    return found


def differing(before: Facts, after: Facts, names: Iterable[str]) -> Iterator[tuple[str, Any, Any]]:
    """Fields that say something else than before; a list without entries says as little as none."""
    for name in names:
        old, new = plain(before.get(name)), plain(after.get(name))
        if old != new:
            yield name, old, new


def plain(value: Any) -> Any:
    """A value without what only reading adds (the name of a unit), without nulls, and with no list for an empty one."""
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items() if each is not None and name != "name"}
    if isinstance(value, list | tuple):
        return [plain(each) for each in value] or None
    return value


class OwedFacts(Protocol):
    """What is asked of an assignment; the row fits as it is."""

    @property
    def role(self) -> str: ...
    @property
    def year(self) -> int | None: ...
    @property
    def original_due_on(self) -> date | None: ...
    @property
    def is_replanned(self) -> bool: ...
    @property
    def replanned_due_on(self) -> date | None: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def state(self) -> str: ...


class Issued(NamedTuple):
    """An assignment, and the unit it was issued to: a hand-over has not changed whose duty it is."""

    row: Any
    issued_to: UUID


@dataclass(frozen=True, slots=True)
class Settlement:
    """What a change of a task does: duties to issue, assignments that end, and those whose date moves, with the plan's date."""

    issue: list[Duty] = field(default_factory=list)
    end: list[Any] = field(default_factory=list)
    move: list[tuple[Any, date | None]] = field(default_factory=list)


def planned_due(row: OwedFacts) -> date | None:
    """The date the plan asked for last, whatever was extended or paused since."""
    return row.replanned_due_on if row.is_replanned else row.original_due_on


def settle(existing: Iterable[Issued], wanted: Iterable[Duty], today: date) -> Settlement:
    """What becomes of the assignments of one task when the plan asks for these duties.

    Each goes on with the occurrence of its year, or with the nearest date; work that is handed in or approved stays as it is,
    and so does whatever was due before today. Of duties nobody has those are issued that are not past.
    """
    rows, duties = defaultdict[tuple[UUID, str], list[Any]](list), defaultdict[tuple[UUID, str], list[Duty]](list)
    for each in existing:
        rows[each.issued_to, each.row.role].append(each.row)
    for duty in wanted:
        duties[duty.unit_id, duty.role].append(duty)
    found = Settlement()
    for key in rows.keys() | duties.keys():
        _settle_unit(found, rows[key], duties[key], today)
    return found


def _settle_unit(found: Settlement, rows: list[Any], duties: list[Duty], today: date) -> None:
    pairs = list(_paired(rows, duties))
    for row, duty in pairs:
        planned = duty.occurrence.due_on
        is_open = row.state in (*RUNNING, State.SUSPENDED)
        if is_open and planned != planned_due(row) and (planned is None or planned >= today):
            found.move.append((row, planned))
    kept = {id(row) for row, _ in pairs}
    found.end.extend(row for row in rows if id(row) not in kept and row.state in UNFINISHED)
    served = {id(duty) for _, duty in pairs}
    left = (duty for duty in duties if id(duty) not in served)
    found.issue.extend(duty for duty in left if duty.occurrence.due_on is None or duty.occurrence.due_on >= today)


def _paired(rows: Sequence[Any], duties: Sequence[Duty]) -> Iterator[tuple[Any, Duty]]:
    """Rows and duties that mean the same: first those with the same date, then the same year, then one date for another."""
    left, open_duties = sorted(rows, key=lambda row: row.state == State.VOID), list(duties)
    for same in (_is_same, _is_same_year, _is_once):
        for duty in sorted(open_duties, key=lambda each: each.occurrence.due_on or date.max):
            row = next((each for each in left if same(each, duty.occurrence)), None)
            if row is not None:
                yield row, duty
                left = [each for each in left if each is not row]
                open_duties = [each for each in open_duties if each is not duty]


def _is_same(row: OwedFacts, occurrence: Occurrence) -> bool:
    return row.year == occurrence.year and planned_due(row) == occurrence.due_on


def _is_same_year(row: OwedFacts, occurrence: Occurrence) -> bool:
    return row.state != State.VOID and row.year is not None and row.year == occurrence.year


def _is_once(row: OwedFacts, occurrence: Occurrence) -> bool:
    return row.state != State.VOID and row.year is None and occurrence.year is None


def past_days(before: Facts | None, after: Facts, today: date, pointer: str) -> list[errors.Fault]:
    """New fixed dates of a task that lie before today: nobody can be asked for yesterday."""
    known = {deadline.get("due_on") for deadline in (before or {}).get("deadlines") or ()}
    return [
        errors.Fault(f"{pointer}/deadlines/{place}/due_on", "too_small", {"limit": str(today)})
        for place, deadline in enumerate(after.get("deadlines") or ())
        if deadline.get("due_on") not in known and deadline.get("due_on") is not None and deadline["due_on"] < str(today)
    ]
