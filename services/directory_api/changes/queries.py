"""Reads of the feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select, true

from services.directory_api.changes.schemas import ChangeQuery
from services.directory_api.changes.tables import feed, outbox
from services.kit import answers, visibility
from services.kit.db import Reader
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "sequence": feed.c.sequence,
        "recorded_at": answers.moment(outbox.c.recorded_at),
        "service": outbox.c.service,
        "kind": outbox.c.kind,
        "object_type": outbox.c.object_type,
        "object_id": outbox.c.object_id,
        "version": outbox.c.version,
        "unit_id": outbox.c.unit_id,
        "data": outbox.c.data,
    }
)


@dataclass(frozen=True, slots=True)
class Changes:
    """Messages after a place, and the place to go on from."""

    items: list[str]
    next_cursor: int


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the feed: each message's own audience."""
    return visibility.audience_covers(
        who,
        audience=outbox.c.audience,
        district=outbox.c.district_id,
        unit=outbox.c.unit_id,
        accounts=outbox.c.account_ids,
    )


# How many messages one call looks at: a caller who may see few of them still gets on.
REACH = 50_000


async def after(read: Reader, who: Principal, wanted: ChangeQuery) -> Changes:
    """What happened after the place, in commit order, and the place to go on from.

    Newest number and messages come from one snapshot, so nothing numbered up to the place told is missing. A page may be
    empty and yet move on, where the next messages are not the caller's.
    """
    reached = select(func.coalesce(func.max(feed.c.sequence), 0)).where(feed.c.sequence <= wanted.after + REACH).scalar_subquery()
    found = (
        select(cast(BODY, Text).label("body"), feed.c.sequence)
        .select_from(feed.join(outbox, outbox.c.id == feed.c.message_id))
        .where(feed.c.sequence > wanted.after, feed.c.sequence <= wanted.after + REACH, visible_to(who))
        .order_by(feed.c.sequence)
        .limit(wanted.limit)
        .subquery()
    )
    one = select(reached.label("reached")).subquery()
    statement = select(found.c.body, found.c.sequence, one.c.reached).select_from(one.outerjoin(found, true()))
    rows: list[Any] = list((await read.execute(statement.order_by(found.c.sequence))).all())
    items = [row.body for row in rows if row.body is not None]
    place = rows[-1].sequence if len(items) == wanted.limit else rows[0].reached
    return Changes(items, max(place, wanted.after))
