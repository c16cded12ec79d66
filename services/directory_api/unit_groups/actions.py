"""What administrators do with unit groups."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from services.directory_api import access
from services.directory_api.unit_groups import queries, rules
from services.directory_api.unit_groups.schemas import MemberIn, UnitGroupChange, UnitGroupIn
from services.directory_api.unit_groups.tables import UnitGroup, UnitGroupMember
from services.kit import audit, errors, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "unit_group"
_tell: Final = Trail(OBJECT, access.UNITS_READ, unit=None).tell


async def create(session: Session, who: Principal, wanted: UnitGroupIn, now: datetime) -> UnitGroup:
    """Adds a group with its members. Raises BadMembers, BadInput (unknown units), Duplicate (key)."""
    if not await queries.is_district(session, wanted.district_id):
        raise errors.BadInput(errors.Fault("/body/district_id", "not_found"))
    given = wanted.model_dump(exclude={"members"})
    group = UnitGroup(id=ids.new_id(), created_at=now, **given)
    session.add(group)
    await session.flush()
    await _set_members(session, group, wanted.members)
    _tell(session, who, group, "created", {}, wanted.model_dump(mode="json"))
    return group


async def change(session: Session, who: Principal, group_id: UUID, version: int, wanted: UnitGroupChange) -> UnitGroup:
    """Changes names or the whole membership. Raises NotFound, Stale, BadMembers."""
    group = await queries.one_for_update(session, who, group_id, version)
    sent = wanted.model_dump(exclude_unset=True, exclude={"members"})
    before, after = audit.changes({name: getattr(group, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(group, name, value)
    if wanted.members is not None:
        await _set_members(session, group, wanted.members)
        after["members"] = wanted.model_dump(mode="json", include={"members"})["members"]
        # The row itself may be unchanged, yet its members are part of what its version stands for.
        queries.touch(group)
    await session.flush()
    _tell(session, who, group, "changed", before, after)
    return group


async def _set_members(session: Session, group: UnitGroup, members: Sequence[MemberIn]) -> None:
    raise_if(rules.why_not_members(members))
    missing = await queries.missing_units(session, group.district_id, (member.unit_id for member in members))
    faults = [
        errors.Fault(f"/body/members/{place}/unit_id", "not_found")
        for place, member in enumerate(members)
        if member.unit_id in missing
    ]
    if faults:
        raise rules.BadMembers(*faults)
    rows = [UnitGroupMember(group_id=group.id, **member.model_dump()) for member in members]
    await queries.replace_members(session, group.id, rows)
