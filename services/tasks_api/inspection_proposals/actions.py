"""What departments do with their proposals."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from services.kit import batches, clock, errors, ids, references, rights
from services.kit.batches import Outcomes
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.inspection_proposals import queries, rules
from services.tasks_api.inspection_proposals.rules import State
from services.tasks_api.inspection_proposals.schemas import InspectionProposalBatchIn, InspectionProposalIn
from services.tasks_api.inspection_proposals.tables import InspectionProposal
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import InspectionWindow
from services.tasks_api.watched_items import rules as watched

OBJECT: Final = "inspection_proposal"
tell: Final = Trail(OBJECT, access.PROPOSALS_READ, data=("year", "state")).tell


async def propose(session: Session, who: Principal, wanted: InspectionProposalIn, now: datetime) -> UUID:
    """Hands a visit in for the year's plan. Raises BadInput (unit, days, reason of lateness), NotOpen, YearOver."""
    today = clock.local_day(now)
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    setting = await settings.value_of(session, InspectionWindow, unit.district_id, today)
    open_days = rules.window(wanted.year, setting.first, setting.last)
    raise_if(rules.why_not_propose(wanted.year, open_days, today))
    late = today > open_days.last
    faults = watched.unit_faults(unit.valid_from, unit.valid_to, today, "/body/unit_id")
    faults += rules.faults(wanted.year, wanted.first_on, wanted.last_on, late=late, reason=wanted.late_reason)
    if faults:
        raise errors.BadInput(*faults)
    proposal = InspectionProposal(
        id=ids.new_id(),
        district_id=unit.district_id,
        object_key=rules.object_key(wanted.object_code, wanted.object_name),
        submitted_on=today,
        late=late,
        state=State.PROPOSED.value,
        created_by_name=who.name,
        created_at=now,
        **wanted.model_dump(),
    )
    session.add(proposal)
    await session.flush()
    tell(session, who, proposal, "proposed", after={"year": proposal.year, "late": late}, reason=proposal.late_reason)
    return proposal.id


async def propose_many(
    session: Session, who: Principal, wanted: InspectionProposalBatchIn, now: datetime, language: str
) -> Outcomes:
    """Hands in many, each with its own outcome. Raises BatchRefused when atomic and one is refused."""

    async def act(item: InspectionProposalIn) -> batches.Done:
        return 201, await propose(session, who, item, now)

    return await batches.run(session, wanted.items, act, atomic=wanted.atomic, language=language)


async def withdraw(session: Session, who: Principal, proposal_id: UUID, version: int) -> None:
    """Takes it back before it is in the plan. Raises NotFound, Stale, Forbidden, NotProposed."""
    proposal = await queries.one_for_update(session, access.PROPOSALS_READ.admit(who), proposal_id, version)
    unit = await references.unit(session, proposal.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.Forbidden
    if proposal.state != State.PROPOSED:
        raise rules.NotProposed
    await move(session, who, proposal, State.WITHDRAWN, "withdrawn")


async def move(session: Session, who: Principal, proposal: InspectionProposal, state: State, verb: str) -> None:
    """Another state, and what is told of it."""
    before, proposal.state = proposal.state, state.value
    await session.flush()
    tell(session, who, proposal, verb, after={"state": proposal.state}, before={"state": before})
