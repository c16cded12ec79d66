"""Routes of the pool of legal reviewers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.db import Session
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.legal_reviewers import actions, queries
from services.training_api.legal_reviewers.schemas import (
    LegalReviewerChange,
    LegalReviewerFilter,
    LegalReviewerIn,
    LegalReviewerOut,
    LegalReviewerPage,
    ReasonIn,
)

router = routing.router("/v1/legal-reviewers", "legal_reviewers")


@router.get("", response_model=LegalReviewerPage, summary="法制审核人才库")
async def page(
    wanted: Annotated[LegalReviewerFilter, Query()],
    who: access.MayReadLegalReviewers,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """The district's pool, newest first; `available_on` with `area` for whom to ask."""
    today = clock.local_day(now)
    return cursors.answer(await queries.REVIEWERS.page(read, who, wanted, cursors.after(wanted), today=today), wanted)


@router.post("", response_model=LegalReviewerOut, status_code=201, summary="推荐法制审核人员")
async def propose(
    request: Request, wanted: LegalReviewerIn, who: access.MayProposeLegalReviewers, session: SessionDep, now: Now
) -> Response:
    """A unit proposes somebody of its own: an officer of the register, or a lawyer or counsel by name."""
    reviewer = await actions.propose(session, who, wanted, now)
    return answers.created(request, await _shown(session, who, reviewer.id, now), f"/v1/legal-reviewers/{reviewer.id}")


@router.get("/{reviewer_id}", response_model=LegalReviewerOut, summary="法制审核人员")
async def one(request: Request, reviewer_id: fields.Id, who: access.MayReadLegalReviewers, read: ReadDep, now: Now) -> Response:
    """One member of the pool."""
    return answers.one(request, await queries.REVIEWER.one(read, who, reviewer_id, today=clock.local_day(now)))


@router.patch("/{reviewer_id}", response_model=LegalReviewerOut, summary="更正法制审核人员信息")
async def change(
    request: Request,
    reviewer_id: fields.Id,
    wanted: LegalReviewerChange,
    who: access.MayProposeLegalReviewers,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Corrects what a member knows, and when it is away: `absences` replace the earlier ones."""
    await actions.change(session, who, reviewer_id, version, wanted, now)
    return answers.one(request, await _shown(session, who, reviewer_id, now))


@router.post("/{reviewer_id}/admit", response_model=LegalReviewerOut, summary="入库")
async def admit(
    request: Request, reviewer_id: fields.Id, who: access.MayAdmitLegalReviewers, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Takes somebody into the pool."""
    await actions.admit(session, who, reviewer_id, version, now)
    return answers.one(request, await _shown(session, who, reviewer_id, now))


@router.post("/{reviewer_id}/remove", response_model=LegalReviewerOut, summary="出库")
async def remove(
    request: Request,
    reviewer_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayProposeLegalReviewers,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes somebody out of the pool, with a reason."""
    await actions.remove(session, who, reviewer_id, version, wanted.reason, now)
    return answers.one(request, await _shown(session, who, reviewer_id, now))


async def _shown(session: Session, who: Principal, reviewer_id: UUID, now: datetime) -> answers.One:
    return await queries.REVIEWER.one(session, who, reviewer_id, today=clock.local_day(now))
