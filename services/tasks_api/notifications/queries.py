"""Reads of the inbox."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Text,
    and_,
    cast,
    false,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from services.kit import answers, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Scope
from services.tasks_api.notifications.tables import Notification, NotificationRead


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the inbox: messages to the caller's roles, in the caller's unit or to the whole district."""
    if Scope.SELF not in who.scopes or who.district_id is None:
        return false()
    roles = cast(literal(sorted(who.roles), ARRAY(Text)), ARRAY(Text))
    unit = visibility.my_unit(who) if who.unit_id is not None else None
    mine = Notification.unit_id.is_(None) if unit is None else or_(Notification.unit_id.is_(None), Notification.unit_id == unit)
    return and_(Notification.district_id == visibility.my_district(who), mine, Notification.roles.overlap(roles))


def _read_at(who: Principal) -> ColumnElement[Any]:
    found = select(NotificationRead.read_at).where(
        NotificationRead.notification_id == Notification.id, NotificationRead.account_id == visibility.me(who)
    )
    return found.scalar_subquery()


def body(who: Principal) -> ColumnElement[Any]:
    """A message as this caller sees it."""
    return answers.json_object(
        {
            "id": Notification.id,
            "kind": Notification.kind,
            "title": Notification.title,
            "text": Notification.text,
            "object_type": Notification.object_type,
            "object_id": Notification.object_id,
            "data": Notification.data,
            "read_at": answers.moment(_read_at(who)),
            "recorded_at": answers.moment(Notification.recorded_at),
        }
    )


def _seen(unread: bool | None) -> reads.Visible:
    def seen(who: Principal) -> ColumnElement[bool]:
        if unread is None:
            return visible_to(who)
        is_read = _read_at(who).is_not(None)
        return and_(visible_to(who), ~is_read if unread else is_read)

    return seen


def _listing(unread: bool | None) -> reads.Listing:
    return reads.Listing(
        body=body,
        visible_to=_seen(unread),
        orders={"-recorded_at": pagination.Order((Notification.recorded_at, Notification.id))},
        filters={
            "kind": reads.equals(Notification.kind),
            "recorded_at__gte": reads.Filter(DateTime(timezone=True), lambda moment: Notification.recorded_at >= moment),
        },
    )


# What is read differs by account, so there is a list for all messages, one for the unread and one for the read.
INBOX: Final = {unread: _listing(unread) for unread in (None, True, False)}
MESSAGE: Final = reads.Single(body=body, version=literal(1), key=Notification.id, visible_to=visible_to)


async def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """Writes messages."""
    if rows:
        await session.execute(insert(Notification), list(rows))


async def mark_read(session: Session, who: Principal, ids: Sequence[UUID], until: datetime | None, now: datetime) -> int:
    """Marks messages of the caller's inbox; answers how many were unread."""
    chosen: list[ColumnElement[bool]] = [Notification.id.in_(ids)]
    if until is not None:
        chosen.append(Notification.recorded_at <= until)
    wanted = select(
        Notification.id, literal(who.account_id, NotificationRead.account_id.type), literal(now, DateTime(timezone=True))
    ).where(visible_to(who), or_(*chosen), _read_at(who).is_(None))
    statement = (
        upsert(NotificationRead)
        .from_select(["notification_id", "account_id", "read_at"], wanted)
        .on_conflict_do_nothing()
        .returning(NotificationRead.notification_id)
    )
    return len((await session.execute(statement)).all())


async def unread_by_kind(read: Reader, who: Principal) -> dict[str, int]:
    """How many messages of each kind the caller has not read."""
    kinds = select(Notification.kind, func.count().label("unread")).group_by(Notification.kind)
    rows = (await read.execute(kinds.where(visible_to(who), _read_at(who).is_(None)))).all()
    return {row.kind: row.unread for row in rows}
