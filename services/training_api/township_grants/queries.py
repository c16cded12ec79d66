"""Reads of grants to townships."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, or_, select

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.township_grants.tables import TownshipGrant

NEWEST = pagination.Order((TownshipGrant.created_at, TownshipGrant.id))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of grants: all of the district."""
    return visibility.within(who, district=TownshipGrant.district_id)


def body(who: Principal) -> ColumnElement[Any]:
    """A grant as this caller sees it."""
    return answers.json_object(
        {
            "id": TownshipGrant.id,
            "district_id": TownshipGrant.district_id,
            "department_id": TownshipGrant.department_id,
            "unit_id": TownshipGrant.unit_id,
            "from_on": TownshipGrant.from_on,
            "to_on": TownshipGrant.to_on,
            "document": TownshipGrant.document,
            "allowed_actions": answers.allowed_actions(
                {"change": visibility.under(who, access.GRANTS_WRITE, district=TownshipGrant.district_id)}
            ),
            "version": TownshipGrant.version,
            "created_at": answers.moment(TownshipGrant.created_at),
        }
    )


def in_force(day: Any) -> ColumnElement[bool]:
    """Grants that hold on a day."""
    return and_(TownshipGrant.from_on <= day, or_(TownshipGrant.to_on.is_(None), TownshipGrant.to_on >= day))


GRANTS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "department_id": reads.equals(TownshipGrant.department_id),
        "unit_id": reads.equals(TownshipGrant.unit_id),
        "in_force_on": reads.Filter(Date(), in_force),
    },
)
GRANT = reads.Single(body=body, version=TownshipGrant.version, key=TownshipGrant.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, grant_id: UUID, version: int) -> TownshipGrant:
    """The row, locked; NotFound, Stale."""
    statement = select(TownshipGrant).where(TownshipGrant.id == grant_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def of_pair(session: Session, department_id: UUID, unit_id: UUID, *, but: UUID) -> Sequence[TownshipGrant]:
    """The other grants of a department to a township, locked."""
    pair = (TownshipGrant.department_id == department_id, TownshipGrant.unit_id == unit_id, TownshipGrant.id != but)
    return (await session.execute(select(TownshipGrant).where(*pair).with_for_update())).scalars().all()
