"""Routes of supervision notices."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Body, Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.db import Session
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.supervision_notices import actions, queries
from services.tasks_api.supervision_notices.rules import Verb
from services.tasks_api.supervision_notices.schemas import (
    NoteIn,
    ReplyIn,
    SupervisionNoticeFilter,
    SupervisionNoticeIn,
    SupervisionNoticeOut,
    SupervisionNoticePage,
)

router = routing.router("/v1/supervision-notices", "supervision-notices")
Note = Annotated[NoteIn | None, Body()]


@router.get("", response_model=SupervisionNoticePage, summary="督办函和通报列表")
async def page(
    wanted: Annotated[SupervisionNoticeFilter, Query()], who: access.MayReadNotices, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Notices to the units in the caller's sight, and all circulars of the district; the newest first."""
    found = await queries.NOTICES.page(read, who, wanted, cursors.after(wanted), today=clock.local_day(now))
    return cursors.answer(found, wanted)


@router.post("", response_model=SupervisionNoticeOut, status_code=201, summary="发出督办函或通报")
async def issue(
    request: Request, wanted: SupervisionNoticeIn, who: access.MayIssueNotices, session: SessionDep, now: Now
) -> Response:
    """Sends a numbered notice with a reply date, or a circular; 409 `supervision_notice.suspended` for suspended work."""
    made = await actions.issue(session, who, wanted, now)
    found = await queries.NOTICE.one(session, access.NOTICES_READ.admit(who), made, today=clock.local_day(now))
    return answers.created(request, found, f"/v1/supervision-notices/{made}")


@router.get("/{notice_id}", response_model=SupervisionNoticeOut, summary="督办函")
async def one(request: Request, notice_id: fields.Id, who: access.MayReadNotices, read: ReadDep, now: Now) -> Response:
    """One notice, with the assignments it is about and the reply."""
    return answers.one(request, await queries.NOTICE.one(read, who, notice_id, today=clock.local_day(now)))


@router.post("/{notice_id}/reply", response_model=SupervisionNoticeOut, summary="答复督办函")
async def reply(
    request: Request,
    notice_id: fields.Id,
    wanted: ReplyIn,
    who: access.MayReplyToNotices,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The unit's leader answers; whether in time is told by the first reply."""
    await actions.reply(session, who, notice_id, version, wanted, now)
    return await _answer(request, who, notice_id, session, now)


@router.post("/{notice_id}/return", response_model=SupervisionNoticeOut, summary="退回答复")
async def send_back(
    request: Request,
    notice_id: fields.Id,
    who: access.MayReturnReplies,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """The reply is not enough; a reason is demanded, and another reply awaited."""
    await actions.decide(session, who, Verb.RETURN, notice_id, version, wanted.note if wanted else None, now)
    return await _answer(request, who, notice_id, session, now)


@router.post("/{notice_id}/close", response_model=SupervisionNoticeOut, summary="办结督办函")
async def close(
    request: Request,
    notice_id: fields.Id,
    who: access.MayCloseNotices,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """The reply is accepted."""
    await actions.decide(session, who, Verb.CLOSE, notice_id, version, wanted.note if wanted else None, now)
    return await _answer(request, who, notice_id, session, now)


@router.post("/{notice_id}/void", response_model=SupervisionNoticeOut, summary="作废督办函")
async def void(
    request: Request,
    notice_id: fields.Id,
    who: access.MayVoidNotices,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """Takes a notice or circular back, with a reason; its number is not given out again."""
    await actions.decide(session, who, Verb.VOID, notice_id, version, wanted.note if wanted else None, now)
    return await _answer(request, who, notice_id, session, now)


async def _answer(request: Request, who: Principal, notice_id: UUID, session: Session, now: datetime) -> Response:
    """The notice as its reader sees it now."""
    reader = access.NOTICES_READ.admit(who)
    return answers.one(request, await queries.NOTICE.one(session, reader, notice_id, today=clock.local_day(now)))
