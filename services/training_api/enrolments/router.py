"""Routes of enrolments and attendance."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.kit import fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.enrolments import actions, queries
from services.training_api.enrolments.schemas import AttendanceIn, EnrolledOut, EnrolmentFilter, EnrolmentIn, EnrolmentPage

router = routing.router("/v1/classes/{class_id}", "enrolments")


@router.get("/enrolments", response_model=EnrolmentPage, summary="报名与考勤列表")
async def page(
    class_id: fields.Id,
    wanted: Annotated[EnrolmentFilter, Query()],
    who: access.MayReadEnrolments,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Enrolments of a class: the organiser sees all, a unit its own people."""
    return cursors.answer(await queries.page(read, who, class_id, wanted, cursors.after(wanted)), wanted)


@router.post("/enrolments", response_model=EnrolledOut, summary="报名")
async def enrol(class_id: fields.Id, wanted: EnrolmentIn, who: access.MayEnrol, session: SessionDep, now: Now) -> EnrolledOut:
    """Enrols officers of the caller's units; a repeat changes nothing."""
    return await actions.enrol(session, who, class_id, wanted.officer_ids, now)


@router.post("/attendance", response_model=EnrolledOut, summary="考勤")
async def record_attendance(
    class_id: fields.Id, wanted: AttendanceIn, who: access.MayRecordAttendance, session: SessionDep, now: Now
) -> EnrolledOut:
    """The organiser records who was present. After hours were posted, nobody can be marked absent any more."""
    return await actions.record_attendance(session, who, class_id, wanted, now)
