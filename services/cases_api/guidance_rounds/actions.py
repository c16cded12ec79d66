"""How rounds of guidance are made and voided."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.draws.rules import faults_of_quota
from services.cases_api.guidance_rounds import queries, rules
from services.cases_api.guidance_rounds.rules import State
from services.cases_api.guidance_rounds.schemas import GuidanceRoundIn
from services.cases_api.guidance_rounds.tables import GuidanceRound
from services.cases_api.guidance_settings import queries as settings
from services.kit import audit, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "guidance_round"
_tell: Final = Trail(OBJECT, access.GUIDANCE_ROUNDS_READ).tell


async def create(session: Session, who: Principal, wanted: GuidanceRoundIn, now: datetime) -> GuidanceRound:
    """A new round. Raises BadInput (unit, a unit that granted nothing, a share below the one set), OpenAlready."""
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    set_for = await settings.of_year(session, unit.district_id, wanted.year)
    quota = wanted.quota.model_dump(exclude_none=True) if wanted.quota else _usual(set_for.share_per_10000)
    faults = [*rules.share_faults(quota, set_for.share_per_10000), *faults_of_quota(quota, "/body/quota")]
    if not await queries.grants(session, unit.id, wanted.year):
        faults.append(errors.Fault("/body/unit_id", "guidance.grants_nothing"))
    if faults:
        raise errors.BadInput(*faults)
    if await queries.has_open(session, unit.id, wanted.year):
        raise rules.OpenAlready
    made = GuidanceRound(
        id=ids.new_id(), district_id=unit.district_id, unit_id=unit.id, year=wanted.year, state=State.DRAFT,
        basis=set_for.basis, quota=quota, created_by=who.account_id, created_at=now,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", {}, {"year": made.year, "basis": made.basis, "quota": quota})
    return made


def _usual(share: int) -> dict[str, int]:
    return {"share_per_10000": share, "min": 0}


async def void(session: Session, who: Principal, round_id: UUID, version: int) -> GuidanceRound:
    """Voids a draft. Raises NotFound, Stale, IllegalMove; the reason is demanded as `X-Change-Reason`."""
    reason = audit.demanded_reason(session)
    found = await queries.one_for_update(session, who, round_id, version)
    check(found, "void")
    found.void_reason = reason
    await move(session, who, found, "void", "voided")
    return found


def check(found: GuidanceRound, verb: str) -> None:
    """Raises IllegalMove unless the state of the round allows the verb."""
    raise_if(rules.why_not(verb, State(found.state)))


async def move(session: Session, who: Principal, found: GuidanceRound, verb: str, told: str) -> None:
    """Moves a round that the verb was found to be allowed for, and tells of it."""
    before = State(found.state)
    found.state = rules.MOVES[verb][before]
    await session.flush()
    _tell(session, who, found, told, {"state": before}, {"state": found.state})
