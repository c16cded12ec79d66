"""Keeping the lateness record. Called inside the transaction of whatever moves an assignment, and by the sweep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.kit import audit, clock, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access, working_days
from services.tasks_api.lateness import queries, rules
from services.tasks_api.lateness.rules import How, Kind, Owed
from services.tasks_api.lateness.tables import Lateness, LatenessEvent

OBJECT = "lateness"
# A record with the last thing that happened to it.
Found = tuple[Lateness, LatenessEvent | None]


async def note(session: Session, who: Principal, owed: Owed, now: datetime, why: How = How.STILL_LATE) -> None:
    """Records that a unit is late, once for each date it missed; a record that had ended goes on. Nothing when it is not late.

    The row of what is owed must be locked: whoever holds it is alone with its record.
    """
    await note_many(session, who, [owed], now, why)


async def note_many(
    session: Session, who: Principal, owed: Sequence[Owed], now: datetime, why: How = How.STILL_LATE
) -> Mapping[UUID, Found]:
    """The same for many at once; answers by the id of what is owed the records of those that are late."""
    late = {each.subject_id: each for each in owed if rules.is_late(each, clock.local_day(now))}
    if not late:
        return {}
    known = await queries.latest_of(session, list(late))
    records: dict[UUID, Found] = {}
    for key, each in late.items():
        found = known.get((key, each.unit_id))
        if found is None or _is_another_date(found, each):
            records[key] = (_open(session, who, each, now), None)
        elif found[1] is not None and found[1].kind == Kind.ENDED:
            records[key] = (found[0], await _add(session, who, found, Kind.WENT_ON, why, each, now))
        else:
            records[key] = found
    await session.flush()
    return records


async def end(session: Session, who: Principal, owed: Owed, how: How, now: datetime) -> None:
    """The lateness of a unit stops, if there is one: recorded with its working days. The record itself stays."""
    records = await note_many(session, who, [owed], now)
    if found := records.get(owed.subject_id):
        await _add(session, who, found, Kind.ENDED, how, owed, now)


def _is_another_date(found: Found, owed: Owed) -> bool:
    """A date moved by an extension or a new version of the plan is a new one; a date moved by a pause is not."""
    record, last = found
    moved = last is not None and last.kind == Kind.ENDED and last.how in {How.EXTENDED, How.REPLANNED}
    return moved and record.due_on != owed.due_on


def _open(session: Session, who: Principal, owed: Owed, now: datetime) -> Lateness:
    assert owed.due_on is not None
    assert owed.counts_from is not None
    record = Lateness(
        id=ids.new_id(),
        subject_type=owed.subject_type.value,
        subject_id=owed.subject_id,
        assignment_id=owed.assignment_id,
        district_id=owed.district_id,
        plan_id=owed.plan_id,
        task_id=owed.task_id,
        unit_id=owed.unit_id,
        due_on=owed.due_on,
        counts_from=owed.counts_from,
        first_late_on=rules.first_late_on(owed.counts_from),
        recorded_at=now,
    )
    session.add(record)
    _tell(session, who, record, "recorded", 1, _subject(record) | {"first_late_on": record.first_late_on})
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
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, record.id, version, access.LATENESS_READ, *place, data=_subject(record))


def _subject(record: Lateness) -> dict[str, object]:
    """What it is about, without what does not apply."""
    named = {"assignment_id": record.assignment_id, "task_id": record.task_id}
    if record.assignment_id is None:
        named = {f"{record.subject_type}_id": record.subject_id}
    return dict(named)
