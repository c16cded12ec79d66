"""Routes of inspection proposals."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, batches, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Language, Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.inspection_proposals import actions, queries
from services.tasks_api.inspection_proposals.schemas import (
    InspectionProposalBatchIn,
    InspectionProposalFilter,
    InspectionProposalIn,
    InspectionProposalOut,
    InspectionProposalPage,
)

router = routing.router("/v1/inspection-proposals", "inspection-proposals")


@router.get("", response_model=InspectionProposalPage, summary="检查计划建议列表")
async def page(
    wanted: Annotated[InspectionProposalFilter, Query()], who: access.MayReadProposals, read: ReadDep, cursors: CursorsDep
) -> Response:
    """What the departments of the district mean to inspect; the latest first."""
    return cursors.answer(await queries.PROPOSALS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=InspectionProposalOut, status_code=201, summary="提出检查计划")
async def propose(
    request: Request, wanted: InspectionProposalIn, who: access.MayWriteProposals, session: SessionDep, now: Now
) -> Response:
    """Hands in a visit for the year's plan, in the window of January; later with a reason, as late for good."""
    made = await actions.propose(session, who, wanted, now)
    found = await queries.PROPOSAL.one(session, access.PROPOSALS_READ.admit(who), made)
    return answers.created(request, found, f"/v1/inspection-proposals/{made}")


@router.post("/batch", response_model=batches.Outcomes, summary="批量提出检查计划")
async def propose_many(
    wanted: InspectionProposalBatchIn, who: access.MayWriteProposals, session: SessionDep, now: Now, language: Language
) -> batches.Outcomes:
    """Hands in up to 500 visits, each with its own outcome."""
    return await actions.propose_many(session, who, wanted, now, language)


@router.get("/{proposal_id}", response_model=InspectionProposalOut, summary="检查计划建议")
async def one(request: Request, proposal_id: fields.Id, who: access.MayReadProposals, read: ReadDep) -> Response:
    """One proposal."""
    return answers.one(request, await queries.PROPOSAL.one(read, who, proposal_id))


@router.post("/{proposal_id}/withdraw", response_model=InspectionProposalOut, summary="撤回检查计划建议")
async def withdraw(
    request: Request, proposal_id: fields.Id, who: access.MayWriteProposals, version: IfMatch, session: SessionDep
) -> Response:
    """Takes it back before it is in the plan."""
    await actions.withdraw(session, who, proposal_id, version)
    return answers.one(request, await queries.PROPOSAL.one(session, access.PROPOSALS_READ.admit(who), proposal_id))
