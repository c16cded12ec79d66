"""Keeping the lateness record. Called inside the transaction of whatever moves an assignment, and by the sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from services.kit import alike, audit, clock, ids, outbox
from services.kit.alike import Told
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access, working_days
from services.tasks_api.lateness import queries, rules
from services.tasks_api.lateness.rules import How, Kind, Move, Owed, Standing
from services.tasks_api.lateness.tables import Lateness, LatenessEvent

OBJECT = "lateness"
# A record with the last thing that happened to it.
Found = tuple[Lateness, LatenessEvent | None]


async def note(session: Session, who: Principal, owed: Owed, now: datetime, why: How = How.STILL_LATE) -> None:
    """Records that a unit is late, once for each date it missed; a record that had ended goes on. Nothing when it is not late.

    The row of what is owed must be locked: whoever holds it is alone with its record.
    """
    await _noted(session, who, owed, now, why)


async def note_many(session: Session, who: Principal, owed: Sequence[Owed], now: datetime) -> None:
    """The same for many at once: what is late since the last look is written and told together."""
    late = {each.subject_id: each for each in owed if rules.is_late(each, clock.local_day(now))}
    known = await queries.standing(session, list(late))
    moves = {key: rules.move(known.get((key, each.unit_id)), each) for key, each in late.items()}
    rows = [_row(late[key], now) for key, move in moves.items() if move is Move.OPEN]
    await queries.add(session, rows)
    alike.tell(session, who, f"{OBJECT}.recorded", OBJECT, access.LATENESS_READ, [_told(row) for row in rows])
    for key, move in moves.items():
        if move is Move.GO_ON:
            await _noted(session, who, late[key], now, How.STILL_LATE)


async def end(session: Session, who: Principal, owed: Owed, how: How, now: datetime) -> None:
    """The lateness of a unit stops, if there is one: recorded with its working days. The record itself stays."""
    if found := await _noted(session, who, owed, now, How.STILL_LATE):
        await _add(session, who, found, Kind.ENDED, how, owed, now)


async def _noted(session: Session, who: Principal, owed: Owed, now: datetime, why: How) -> Found | None:
    """The record of a unit that is late, opened or gone on with if need be; None when it is not late."""
    if not rules.is_late(owed, clock.local_day(now)):
        return None
    found = await queries.latest_of(session, owed.subject_id, owed.unit_id)
    move = rules.move(_standing(*found) if found else None, owed)
    if found is None or move is Move.OPEN:
        return await _open(session, who, owed, now), None
    if move is Move.GO_ON:
        return found[0], await _add(session, who, found, Kind.WENT_ON, why, owed, now)
    return found


def _standing(record: Lateness, last: LatenessEvent | None) -> Standing:
    return Standing(record.due_on, last.kind if last else None, last.how if last else None)


def _row(owed: Owed, now: datetime) -> dict[str, Any]:
    """A new record."""
    assert owed.due_on is not None
    assert owed.counts_from is not None
    return {
        "id": ids.new_id(),
        "subject_type": owed.subject_type.value,
        "subject_id": owed.subject_id,
        "assignment_id": owed.assignment_id,
        "district_id": owed.district_id,
        "plan_id": owed.plan_id,
        "task_id": owed.task_id,
        "unit_id": owed.unit_id,
        "due_on": owed.due_on,
        "counts_from": owed.counts_from,
        "first_late_on": rules.first_late_on(owed.counts_from),
        "recorded_at": now,
    }


async def _open(session: Session, who: Principal, owed: Owed, now: datetime) -> Lateness:
    row = _row(owed, now)
    record = Lateness(**row)
    session.add(record)
    await session.flush()
    _tell(session, who, record, "recorded", 1, _after(row))
    return record


async def _add(session: Session, who: Principal, found: Found, kind: Kind, how: How, owed: Owed, now: datetime) -> LatenessEvent:
    today, (record, last) = clock.local_day(now), found
    counts_from = _counts_from(record, last, kind, owed)
    event = LatenessEvent(
        lateness_id=record.id,
        number=(last.number if last else 0) + 1,
        kind=kind.value,
        how=how.value,
        happened_on=today,
        counts_from=counts_from,
        days_late=await working_days.count_after(session, counts_from, today),
        actor_name=who.name,
        recorded_at=now,
    )
    session.add(event)
    await session.flush()
    verb = "ended" if kind is Kind.ENDED else "went_on"
    _tell(session, who, record, verb, event.number + 1, {"how": how.value, "days_late": event.days_late, "on": today})
    return event


def _counts_from(record: Lateness, last: LatenessEvent | None, kind: Kind, owed: Owed) -> date:
    """The day from which days are counted: a pause has moved it when the record goes on."""
    if kind is Kind.WENT_ON and owed.counts_from is not None:
        return owed.counts_from
    return last.counts_from if last else record.counts_from


def _tell(session: Session, who: Principal, record: Lateness, verb: str, version: int, after: dict[str, object]) -> None:
    place = (record.district_id, record.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, record.id, *place, after=after)
    data = _subject({name: getattr(record, name) for name in ("subject_type", "subject_id", "assignment_id", "task_id")})
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, record.id, version, access.LATENESS_READ, *place, data=data)


def _told(row: Mapping[str, Any]) -> Told:
    """A new record as it is told together with others."""
    place = (row["district_id"], row["unit_id"])
    return Told(row["id"], *place, version=1, after=alike.text(_after(row)), data=alike.text(_subject(row)))


def _after(row: Mapping[str, Any]) -> dict[str, object]:
    return _subject(row) | {"first_late_on": row["first_late_on"]}


def _subject(row: Mapping[str, Any]) -> dict[str, object]:
    """What it is about, without what does not apply."""
    if row["assignment_id"] is None:
        return {f"{row['subject_type']}_id": row["subject_id"]}
    return {"assignment_id": row["assignment_id"], "task_id": row["task_id"]}
