"""Reads of the delivery log, and the worker's statements: leases, fan-out of the feed, what is due."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, Uuid, and_, any_, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from services.directory_api.changes import queries as changes
from services.directory_api.changes.tables import feed, outbox
from services.directory_api.webhook_deliveries.formats import Message
from services.directory_api.webhook_deliveries.rules import State
from services.directory_api.webhook_deliveries.tables import WebhookDelivery
from services.directory_api.webhook_endpoints import queries as endpoints
from services.directory_api.webhook_endpoints.tables import WebhookEndpoint, WebhookProgress
from services.kit import answers, errors, ids, pagination, preconditions, reads
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.references import units

# Places of the feed looked at in one step, so that a step stays short whatever an endpoint has missed.
STRETCH = 500
# Rows of the log dropped in one step.
MOST_DROPPED = 5_000

WEBHOOK_ID = func.concat("msg_", func.replace(cast(WebhookDelivery.message_id, Text), "-", ""))
BODY = answers.json_object(
    {
        "id": WebhookDelivery.id,
        "endpoint_id": WebhookDelivery.endpoint_id,
        "webhook_id": WEBHOOK_ID,
        "sequence": WebhookDelivery.sequence,
        "kind": WebhookDelivery.kind,
        "object_type": WebhookDelivery.object_type,
        "object_id": WebhookDelivery.object_id,
        "state": WebhookDelivery.state,
        "attempts": WebhookDelivery.attempts,
        "first_attempted_at": answers.moment(WebhookDelivery.first_attempted_at),
        "last_attempted_at": answers.moment(WebhookDelivery.last_attempted_at),
        "next_attempt_at": answers.moment(WebhookDelivery.next_attempt_at),
        "delivered_at": answers.moment(WebhookDelivery.delivered_at),
        "response_status": WebhookDelivery.response_status,
        "response_excerpt": WebhookDelivery.response_excerpt,
        "error": WebhookDelivery.error,
        "milliseconds": WebhookDelivery.milliseconds,
        "allowed_actions": answers.allowed_actions({"redeliver": endpoints.ENABLED}),
        "version": WebhookDelivery.version,
        "created_at": answers.moment(WebhookDelivery.created_at),
    }
)


def _with_endpoint(statement: Select[Any]) -> Select[Any]:
    joined = WebhookDelivery.__table__.join(WebhookEndpoint.__table__, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
    return statement.select_from(joined)


MOMENT = (WebhookDelivery.created_at, WebhookDelivery.id)
DELIVERIES = reads.Listing(
    body=BODY,
    visible_to=endpoints.visible_to,
    orders={"-created_at": pagination.Order(MOMENT), "created_at": pagination.Order(MOMENT, descending=False)},
    filters={
        "endpoint_id": reads.equals(WebhookDelivery.endpoint_id),
        "state": reads.equals(WebhookDelivery.state),
        "kind": reads.equals(WebhookDelivery.kind),
        "object_id": reads.equals(WebhookDelivery.object_id),
        "created_at__gte": reads.at_least(WebhookDelivery.created_at),
        "created_at__lte": reads.at_most(WebhookDelivery.created_at),
    },
    source=_with_endpoint,
)
DELIVERY = reads.Single(
    body=BODY,
    version=WebhookDelivery.version,
    key=WebhookDelivery.id,
    visible_to=endpoints.visible_to,
    source=_with_endpoint,
)


async def one_for_update(
    session: Session, who: Principal, delivery_id: UUID, version: int
) -> tuple[WebhookDelivery, WebhookEndpoint]:
    """The delivery, locked, and its endpoint; NotFound, Stale."""
    found = select(WebhookDelivery, WebhookEndpoint).join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
    found = found.where(WebhookDelivery.id == delivery_id, endpoints.visible_to(who)).with_for_update(of=WebhookDelivery)
    row: Any = (await session.execute(found)).one_or_none()
    if row is None:
        raise errors.NotFound
    preconditions.expect(row[0].version, version)
    return row[0], row[1]


async def endpoint(session: Session, who: Principal, endpoint_id: UUID) -> WebhookEndpoint:
    """An endpoint the caller may see; NotFound."""
    found = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, endpoints.visible_to(who))
    row = (await session.execute(found)).scalar_one_or_none()
    if row is None:
        raise errors.NotFound
    return row


async def again(session: Session, endpoint_id: UUID, since: datetime, now: datetime) -> int:
    """Makes all that was given up since then due anew; answers how many."""
    changed = update(WebhookDelivery).where(
        WebhookDelivery.endpoint_id == endpoint_id,
        WebhookDelivery.state == State.FAILED.value,
        WebhookDelivery.sequence.is_not(None),
        WebhookDelivery.created_at >= since,
    )
    anew = {"state": State.PENDING.value, "attempts": 0, "first_attempted_at": None, "next_attempt_at": now}
    fresh = changed.values(**anew, version=WebhookDelivery.version + 1).returning(WebhookDelivery.id)
    return len((await session.execute(fresh, execution_options={"synchronize_session": False})).all())


# ---------------------------------------------------------------------------------------------- the worker
def _is_due(now: datetime) -> ColumnElement[bool]:
    """Deliveries whose time has come. A message waits for earlier ones about the same object, and while its endpoint rests."""
    earlier = aliased(WebhookDelivery)
    is_behind = exists().where(
        earlier.endpoint_id == WebhookDelivery.endpoint_id,
        earlier.object_id == WebhookDelivery.object_id,
        earlier.state == State.PENDING.value,
        earlier.sequence < WebhookDelivery.sequence,
    )
    is_resting = func.coalesce(WebhookProgress.paused_until > now, False)
    return and_(
        WebhookDelivery.state == State.PENDING.value,
        WebhookDelivery.next_attempt_at <= now,
        or_(WebhookDelivery.sequence.is_(None), and_(endpoints.ENABLED, ~is_resting, ~is_behind)),
    )


async def lease(session: Session, mine: UUID, most: int, now: datetime, until: datetime) -> Sequence[UUID]:
    """Takes endpoints that have something to do and that nobody works on, those that waited longest first."""
    has_news = WebhookProgress.position < select(func.max(feed.c.sequence)).scalar_subquery()
    is_due = (
        exists()
        .where(WebhookDelivery.endpoint_id == WebhookEndpoint.id, _is_due(now))
        .correlate(WebhookEndpoint, WebhookProgress)
    )
    wanted = (
        select(WebhookProgress.endpoint_id)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookProgress.endpoint_id)
        .where(or_(WebhookProgress.leased_until.is_(None), WebhookProgress.leased_until <= now))
        .where(or_(and_(endpoints.ENABLED, has_news), is_due))
        .order_by(WebhookProgress.leased_until.nulls_first())
        .limit(most)
        .with_for_update(of=WebhookProgress, skip_locked=True)
    )
    taken = update(WebhookProgress).where(WebhookProgress.endpoint_id.in_(wanted)).values(lease=mine, leased_until=until)
    rows = await session.execute(taken.returning(WebhookProgress.endpoint_id), execution_options={"synchronize_session": False})
    return list(rows.scalars())


async def leased(session: Session, endpoint_id: UUID, mine: UUID) -> tuple[WebhookEndpoint, WebhookProgress] | None:
    """Endpoint and progress, locked, as long as the lease is ours."""
    found = select(WebhookEndpoint, WebhookProgress).join(WebhookProgress, WebhookProgress.endpoint_id == WebhookEndpoint.id)
    mine_still = found.where(WebhookEndpoint.id == endpoint_id, WebhookProgress.lease == mine)
    row: Any = (await session.execute(mine_still.with_for_update())).one_or_none()
    return None if row is None else (row[0], row[1])


async def release(read: Reader, endpoint_id: UUID, mine: UUID, now: datetime) -> None:
    """Gives the lease back."""
    given_back = update(WebhookProgress).where(WebhookProgress.endpoint_id == endpoint_id, WebhookProgress.lease == mine)
    await read.execute(given_back.values(lease=None, leased_until=now))


def _wanted(endpoint: WebhookEndpoint) -> ColumnElement[bool]:
    """The endpoint's own filter."""
    # An endpoint is not told of what is done with itself.
    parts: list[ColumnElement[bool]] = [outbox.c.object_id != endpoint.id]
    if endpoint.event_types:
        listed = any_(literal(endpoint.event_types, ARRAY(Text)))
        parts.append(or_(outbox.c.kind == listed, func.concat(func.split_part(outbox.c.kind, ".", 1), ".*") == listed))
    if endpoint.unit_id is not None:
        below = select(units.c.id).where(units.c.path.contains(array([literal(endpoint.unit_id, Uuid())])))
        parts.append(outbox.c.unit_id.in_(below))
    return and_(*parts)


async def fan_out(
    session: Session, owner: Principal, endpoint: WebhookEndpoint, progress: WebhookProgress, now: datetime
) -> None:
    """Makes deliveries of the next stretch of the feed, of what the owner may see and the endpoint wants."""
    newest = await endpoints.newest_place(session)
    if progress.position >= newest:
        return
    reached = min(newest, progress.position + STRETCH)
    columns = (feed.c.sequence, outbox.c.id, outbox.c.kind, outbox.c.object_type, outbox.c.object_id)
    found = select(*columns).select_from(feed.join(outbox, outbox.c.id == feed.c.message_id))
    places = (feed.c.sequence > progress.position, feed.c.sequence <= reached)
    rows: list[Any] = list(
        (
            await session.execute(found.where(*places, changes.visible_to(owner), _wanted(endpoint)).order_by(feed.c.sequence))
        ).all()
    )
    if rows:
        await session.execute(
            upsert(WebhookDelivery).on_conflict_do_nothing(), [_delivery(endpoint.id, row, now) for row in rows]
        )
    progress.position = reached


def _delivery(endpoint_id: UUID, row: Any, now: datetime) -> dict[str, Any]:
    told = {"message_id": row.id, "sequence": row.sequence, "kind": row.kind}
    about = {"object_type": row.object_type, "object_id": row.object_id}
    new = {"id": ids.new_id(), "endpoint_id": endpoint_id, "state": State.PENDING.value, "attempts": 0, "version": 1}
    return new | told | about | {"next_attempt_at": now, "created_at": now}


async def next_due(session: Session, endpoint_id: UUID, now: datetime) -> WebhookDelivery | None:
    """The next delivery to send, in the order of the feed; tests come first."""
    found = (
        select(WebhookDelivery)
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .join(WebhookProgress, WebhookProgress.endpoint_id == WebhookEndpoint.id)
        .where(WebhookDelivery.endpoint_id == endpoint_id, _is_due(now))
        .order_by(WebhookDelivery.sequence.nulls_first())
        .limit(1)
        .with_for_update(of=WebhookDelivery)
    )
    return (await session.execute(found)).scalar_one_or_none()


async def delivery_for_update(session: Session, delivery_id: UUID) -> WebhookDelivery | None:
    """The row, locked, as it is now."""
    found = select(WebhookDelivery).where(WebhookDelivery.id == delivery_id).with_for_update()
    return (await session.execute(found)).scalar_one_or_none()


async def message(session: Session, owner: Principal, message_id: UUID) -> Message | None:
    """The message as the owner may see it now, or None."""
    found = select(outbox, feed.c.sequence).select_from(feed.join(outbox, outbox.c.id == feed.c.message_id))
    row: Any = (await session.execute(found.where(outbox.c.id == message_id, changes.visible_to(owner)))).one_or_none()
    if row is None:
        return None
    place = (row.sequence, row.service, row.object_type, row.object_id, row.version, row.unit_id)
    return Message(row.id, row.kind, recorded(row.recorded_at), *place)


def recorded(moment: datetime) -> str:
    """A moment as the contract writes it."""
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


async def forget(read: Reader, before: datetime) -> None:
    """Drops ended deliveries that are old."""
    old = (
        select(WebhookDelivery.id)
        .where(WebhookDelivery.created_at < before, WebhookDelivery.state != State.PENDING.value)
        .order_by(WebhookDelivery.created_at)
        .limit(MOST_DROPPED)
    )
    await read.execute(delete(WebhookDelivery).where(WebhookDelivery.id.in_(old)))


async def backlog(read: Reader, now: datetime) -> tuple[int, timedelta, int]:
    """How many deliveries of enabled endpoints wait, since when the oldest does, and how many endpoints fail."""
    waiting = (
        select(func.count(), func.min(WebhookDelivery.created_at))
        .join(WebhookEndpoint, WebhookEndpoint.id == WebhookDelivery.endpoint_id)
        .where(WebhookDelivery.state == State.PENDING.value, endpoints.ENABLED)
    )
    row: Any = (await read.execute(waiting)).one()
    failing = select(func.count()).select_from(WebhookProgress).where(WebhookProgress.failing_since.is_not(None))
    return int(row[0]), now - row[1] if row[1] else timedelta(0), int((await read.execute(failing)).scalar_one())
