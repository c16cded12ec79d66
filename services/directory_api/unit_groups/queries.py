"""Reads of unit groups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, literal_column, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm.attributes import flag_modified

from services.directory_api.unit_groups.tables import UnitGroup, UnitGroupMember
from services.directory_api.units.tables import Unit
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal

MEMBER = answers.json_object(
    {
        "unit_id": UnitGroupMember.unit_id,
        "code": Unit.code,
        "name": Unit.name,
        "valid_from": UnitGroupMember.valid_from,
        "valid_to": UnitGroupMember.valid_to,
    }
)
EMPTY: ColumnElement[Any] = literal_column("'[]'::json")
MEMBERS = (
    select(func.coalesce(func.json_agg(aggregate_order_by(MEMBER, Unit.code, UnitGroupMember.valid_from)), EMPTY))
    .select_from(UnitGroupMember)
    .join(Unit, Unit.id == UnitGroupMember.unit_id)
    .where(UnitGroupMember.group_id == UnitGroup.id)
    .correlate(UnitGroup)
    .scalar_subquery()
)
BODY = answers.json_object(
    {
        "id": UnitGroup.id,
        "district_id": UnitGroup.district_id,
        "key": UnitGroup.key,
        "name": UnitGroup.name,
        "aliases": UnitGroup.aliases,
        "assumed": UnitGroup.assumed,
        "members": MEMBERS,
        "version": UnitGroup.version,
        "created_at": answers.moment(UnitGroup.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of groups."""
    return visibility.within(who, district=UnitGroup.district_id)


UNIT_GROUPS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"key": pagination.Order((UnitGroup.key, UnitGroup.id), descending=False)},
    filters={"key": reads.equals(UnitGroup.key)},
)
UNIT_GROUP = reads.Single(body=BODY, version=UnitGroup.version, key=UnitGroup.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, group_id: UUID, version: int) -> UnitGroup:
    """The row, locked; NotFound, Stale."""
    found = select(UnitGroup).where(UnitGroup.id == group_id, visible_to(who)).with_for_update()
    group = (await session.execute(found)).scalar_one_or_none()
    if group is None:
        raise errors.NotFound
    preconditions.expect(group.version, version)
    return group


async def is_district(session: Session, district_id: UUID) -> bool:
    """Whether this unit stands at the top."""
    found = select(Unit.id).where(Unit.id == district_id, Unit.parent_id.is_(None))
    return (await session.execute(found)).scalar_one_or_none() is not None


async def missing_units(session: Session, district_id: UUID, unit_ids: Iterable[UUID]) -> set[UUID]:
    """Those of the ids that are no unit of the district."""
    wanted = set(unit_ids)
    found = select(Unit.id).where(Unit.district_id == district_id, Unit.id.in_(wanted))
    return wanted - set((await session.execute(found)).scalars())


async def replace_members(session: Session, group_id: UUID, members: Sequence[UnitGroupMember]) -> None:
    """Puts these memberships in place of all there were."""
    await session.execute(delete(UnitGroupMember).where(UnitGroupMember.group_id == group_id))
    session.add_all(members)
    await session.flush()


def touch(group: UnitGroup) -> None:
    """Gives the row its next version though only its members changed."""
    flag_modified(group, "assumed")
