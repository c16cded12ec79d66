"""Routes of awards."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.awards import actions, queries
from services.training_api.awards.schemas import AwardChange, AwardFilter, AwardIn, AwardOut, AwardPage, ReasonIn

router = routing.router("/v1/awards", "awards")


@router.get("", response_model=AwardPage, summary="表彰奖励列表")
async def page(
    wanted: Annotated[AwardFilter, Query()], who: access.MayReadAwards, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Awards of the caller's officers and units, latest first."""
    return cursors.answer(await queries.AWARDS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=AwardOut, status_code=201, summary="登记表彰奖励")
async def create(request: Request, wanted: AwardIn, who: access.MayWriteAwards, session: SessionDep, now: Now) -> Response:
    """Records an award of an officer or of a whole unit; a pass of the national legal examination is one of them."""
    award = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.AWARD.one(session, who, award.id), f"/v1/awards/{award.id}")


@router.get("/{award_id}", response_model=AwardOut, summary="表彰奖励")
async def one(request: Request, award_id: fields.Id, who: access.MayReadAwards, read: ReadDep) -> Response:
    """One award."""
    return answers.one(request, await queries.AWARD.one(read, who, award_id))


@router.patch("/{award_id}", response_model=AwardOut, summary="更正表彰奖励")
async def change(
    request: Request,
    award_id: fields.Id,
    wanted: AwardChange,
    who: access.MayWriteAwards,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Corrects an award; files are added to those there are."""
    await actions.change(session, who, award_id, version, wanted, now)
    return answers.one(request, await queries.AWARD.one(session, who, award_id))


@router.post("/{award_id}/void", response_model=AwardOut, summary="作废表彰奖励")
async def void(
    request: Request, award_id: fields.Id, wanted: ReasonIn, who: access.MayVoidAwards, version: IfMatch, session: SessionDep
) -> Response:
    """Voids an award entered by mistake, with a reason; it is kept as that."""
    await actions.void(session, who, award_id, version, wanted.reason)
    return answers.one(request, await queries.AWARD.one(session, who, award_id))
