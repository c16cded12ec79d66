"""Rules of the scoreboard. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from services.kit import errors

# Tasks of the plan whose progress the neighbours measure: no unit types these numbers (plan tasks 2 and 16).
TRAINING_TASK: Final = 2
REVIEW_TASK: Final = 16


class Source(StrEnum):
    """What a board is made of: as things stood at a past moment, or as they stand now, with obligations as measured at once or,
    where nothing has happened since, as recorded."""

    THEN = "then"
    RECORDED = "recorded"
    MEASURED = "measured"


def why_not_as_of(as_of: datetime | None, now: datetime) -> errors.DomainError | None:
    """The past can be asked for, not the future."""
    if as_of is not None and as_of > now:
        return errors.BadInput(errors.Fault("/query/as_of", "in_the_future"))
    return None


Board = Mapping[str, Any]


def why_not_span(start: datetime, end: datetime | None, now: datetime) -> errors.DomainError | None:
    """From one moment to a later one, both past."""
    faults = [errors.Fault("/query/to", "in_the_future")] if end is not None and end > now else []
    if start >= (end or now):
        faults.append(errors.Fault("/query/to", "day.not_later", {"limit": start.isoformat()}))
    return errors.BadInput(*faults) if faults else None


def differences(before: Board, after: Board) -> dict[str, Any]:
    """What stands otherwise on the later board: assignments by id, and obligations where both boards tell those of one year."""
    one_year = before.get("measured_year") == after.get("measured_year")
    return {
        "counts_before": before["counts"],
        "counts_after": after["counts"],
        "assignments": list(_moved(_assignments(before), _assignments(after))),
        "obligations": list(_moved(_obligations(before), _obligations(after))) if one_year else [],
        "measured_year": after.get("measured_year") if one_year else None,
    }


def _moved(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> Iterator[dict[str, Any]]:
    """In the order of the later board, what is gone from it last."""
    for key in dict.fromkeys((*after, *before)):
        (of, then), (of_now, now) = before.get(key, ({}, None)), after.get(key, ({}, None))
        if then != now:
            yield {**(of_now or of), "before": then, "after": now}


def _assignments(board: Board) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """By id: which task it is of, and how it stands."""
    return {
        cell["id"]: (
            {"assignment_id": cell["id"], **_task(task)},
            {"unit_id": unit["unit_id"], "short_name": unit["short_name"]} | {name: cell[name] for name in cell if name != "id"},
        )
        for task in board["tasks"]
        for unit in task["units"]
        for cell in unit["assignments"]
    }


def _obligations(board: Board) -> dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any]]]:
    return {
        (owed["id"], owed["unit_id"]): (
            {"id": owed["id"], "unit_id": owed["unit_id"]},
            {name: owed[name] for name in ("value", "threshold", "status", "due_on")},
        )
        for task in board["tasks"]
        for owed in task["obligations"]
    }


def _task(task: Mapping[str, Any]) -> dict[str, Any]:
    return {name: task[name] for name in ("task_id", "kind", "number", "title")}
