"""Routes of complaints."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any, Final
from uuid import UUID

from fastapi import Body, Query, Request, Response

from services.kit import answers, batches, clock, errors, fields, routing
from services.kit.db import Reader, Session
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Language, Now, ReadDep, RuntimeDep, SessionDep
from services.tasks_api import access
from services.tasks_api.complaints import actions, queries
from services.tasks_api.complaints.schemas import (
    ComplainantOut,
    ComplaintBatchIn,
    ComplaintFilter,
    ComplaintHistoryOut,
    ComplaintIn,
    ComplaintOut,
    ComplaintPage,
    DisclosureIn,
    LinkIn,
    NoteIn,
    RatingIn,
    ReplyIn,
    TransferIn,
)

router = routing.router("/v1/complaints", "complaints")
Note = Annotated[NoteIn | None, Body()]
HANDED_ON: Final[dict[int | str, dict[str, Any]]] = {204: {"description": "已转办，不再由调用者所在单位办理。"}}


@router.get("", response_model=ComplaintPage, summary="投诉举报列表")
async def page(
    wanted: Annotated[ComplaintFilter, Query()], who: access.MayReadComplaints, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Complaints that the units in the caller's sight handle, with lamps of today; the latest first."""
    found = await queries.COMPLAINTS.page(read, who, wanted, cursors.after(wanted), **_places(who, now))
    return cursors.answer(found, wanted)


@router.post("", response_model=ComplaintOut, status_code=201, summary="登记投诉举报")
async def add(
    request: Request, wanted: ComplaintIn, who: access.MayEnterComplaints, session: SessionDep, process: RuntimeDep, now: Now
) -> Response:
    """Takes a complaint in. The complainant is sealed at once; how long the reply may take depends on the channel."""
    made = await actions.add(session, who, process.extras["vault"], wanted, now)
    return answers.created(request, await _one(session, who, made, now), f"/v1/complaints/{made}")


@router.post("/batch", response_model=batches.Outcomes, summary="批量接收投诉举报")
async def take_in(
    wanted: ComplaintBatchIn,
    who: access.MayEnterComplaints,
    session: SessionDep,
    process: RuntimeDep,
    now: Now,
    language: Language,
) -> batches.Outcomes:
    """Takes in up to 500 complaints of another system by their numbers there; what is known already answers 200 and stays."""
    return await actions.take_in(session, who, process.extras["vault"], wanted, now, language)


@router.get("/{complaint_id}", response_model=ComplaintOut, summary="投诉举报")
async def one(request: Request, complaint_id: fields.Id, who: access.MayReadComplaints, read: ReadDep, now: Now) -> Response:
    """One complaint."""
    return answers.one(request, await _one(read, who, complaint_id, now))


@router.get("/{complaint_id}/history", response_model=ComplaintHistoryOut, summary="投诉办理经过")
async def history(complaint_id: fields.Id, who: access.MayReadComplaints, read: ReadDep) -> Response:
    """What was done with it, by whom, and which unit had it after each step."""
    return Response(await queries.history(read, who, complaint_id), media_type="application/json")


@router.post(
    "/{complaint_id}/complainant-disclosure",
    response_model=ComplainantOut,
    summary="查看投诉人信息",
    openapi_extra={routing.NEVER_KEPT: True},
)
async def disclose(
    request: Request,
    complaint_id: fields.Id,
    wanted: DisclosureIn,
    who: access.MayDiscloseComplainants,
    session: SessionDep,
    process: RuntimeDep,
) -> Response:
    """The complainant in clear, for a stated reason; every look stands in the audit trail. There is no dry run of it."""
    if request.query_params.get("dry_run") == "true":
        raise errors.BadInput(errors.Fault("/query/dry_run", "not_allowed"))
    shown = await actions.disclose(session, who, process.extras["vault"], complaint_id, wanted.reason)
    return Response(json.dumps(shown, ensure_ascii=False), media_type="application/json")


@router.post("/{complaint_id}/accept", response_model=ComplaintOut, summary="受理投诉")
async def accept(
    request: Request,
    complaint_id: fields.Id,
    who: access.MayAcceptComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The unit takes it on."""
    await actions.accept(session, who, complaint_id, version, now)
    return answers.one(request, await _one(session, who, complaint_id, now))


@router.post("/{complaint_id}/transfer", response_model=ComplaintOut, summary="转办投诉", responses=HANDED_ON)
async def transfer(
    request: Request,
    complaint_id: fields.Id,
    wanted: TransferIn,
    who: access.MayTransferComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Hands it to another unit of the district; the complainant's limit stays, the unit's own days begin anew."""
    await actions.transfer(session, who, complaint_id, version, wanted, now)
    return await _moved(request, session, who, complaint_id, now)


@router.post("/{complaint_id}/reply", response_model=ComplaintOut, summary="答复投诉")
async def reply(
    request: Request,
    complaint_id: fields.Id,
    wanted: ReplyIn,
    who: access.MayReplyToComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The complainant is answered; the clock stops."""
    await actions.reply(session, who, complaint_id, version, wanted, now)
    return answers.one(request, await _one(session, who, complaint_id, now))


@router.post("/{complaint_id}/return", response_model=ComplaintOut, summary="退回答复")
async def send_back(
    request: Request,
    complaint_id: fields.Id,
    who: access.MayReturnComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """The reply is not enough, with the reason; the old limit counts on."""
    await actions.send_back(session, who, complaint_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await _one(session, who, complaint_id, now))


@router.post("/{complaint_id}/rate", response_model=ComplaintOut, summary="回访满意度")
async def rate(
    request: Request,
    complaint_id: fields.Id,
    wanted: RatingIn,
    who: access.MayRateComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Notes what the complainant said to the reply."""
    await actions.rate(session, who, complaint_id, version, wanted, now)
    return answers.one(request, await _one(session, who, complaint_id, now))


@router.post("/{complaint_id}/close", response_model=ComplaintOut, summary="办结投诉")
async def close(
    request: Request,
    complaint_id: fields.Id,
    who: access.MayCloseComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Done; 409 `complaint.not_rated` before the complainant was asked, unless there is none to ask."""
    await actions.close(session, who, complaint_id, version, now)
    return answers.one(request, await _one(session, who, complaint_id, now))


@router.post("/{complaint_id}/void", response_model=ComplaintOut, summary="作废投诉")
async def void(
    request: Request,
    complaint_id: fields.Id,
    who: access.MayVoidComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """Not a complaint, or taken in twice; with a reason. It stays on record."""
    await actions.void(session, who, complaint_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await _one(session, who, complaint_id, now))


@router.post("/{complaint_id}/link", response_model=ComplaintOut, summary="关联案件或突出问题")
async def link(
    request: Request,
    complaint_id: fields.Id,
    wanted: LinkIn,
    who: access.MayLinkComplaints,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Names the case or the problem that came of it."""
    await actions.link(session, who, complaint_id, version, wanted, now)
    return answers.one(request, await _one(session, who, complaint_id, now))


def _places(who: Principal, now: datetime) -> dict[str, object]:
    return {"today": clock.local_day(now), "today_district": who.district_id}


async def _one(connection: Reader | Session, who: Principal, complaint_id: UUID, now: datetime) -> answers.One:
    return await queries.COMPLAINT.one(connection, access.COMPLAINTS_READ.admit(who), complaint_id, **_places(who, now))


async def _moved(request: Request, session: Session, who: Principal, complaint_id: UUID, now: datetime) -> Response:
    """A complaint handed on is out of its former unit's sight: then there is nothing to show."""
    try:
        return answers.one(request, await _one(session, who, complaint_id, now))
    except errors.NotFound:
        return Response(status_code=204)
