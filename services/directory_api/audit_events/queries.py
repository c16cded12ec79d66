"""Reads of the audit trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, func, literal, select, text

from services.directory_api.audit_events.schemas import FirstBad, VerificationOut, VerificationQuery
from services.directory_api.audit_events.tables import audit_events as events
from services.directory_api.audit_events.tables import audit_seals as seals
from services.kit import answers, errors, heads, pagination, reads, visibility
from services.kit.db import Reader
from services.kit.principal import Principal

NAMES = [column.name for column in events.c if column.name != "recorded_at"]
BODY = answers.json_object(
    {name: events.c[name] for name in NAMES}
    | {
        "recorded_at": answers.moment(events.c.recorded_at),
        "sequence": seals.c.sequence,
        "chain_hash": func.encode(seals.c.chain_hash, "hex"),
    }
)
VERIFY = text(
    "SELECT checked, first_bad, kind, at_sequence, last_sequence, more FROM kit.verify_audit(CAST(:behind AS bigint), :most,"
    " false)"
)
UNSEALED = text("SELECT checked, reached, first_bad FROM kit.unsealed_audit(:behind, :most)")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the trail."""
    return visibility.within(who, district=events.c.district_id)


def _with_seals(statement: Select[Any]) -> Select[Any]:
    return statement.select_from(events.outerjoin(seals, seals.c.event_id == events.c.id))


MOMENT = (events.c.recorded_at, events.c.id)
AUDIT_EVENTS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-recorded_at": pagination.Order(MOMENT), "recorded_at": pagination.Order(MOMENT, descending=False)},
    filters={
        "actor_id": reads.equals(events.c.actor_id),
        "object_type": reads.equals(events.c.object_type),
        "object_id": reads.equals(events.c.object_id),
        "action": reads.equals(events.c.action),
        "service": reads.equals(events.c.service),
        "recorded_at__gte": reads.at_least(events.c.recorded_at),
        "recorded_at__lte": reads.at_most(events.c.recorded_at),
    },
    source=_with_seals,
)
# A row of the trail never changes, so it has one version for ever.
AUDIT_EVENT = reads.Single(body=BODY, version=literal(1, Integer()), key=events.c.id, visible_to=visible_to, source=_with_seals)


async def head(read: Reader, sequence: int | None, now: datetime) -> heads.Head:
    """The newest link of the chain, or the one at this place. NotFound for a place that the chain does not reach."""
    wanted = select(seals.c.sequence, seals.c.chain_hash, seals.c.sealed_at).order_by(seals.c.sequence.desc()).limit(1)
    if sequence is not None:
        wanted = wanted.where(seals.c.sequence == sequence)
    row: Any = (await read.execute(wanted)).one_or_none()
    if row is None and sequence is not None:
        raise errors.NotFound
    return heads.Head(None, row.sequence, row.chain_hash, row.sealed_at, now) if row else heads.Head(None, 0, None, None, now)


async def verification(read: Reader, wanted: VerificationQuery) -> VerificationOut:
    """Recomputes the links of a stretch in one statement; the answer names what does not hold first."""
    values = {"behind": wanted.after or None, "most": wanted.limit}
    row = (await read.execute(VERIFY, values)).one()
    bad = None if row.kind is None else FirstBad(event_id=row.first_bad, kind=row.kind, sequence=row.at_sequence)
    following = row.last_sequence if row.more else None
    return VerificationOut(checked=row.checked, ok=bad is None, first_bad=bad, next_after=following)


async def unsealed(read: Reader, behind: UUID | None, most: int) -> tuple[UUID | None, UUID | None]:
    """Looks among so many rows for one that neither has a seal nor waits for it: the first, and where to go on (None: done)."""
    row = (await read.execute(UNSEALED, {"behind": behind, "most": most})).one()
    return row.first_bad, row.reached if row.checked == most and row.first_bad is None else None
