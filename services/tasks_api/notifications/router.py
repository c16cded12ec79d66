"""Routes of the inbox."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.kit import fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.notifications import actions, queries
from services.tasks_api.notifications.schemas import NotificationFilter, NotificationOut, NotificationPage, ReadIn, ReadOut

router = routing.router("/v1/notifications", "notifications")


@router.get("", response_model=NotificationPage, summary="站内消息")
async def page(
    wanted: Annotated[NotificationFilter, Query()], who: access.MayReadInbox, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The caller's inbox, the newest first: messages to the caller's role in the unit, and to the district."""
    listing = queries.INBOX[wanted.unread]
    return cursors.answer(await listing.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{notification_id}", response_model=NotificationOut, summary="一条站内消息")
async def one(notification_id: fields.Id, who: access.MayReadInbox, read: ReadDep) -> Response:
    """One message; looking at it does not mark it."""
    found = await queries.MESSAGE.one(read, who, notification_id)
    return Response(found.body, media_type="application/json")


@router.post("/mark-read", response_model=ReadOut, summary="标为已读")
async def mark_read(wanted: ReadIn, who: access.MayReadInbox, session: SessionDep, now: Now) -> ReadOut:
    """Marks messages as read for the caller's account: those named, or all up to a moment. Safe to repeat."""
    return ReadOut(marked=await actions.mark_read(session, who, wanted, now))
