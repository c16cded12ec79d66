"""Recording who was present. The organiser does; others than those on the list must be the caller's own people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from services.kit import audit, batches, errors
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.training_api.attendance import queries, rules
from services.training_api.attendance.queries import Mark
from services.training_api.attendance.schemas import AttendanceIn, AttendanceRow, AttendanceRows, SignInIn
from services.training_api.classes import queries as classes
from services.training_api.classes import rules as class_rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.enrolments import actions as enrolments
from services.training_api.enrolments import queries as lists
from services.training_api.enrolments.schemas import EnrolledOut
from services.training_api.training_settings import queries as settings

PLATFORM = "platform"


async def record(session: Session, who: Principal, class_id: UUID, wanted: AttendanceIn, now: datetime) -> EnrolledOut:
    """Records who was present, who missed a part, and who was absent.

    Raises NotFound, Cancelled, NotBegun, BadInput (officers, sessions), HoursPosted (absent after the hours were posted).
    """
    found = await classes.lock(session, who, class_id)
    raise_if(class_rules.why_not_record(found, now))
    if wanted.absent_officer_ids and found.state == class_rules.State.HELD:
        raise class_rules.HoursPosted
    lengths = rules.minutes_of(await classes.sessions_of(session, found.id))
    for name in ("officer_ids", "absent_officer_ids"):
        await _demand_people(session, who, found, getattr(wanted, name), name)
    await _demand_people(session, who, found, [each.officer_id for each in wanted.partly], "partly")
    marks = [Mark(each, True, 0) for each in dict.fromkeys(wanted.officer_ids)]
    marks += [
        Mark(each.officer_id, True, rules.missed(lengths, each.missed_sessions, each.missed_minutes, f"/body/partly/{row}"))
        for row, each in enumerate(wanted.partly)
    ]
    marks += [Mark(each, False, sum(lengths.values())) for each in dict.fromkeys(wanted.absent_officer_ids)]
    await queries.mark(session, found.id, marks, await lists.next_turn(session, found.id), now)
    told = wanted.model_dump(mode="json", exclude_defaults=True)
    return await enrolments.told(session, who, found, "attendance_recorded", told)


async def record_rows(
    session: Session, who: Principal, class_id: UUID, wanted: AttendanceRows, now: datetime, language: str
) -> batches.Outcomes:
    """Records a sign-in sheet row by row; bad rows are named and do not stop the good ones. Raises as `record`."""
    found = await classes.lock(session, who, class_id)
    raise_if(class_rules.why_not_record(found, now))
    people = await _people(session, found, wanted.items)
    known = await queries.known(session, who, found.id, {each for each in people if each is not None})
    absent = await enrolments.not_serving(session, sorted(known), found)
    lengths = rules.minutes_of(await classes.sessions_of(session, found.id))
    judged: list[Mark | errors.DomainError] = []
    for row, officer_id in zip(wanted.items, people, strict=True):
        before = {each.officer_id for each in judged if isinstance(each, Mark)}
        judged.append(_judged(found, row, officer_id if officer_id in known - absent else None, before, lengths))
    marks = [each for each in judged if isinstance(each, Mark)]
    if len(marks) == len(judged) or not wanted.atomic:
        await queries.mark(session, found.id, marks, await lists.next_turn(session, found.id), now)
    if marks:
        await enrolments.told(session, who, found, "attendance_recorded", {"rows": len(marks)})
    results: list[batches.Done | errors.DomainError] = [
        (200, each.officer_id) if isinstance(each, Mark) else each for each in judged
    ]
    return batches.told(session, results, atomic=wanted.atomic, language=language)


async def sign_in(session: Session, who: Principal, class_id: UUID, wanted: SignInIn, now: datetime) -> EnrolledOut:
    """Signs officers in to the session that runs now, or is about to begin; the minutes passed of it are missed.

    Raises NotFound, Cancelled, NoSessionNow, BadInput (officers).
    """
    found = await classes.lock(session, who, class_id)
    raise_if(class_rules.why_not_attend(found))
    rule = await settings.in_force(session, found.district_id, class_rules.days_of(found)[1], now)
    sessions = await classes.sessions_of(session, found.id)
    place, missed = class_rules.session_open_at(sessions, now, timedelta(minutes=rule.sign_in_minutes))
    await _demand_people(session, who, found, wanted.officer_ids, "officer_ids")
    officer_ids = list(dict.fromkeys(wanted.officer_ids))
    await queries.seat(session, found.id, officer_ids, await lists.next_turn(session, found.id), now)
    signed = await queries.sign_in(session, who, found.id, officer_ids, place, missed, now)
    if not signed:
        audit.nothing_changed(session)
        return await enrolments.counted(session, found)
    return await enrolments.told(session, who, found, "signed_in", {"officer_ids": signed, "session": place})


async def _demand_people(session: Session, who: Principal, found: TrainingClass, sent: Sequence[UUID], name: str) -> None:
    known = await queries.known(session, who, found.id, sent)
    enrolments.demand(sent, set(sent) - known, name)
    enrolments.demand(sent, await enrolments.not_serving(session, sent, found), name, "hours.not_in_service")


async def _people(session: Session, found: TrainingClass, rows: Sequence[AttendanceRow]) -> list[UUID | None]:
    keys = [(row.external_system or PLATFORM, row.external_id or "") for row in rows]
    wanted = {key for key, row in zip(keys, rows, strict=True) if row.external_id is not None}
    by_key = await queries.by_external_ids(session, found.district_id, wanted)
    return [row.officer_id or by_key.get(key) for key, row in zip(keys, rows, strict=True)]


def _judged(
    found: TrainingClass, row: AttendanceRow, officer_id: UUID | None, before: set[UUID], lengths: dict[int, int]
) -> Mark | errors.DomainError:
    """What a row comes to. Officers not known to the caller, not there or not in service then are told alike."""
    name = "officer_id" if row.officer_id is not None else "external_id"
    if officer_id is None or officer_id in before:
        return errors.BadInput(errors.Fault(f"/body/{name}", "not_found" if officer_id is None else "repeated"))
    if not row.present:
        is_held = found.state == class_rules.State.HELD
        return class_rules.HoursPosted() if is_held else Mark(officer_id, False, sum(lengths.values()))
    try:
        return Mark(officer_id, True, rules.missed(lengths, row.missed_sessions, row.missed_minutes, "/body"))
    except errors.BadInput as refusal:
        return refusal
