"""Reads of document numbers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select

from services.cases_api.document_numbers.schemas import DocumentNumberFilter
from services.cases_api.document_numbers.tables import DocumentNumber
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": DocumentNumber.id,
        "district_id": DocumentNumber.district_id,
        "unit_id": DocumentNumber.unit_id,
        "type": DocumentNumber.type,
        "year": DocumentNumber.year,
        "sequence": DocumentNumber.sequence,
        "number": DocumentNumber.number,
        "state": DocumentNumber.state,
        "case_file_id": DocumentNumber.case_file_id,
        "void_reason": DocumentNumber.void_reason,
        "created_at": answers.moment(DocumentNumber.created_at),
        "version": DocumentNumber.version,
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of numbers."""
    return visibility.within(who, district=DocumentNumber.district_id, unit=DocumentNumber.unit_id)


async def page(read: Reader, who: Principal, wanted: DocumentNumberFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of numbers by the time they were given."""
    named = wanted.model_dump(include={"unit_id", "type", "year", "state", "number", "case_file_id"}, exclude_none=True)
    filters = [getattr(DocumentNumber, name) == value for name, value in named.items()]
    order = pagination.Order((DocumentNumber.created_at, DocumentNumber.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(BODY).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, number_id: UUID) -> answers.One:
    """One number; NotFound also when the caller may not see it."""
    return await answers.read_one(
        connection, select(BODY, DocumentNumber.version).where(DocumentNumber.id == number_id, visible_to(who))
    )


async def bodies(session: Session, who: Principal, number_ids: Collection[UUID]) -> Sequence[str]:
    """The JSON of these numbers, in their sequence."""
    statement = (
        select(cast(BODY, Text)).where(DocumentNumber.id.in_(number_ids), visible_to(who)).order_by(DocumentNumber.sequence)
    )
    return (await session.execute(statement)).scalars().all()


async def one_for_update(session: Session, who: Principal, number_id: UUID, version: int) -> DocumentNumber:
    """The row, locked; NotFound, Stale."""
    statement = select(DocumentNumber).where(DocumentNumber.id == number_id, visible_to(who)).with_for_update()
    number = (await session.execute(statement)).scalar_one_or_none()
    if number is None:
        raise errors.NotFound
    preconditions.expect(number.version, version)
    return number


async def locked(session: Session, number_id: UUID) -> DocumentNumber | None:
    """The row of a number, locked; None when there is none."""
    return (
        await session.execute(select(DocumentNumber).where(DocumentNumber.id == number_id).with_for_update())
    ).scalar_one_or_none()
