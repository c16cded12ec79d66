"""What entries of officers need to know, read for a whole batch at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_

from services.kit import references
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api.officers import queries as officers
from services.training_api.officers import rules
from services.training_api.officers.tables import Officer

ExternalKey = tuple[UUID, str, str]
# Identity numbers of people in service, by district and blind index.
Holders = dict[tuple[UUID, bytes], UUID]


@dataclass(frozen=True, slots=True)
class Known:
    """Officers known by external id (locked, so far as the caller sees them), their service, and who has which number now."""

    officers: Mapping[ExternalKey, Officer]
    unseen: frozenset[ExternalKey]
    timelines: Mapping[UUID, rules.Timeline]
    holders: Holders


async def known(
    session: Session,
    who: Principal,
    units: Mapping[UUID, references.Unit],
    keys: Collection[ExternalKey],
    indexes: Collection[bytes],
) -> Known:
    """Who is known already, in a handful of statements, however long the batch."""
    districts = sorted({unit.district_id for unit in units.values()})
    for district in districts:
        await officers.take_turn(session, district)
    found = await _by_external_id(session, who, keys) if keys else []
    seen = {_key(officer): officer for officer, visible in found if visible}
    timelines = await officers.timelines(session, [officer.id for officer in seen.values()]) if seen else {}
    unseen = frozenset(_key(officer) for officer, visible in found if not visible)
    return Known(seen, unseen, timelines, await _holders(session, districts, indexes))


def _key(officer: Officer) -> ExternalKey:
    return (officer.district_id, officer.external_system or "", officer.external_id or "")


async def _by_external_id(session: Session, who: Principal, keys: Collection[ExternalKey]) -> Sequence[tuple[Officer, bool]]:
    columns = (Officer.district_id, Officer.external_system, Officer.external_id)
    statement = select(Officer, officers.visible_to(who)).where(tuple_(*columns).in_(keys)).order_by(Officer.id)
    return [(row[0], row[1]) for row in (await session.execute(statement.with_for_update(key_share=True, of=Officer))).all()]


async def _holders(session: Session, districts: Sequence[UUID], indexes: Collection[bytes]) -> Holders:
    if not indexes:
        return {}
    statement = select(Officer.district_id, Officer.id_index, Officer.id).where(
        Officer.district_id.in_(districts), Officer.id_index.in_(indexes), Officer.left_on.is_(None)
    )
    return {(row[0], bytes(row[1])): row[2] for row in (await session.execute(statement)).all()}
