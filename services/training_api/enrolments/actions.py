"""Enrolling officers in classes, and recording who was present."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.kit import errors
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.classes import actions as class_actions
from services.training_api.classes import queries as classes
from services.training_api.classes import rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.enrolments import queries
from services.training_api.enrolments.schemas import AttendanceIn, EnrolledOut
from services.training_api.officers import queries as officers
from services.training_api.officers import rules as officer_rules


async def enrol(session: Session, who: Principal, class_id: UUID, officer_ids: Sequence[UUID], now: datetime) -> EnrolledOut:
    """Enrols the caller's own officers in any class of the district. Raises NotFound, Cancelled, BadInput (officers)."""
    reader = access.CLASSES_READ.admit(who)
    found = await classes.lock(session, reader, class_id)
    raise_if(rules.why_not_attend(found))
    _demand(officer_ids, await officers.invisible(session, who, officer_ids), "officer_ids")
    _demand(officer_ids, await _not_serving(session, officer_ids, found), "officer_ids", "hours.not_in_service")
    await queries.enrol(session, class_id, list(dict.fromkeys(officer_ids)), now)
    return await _told(session, who, found, "enrolled", {"officer_ids": officer_ids})


async def record_attendance(session: Session, who: Principal, class_id: UUID, wanted: AttendanceIn, now: datetime) -> EnrolledOut:
    """The organiser records who was present; others than the enrolled must be the caller's own people.

    Raises NotFound, Cancelled, NotBegun, BadInput (officers), HoursPosted (absent after the hours were posted).
    """
    found = await classes.lock(session, who, class_id)
    raise_if(rules.why_not_record(found, now))
    if wanted.absent_officer_ids and found.state == rules.State.HELD:
        raise rules.HoursPosted
    for name, sent in (("officer_ids", wanted.officer_ids), ("absent_officer_ids", wanted.absent_officer_ids)):
        strangers = set(sent) - await queries.enrolled(session, class_id, sent)
        _demand(sent, await officers.invisible(session, who, list(strangers)), name)
        _demand(sent, await _not_serving(session, list(strangers), found), name, "hours.not_in_service")
    await queries.mark(session, class_id, list(dict.fromkeys(wanted.officer_ids)), True, now)
    await queries.mark(session, class_id, list(dict.fromkeys(wanted.absent_officer_ids)), False, now)
    return await _told(session, who, found, "attendance_recorded", wanted.model_dump())


async def _not_serving(session: Session, officer_ids: Sequence[UUID], found: TrainingClass) -> set[UUID]:
    """Those who are not in service on the class's last day, on which its hours count."""
    _, last = rules.days_of(found)
    spells = await officers.timelines(session, officer_ids)
    return {each for each in officer_ids if not officer_rules.is_in_service(spells[each], last)}


def _demand(sent: Sequence[UUID], refused: Collection[UUID], name: str, code: str = "not_found") -> None:
    faults = [errors.Fault(f"/body/{name}/{place}", code) for place, each in enumerate(sent) if each in refused]
    if faults:
        raise errors.BadInput(*faults)


async def _told(session: Session, who: Principal, found: TrainingClass, verb: str, after: dict[str, object]) -> EnrolledOut:
    await class_actions.touch(session, who, found, verb, after)
    enrolled, present = await queries.counts(session, found.id)
    return EnrolledOut(class_id=found.id, enrolled=enrolled, present=present)
