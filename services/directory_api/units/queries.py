"""Reads of units: one statement each, JSON made by the database."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.directory_api.units.tables import Unit
from services.kit import answers, errors, hot_inserts, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": Unit.id,
        "district_id": Unit.district_id,
        "parent_id": Unit.parent_id,
        "code": Unit.code,
        "name": Unit.name,
        "short_name": Unit.short_name,
        "kind": Unit.kind,
        "enforcement": Unit.enforcement,
        "granting": Unit.granting,
        "vertical": Unit.vertical,
        "assumed": Unit.assumed,
        "valid_from": Unit.valid_from,
        "valid_to": Unit.valid_to,
        "version": Unit.version,
        "created_at": answers.moment(Unit.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of units."""
    return visibility.within(who, district=Unit.district_id, unit=Unit.id)


UNITS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"code": pagination.Order((Unit.code, Unit.id), descending=False), "-code": pagination.Order((Unit.code, Unit.id))},
    filters={
        "code": reads.equals(Unit.code),
        "kind": reads.equals(Unit.kind),
        "parent_id": reads.equals(Unit.parent_id),
        "enforcement": reads.equals(Unit.enforcement),
        "granting": reads.equals(Unit.granting),
    },
)
UNIT = reads.Single(body=BODY, version=Unit.version, key=Unit.id, visible_to=visible_to)
NEW_UNIT = hot_inserts.HotInsert(Unit, UNIT)


async def one_for_update(session: Session, who: Principal, unit_id: UUID, version: int) -> Unit:
    """The row, locked; NotFound, Stale."""
    statement = select(Unit).where(Unit.id == unit_id, visible_to(who)).with_for_update()
    unit = (await session.execute(statement)).scalar_one_or_none()
    if unit is None:
        raise errors.NotFound
    preconditions.expect(unit.version, version)
    return unit


async def path_of(session: Session, who: Principal, parent_id: UUID | None) -> Sequence[UUID]:
    """Path of the parent the caller may see; empty for a district."""
    if parent_id is None:
        return ()
    path = (await session.execute(select(Unit.path).where(Unit.id == parent_id, visible_to(who)))).scalar_one_or_none()
    if path is None:
        raise errors.BadInput(errors.Fault("/body/parent_id", "not_found"))
    return path
