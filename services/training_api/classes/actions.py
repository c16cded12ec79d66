"""What is done with training classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.classes import queries, rules
from services.training_api.classes.schemas import ClassChange, ClassIn
from services.training_api.classes.tables import TrainingClass
from services.training_api.training_settings import queries as settings
from services.training_api.training_settings import rules as conversion

OBJECT = "class"
_tell: Final = Trail(OBJECT, access.CLASSES_READ).tell
NULLABLE = ("location", "capacity", "plan_id")
Times = list[tuple[datetime, datetime]]


async def create(session: Session, who: Principal, wanted: ClassIn, now: datetime) -> TrainingClass:
    """Plans a class of a unit. Raises BadInput (organiser, times, sessions, hours, plan)."""
    unit = await references.unit(session, wanted.organiser_id, "/body/organiser_id")
    made = TrainingClass(
        id=ids.new_id(),
        district_id=unit.district_id,
        unit_id=unit.id,
        kind=wanted.kind.value,
        category=wanted.category.value,
        hundredths=wanted.hours or 0,
        stated=wanted.hours is not None,
        state=rules.State.PLANNED.value,
        created_at=now,
        **wanted.model_dump(include={"title", "online", "starts_at", "ends_at", *NULLABLE}),
    )
    sessions = [(each.starts_at, each.ends_at) for each in wanted.sessions or []]
    faults = [] if rights.covers(who, unit.path) else [errors.Fault("/body/organiser_id", "not_found")]
    sessions = await _make_sound(session, made, sessions, now, faults)
    session.add(made)
    await queries.replace_sessions(session, made.id, sessions)
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json", exclude_none=True))
    return made


async def change(
    session: Session, who: Principal, class_id: UUID, version: int, wanted: ClassChange, now: datetime
) -> TrainingClass:
    """Changes a planned class; a greater capacity lets those who wait move up.

    Raises NotFound, Stale, HoursPosted, Cancelled, AttendanceRecorded, BadInput as `create`.
    """
    found = await queries.one_for_update(session, who, class_id, version)
    sent = _sent(wanted)
    times = bool({"starts_at", "ends_at", "sessions"} & sent.keys())
    raise_if(rules.why_not_change(found, times=times, attended=times and await queries.is_attended(session, found.id)))
    sessions = await _sessions_after(session, found, sent)
    before, after = audit.changes({name: getattr(found, name) for name in sent}, sent)
    with session.no_autoflush:
        for name, value in after.items():
            setattr(found, name, value)
        sessions = await _make_sound(session, found, sessions, now, [])
    await queries.touch(session, found)
    if times:
        await queries.replace_sessions(session, found.id, sessions)
    _tell(session, who, found, "changed", before, after)
    await move_up(session, who, found)
    return found


async def settle(session: Session, who: Principal, found: TrainingClass, now: datetime) -> None:
    """Works out the hours of a planned class once more before they are posted, by the settings as recorded by now."""
    if found.stated or found.state != rules.State.PLANNED:
        return
    before = {"hundredths": found.hundredths, "settings_id": found.settings_id}
    sessions = [(begin, end) for _, begin, end in await queries.sessions_of(session, found.id)]
    await _work_out(session, found, sessions, now)
    old, new = audit.changes(before, {"hundredths": found.hundredths, "settings_id": found.settings_id})
    if new:
        await session.flush()
        _tell(session, who, found, "changed", old, new)


async def cancel(session: Session, who: Principal, class_id: UUID, version: int, reason: str) -> TrainingClass:
    """Says that a planned class does not take place. Raises NotFound, Stale, HoursPosted, Cancelled."""
    found = await queries.one_for_update(session, who, class_id, version)
    raise_if(rules.why_not_cancel(found))
    found.state = rules.State.CANCELLED.value
    await session.flush()
    _tell(session, who, found, "cancelled", {"state": "planned"}, {"state": "cancelled"}, reason=reason)
    return found


async def hold(session: Session, who: Principal, found: TrainingClass) -> None:
    """Marks a class as held, with its first hours."""
    if found.state == rules.State.HELD:
        return
    found.state = rules.State.HELD.value
    await session.flush()
    _tell(session, who, found, "held", {"state": "planned"}, {"state": "held"})


async def move_up(session: Session, who: Principal, found: TrainingClass) -> None:
    """Gives free seats to those who wait, and tells of it."""
    if moved := await queries.move_up(session, found):
        _tell(session, who, found, "moved_up", {}, {"officer_ids": moved}, data={"officer_ids": [str(each) for each in moved]})


async def touch(session: Session, who: Principal, found: TrainingClass, verb: str, after: Any) -> None:
    """Makes a new version of a class whose enrolments changed: its body counts them, so its ETag must follow them."""
    await queries.touch(session, found)
    _tell(session, who, found, verb, {}, after)


def _sent(wanted: ClassChange) -> dict[str, Any]:
    """Columns with their new values. Null clears only what may be empty; cleared hours are worked out."""
    given = wanted.model_dump(exclude_unset=True, exclude={"hours", "sessions"})
    sent = {name: value for name, value in given.items() if value is not None or name in NULLABLE}
    if "hours" in wanted.model_fields_set:
        sent |= {"stated": wanted.hours is not None, "hundredths": wanted.hours or 0}
    if wanted.sessions is not None:
        sent["sessions"] = [(each.starts_at, each.ends_at) for each in wanted.sessions]
    return sent


async def _sessions_after(session: Session, found: TrainingClass, sent: dict[str, Any]) -> Times:
    """The sessions a change leaves: those sent, one a day where only the times were sent, else those there are."""
    if "sessions" in sent:
        return list(sent.pop("sessions"))
    if {"starts_at", "ends_at"} & sent.keys():
        return []
    return [(begin, end) for _, begin, end in await queries.sessions_of(session, found.id)]


async def _make_sound(
    session: Session, found: TrainingClass, sessions: Times, now: datetime, faults: list[errors.Fault]
) -> Times:
    """Works out what is not stated; raises BadInput with all faults. Answers the sessions, one a day when none is given."""
    if found.ends_at > found.starts_at:
        faults += rules.faults_of_sessions(sessions, found.starts_at, found.ends_at)
        sessions = sessions or conversion.days_as_sessions(found.starts_at, found.ends_at)
        if not faults:
            coordinator = await _work_out(session, found, sessions, now)
            faults += _some(rules.fault_of_organiser(found.kind, found.unit_id, coordinator))
    faults += rules.faults_of_times(found.starts_at, found.ends_at, found.hundredths)
    year = rules.days_of(found)[1].year
    if found.plan_id is not None and not await queries.is_plan_of(session, found.plan_id, found.unit_id, year):
        faults.append(errors.Fault("/body/plan_id", "class.no_plan"))
    if faults:
        raise errors.BadInput(*faults)
    return sessions


async def _work_out(session: Session, found: TrainingClass, sessions: Times, now: datetime) -> UUID | None:
    """Hours that are not stated, by the settings of the class's last day; answers the coordinating unit of that day."""
    rule = await settings.in_force(session, found.district_id, rules.days_of(found)[1], now)
    found.settings_id = None if found.stated else rule.id
    if not found.stated:
        found.hundredths = conversion.hours_of(sessions, rule)
    return rule.coordinator_id


def _some(fault: errors.Fault | None) -> list[errors.Fault]:
    return [] if fault is None else [fault]
