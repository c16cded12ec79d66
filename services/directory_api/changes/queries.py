"""Reads of the feed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, select

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


async def after(read: Reader, who: Principal, wanted: ChangeQuery) -> Changes:
    """What happened after the place, in commit order. A page that is not full ends at the newest number there was."""
    newest = select(func.coalesce(func.max(feed.c.sequence), 0)).scalar_subquery()
    found = (
        select(cast(BODY, Text), feed.c.sequence, newest)
        .select_from(feed.join(outbox, outbox.c.id == feed.c.message_id))
        .where(feed.c.sequence > wanted.after, visible_to(who))
        .order_by(feed.c.sequence)
        .limit(wanted.limit)
    )
    rows: list[Any] = list((await read.execute(found)).all())
    if len(rows) == wanted.limit:
        return Changes([row[0] for row in rows], rows[-1][1])
    # One snapshot: nothing numbered up to `newest` is missing from the rows.
    newest_seen = rows[0][2] if rows else wanted.after
    return Changes([row[0] for row in rows], max(newest_seen, wanted.after))
