"""Many of one kind in one request: `POST /v1/<things>/batch`, at most 500 items, each with its own outcome."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Final, TypeVar
from uuid import UUID

from pydantic import Field

from services.kit import audit, db, db_faults, errors, fields, problems, trace
from services.kit.db import Session

MOST = 500

Item = TypeVar("Item")
# What was done for one item: 201 or 200, and the id of its object.
Done = tuple[int, UUID]
# Stands for a good item of an atomic batch that is refused whole; such an answer tells of the refusals alone.
SPARED: Final[Done] = (200, UUID(int=0))


class BatchRefused(errors.BadInput):
    code = "batch.refused"
    zh, en = "批量中有不能办理的项，全部未写入，见 errors 各项。", "Some items cannot be done, so none was written; see errors."


class Outcome(fields.Out):
    """One item of the batch: its place, its HTTP status, the object's id or the problem."""

    index: fields.Whole
    status: fields.Whole
    id: fields.Id | None = None
    problem: dict[str, Any] | None = Field(default=None, description="application/problem+json 的内容。")


class Outcomes(fields.Out):
    """Outcomes in the order of the items; the answer is 200 also when some were refused."""

    items: list[Outcome] = Field(max_length=MOST)


async def run(
    session: Session, items: Sequence[Item], act: Callable[[Item], Awaitable[Done]], *, atomic: bool, language: str
) -> Outcomes:
    """Does each item behind a savepoint of its own. Atomic: one refusal undoes all and raises BatchRefused."""
    return told(session, [await _attempt(session, item, act) for item in items], atomic=atomic, language=language)


def told(session: Session, results: Sequence[Done | errors.DomainError], *, atomic: bool, language: str) -> Outcomes:
    """The outcomes of items done or refused, in their order. Atomic: one refusal raises BatchRefused, which undoes all."""
    refusals = {index: result for index, result in enumerate(results) if isinstance(result, errors.DomainError)}
    if atomic and refusals:
        raise BatchRefused(*(fault for index, refusal in refusals.items() for fault in _located(refusal, index)))
    if len(refusals) == len(results):
        audit.nothing_changed(session)
    return Outcomes(items=[_outcome(index, result, language) for index, result in enumerate(results)])


def _outcome(index: int, result: Done | errors.DomainError, language: str) -> Outcome:
    if isinstance(result, errors.DomainError):
        return Outcome(index=index, status=result.status, problem=_problem(result, index, language))
    return Outcome(index=index, status=result[0], id=result[1])


async def _attempt(session: Session, item: Item, act: Callable[[Item], Awaitable[Done]]) -> Done | errors.DomainError:
    """What an item came to. A refused item leaves neither rows nor audit rows nor messages."""
    told = {name: len(session.info.setdefault(name, [])) for name in db.TOLD}
    try:
        async with session.begin_nested():
            # Set at once: the item may write by the driver alone, which SQLAlchemy would not see.
            await session.connection()
            return await act(item)
    except Exception as error:
        for name, length in told.items():
            del session.info[name][length:]
        known = error if isinstance(error, errors.DomainError) else db_faults.translated(error)
        if known is None or known.status >= 500:
            raise
        return known


def _located(refusal: errors.DomainError, index: int) -> list[errors.Fault]:
    """Faults of an item as faults of the batch."""
    if not refusal.faults:
        return [errors.Fault(f"/body/items/{index}", refusal.code)]
    return [errors.Fault(_pointer(fault, index), fault.code, fault.params) for fault in refusal.faults]


def _pointer(fault: errors.Fault, index: int) -> str:
    return f"/body/items/{index}{fault.pointer.removeprefix('/body')}"


def _problem(refusal: errors.DomainError, index: int, language: str) -> dict[str, Any]:
    refusal.faults = [errors.Fault(_pointer(fault, index), fault.code, fault.params) for fault in refusal.faults]
    return problems.body_of(refusal, language=language, trace_id=trace.current_id(), instance=f"/items/{index}")
