"""Reads of case numbers, and the counters they come from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select, update
from sqlalchemy.dialects.postgresql import insert

from services.cases_api.case_numbers.rules import Counter
from services.cases_api.case_numbers.schemas import CaseNumberFilter
from services.cases_api.case_numbers.tables import CaseNumber, NumberCounter
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": CaseNumber.id,
        "district_id": CaseNumber.district_id,
        "unit_id": CaseNumber.unit_id,
        "kind": CaseNumber.kind,
        "year": CaseNumber.year,
        "sequence": CaseNumber.sequence,
        "number": CaseNumber.number,
        "state": CaseNumber.state,
        "void_reason": CaseNumber.void_reason,
        "created_at": answers.moment(CaseNumber.created_at),
        "version": CaseNumber.version,
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of numbers."""
    return visibility.within(who, district=CaseNumber.district_id, unit=CaseNumber.unit_id)


async def page(read: Reader, who: Principal, wanted: CaseNumberFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of numbers by the time they were given."""
    named = wanted.model_dump(include={"unit_id", "kind", "year", "state", "number"}, exclude_none=True)
    filters = [getattr(CaseNumber, name) == value for name, value in named.items()]
    order = pagination.Order((CaseNumber.created_at, CaseNumber.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(BODY).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, number_id: UUID) -> answers.One:
    """One number; NotFound also when the caller may not see it."""
    return await answers.read_one(connection, select(BODY, CaseNumber.version).where(CaseNumber.id == number_id, visible_to(who)))


async def bodies(session: Session, who: Principal, number_ids: Collection[UUID]) -> Sequence[str]:
    """The JSON of these numbers, in their sequence."""
    statement = select(cast(BODY, Text)).where(CaseNumber.id.in_(number_ids), visible_to(who)).order_by(CaseNumber.sequence)
    return (await session.execute(statement)).scalars().all()


async def one_for_update(session: Session, who: Principal, number_id: UUID, version: int) -> CaseNumber:
    """The row, locked; NotFound, Stale."""
    statement = select(CaseNumber).where(CaseNumber.id == number_id, visible_to(who)).with_for_update()
    number = (await session.execute(statement)).scalar_one_or_none()
    if number is None:
        raise errors.NotFound
    preconditions.expect(number.version, version)
    return number


async def locked(session: Session, number_ids: Collection[UUID]) -> dict[UUID, CaseNumber]:
    """These numbers' rows, locked in the order of their ids; what is absent is left out."""
    if not number_ids:
        return {}
    statement = select(CaseNumber).where(CaseNumber.id.in_(number_ids)).order_by(CaseNumber.id).with_for_update()
    return {number.id: number for number in (await session.execute(statement)).scalars()}


async def advance(session: Session, unit_id: UUID, kind: str, year: int, count: int) -> Counter:
    """Moves the counter of a series on by so many and answers where it stood, and what is taken ahead of it.

    The counter's row stays locked until the transaction ends and goes back with it, so a refused request leaves no gap.
    """
    start = insert(NumberCounter).values(unit_id=unit_id, kind=kind, year=year, last=count, ahead=[])
    moved = start.on_conflict_do_update(
        index_elements=[NumberCounter.unit_id, NumberCounter.kind, NumberCounter.year],
        set_={"last": NumberCounter.last + count},
    ).returning(NumberCounter.last, NumberCounter.ahead)
    last, ahead = (await session.execute(moved)).one()
    return Counter(last - count, frozenset(ahead))


async def put(session: Session, unit_id: UUID, kind: str, year: int, counter: Counter) -> None:
    """Sets a counter whose row is locked already."""
    series = (NumberCounter.unit_id == unit_id, NumberCounter.kind == kind, NumberCounter.year == year)
    await session.execute(update(NumberCounter).where(*series).values(last=counter.last, ahead=sorted(counter.ahead)))
