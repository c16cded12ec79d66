"""What is done with awards: recorded, corrected, voided."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.kit import audit, clock, errors, evidence, ids, references, rights
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.awards import queries, rules
from services.training_api.awards.rules import State, Verb
from services.training_api.awards.schemas import AwardChange, AwardIn
from services.training_api.awards.tables import Award
from services.training_api.officers import queries as officers
from services.training_api.officers.schemas import PLATFORM

OBJECT = "award"
_tell: Final = Trail(OBJECT, access.AWARDS_READ).tell


async def create(session: Session, who: Principal, wanted: AwardIn, now: datetime) -> Award:
    """Records an award. Raises BadInput (officer, unit, day, files), SameExternalId."""
    _demand_past(wanted.awarded_on, now)
    district_id, unit_id = await _place(session, who, wanted)
    facts = wanted.model_dump(exclude={"unit_id", "kind", "level", "attachment_ids", "external_system"})
    award = Award(
        id=ids.new_id(),
        district_id=district_id,
        unit_id=unit_id,
        kind=wanted.kind.value,
        level=wanted.level.value,
        attachment_ids=list(wanted.attachment_ids),
        state=State.RECORDED.value,
        external_system=(wanted.external_system or PLATFORM) if wanted.external_id is not None else None,
        created_by=who.account_id,
        created_at=now,
        **facts,
    )
    await _demand_free_external_id(session, award)
    session.add(award)
    await session.flush()
    await evidence.attach(session, who, wanted.attachment_ids, OBJECT, award.id, access.AWARDS_READ, district_id, unit_id)
    _tell(session, who, award, "recorded", {}, wanted.model_dump(mode="json", exclude_none=True))
    return award


async def change(session: Session, who: Principal, award_id: UUID, version: int, wanted: AwardChange, now: datetime) -> None:
    """Corrects an award. Raises NotFound, Stale, IllegalMove, BadInput."""
    award = await queries.one_for_update(session, who, award_id, version)
    raise_if(rules.why_not(Verb.CHANGE, award))
    if wanted.awarded_on is not None:
        _demand_past(wanted.awarded_on, now)
    sent = wanted.model_dump(exclude_none=True, exclude={"attachment_ids"})
    if wanted.attachment_ids:
        place = (award.id, access.AWARDS_READ, award.district_id, award.unit_id)
        await evidence.attach(session, who, wanted.attachment_ids, OBJECT, *place)
        sent["attachment_ids"] = [*award.attachment_ids, *wanted.attachment_ids]
    before, after = audit.changes({name: getattr(award, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(award, name, value)
    await session.flush()
    _tell(session, who, award, "changed", before, after)


async def void(session: Session, who: Principal, award_id: UUID, version: int, reason: str) -> None:
    """Voids an award entered by mistake; it is kept as that. Raises NotFound, Stale, IllegalMove."""
    award = await queries.one_for_update(session, who, award_id, version)
    raise_if(rules.why_not(Verb.VOID, award))
    award.state, award.void_reason = State.VOID.value, reason
    await session.flush()
    _tell(session, who, award, "voided", {"state": State.RECORDED}, {"state": award.state}, reason)


async def _demand_free_external_id(session: Session, award: Award) -> None:
    system, external_id = award.external_system, award.external_id
    if system and external_id and await queries.has_external_id(session, award.district_id, system, external_id):
        raise rules.SameExternalId


async def _place(session: Session, who: Principal, wanted: AwardIn) -> tuple[UUID, UUID]:
    """District and unit of an award: the officer's now, or the unit honoured."""
    if wanted.officer_id is not None:
        officer = await officers.lock(session, who, wanted.officer_id)
        return officer.district_id, officer.unit_id
    assert wanted.unit_id is not None
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(Fault("/body/unit_id", "not_found"))
    return unit.district_id, unit.id


def _demand_past(day: date, now: datetime) -> None:
    if day > clock.local_day(now):
        raise errors.BadInput(Fault("/body/awarded_on", "in_future"))
