"""Routes of attendance."""

from __future__ import annotations

from services.kit import batches, fields, routing
from services.kit.runtime import Language, Now, SessionDep
from services.training_api import access
from services.training_api.attendance import actions
from services.training_api.attendance.schemas import AttendanceIn, AttendanceRows, SignInIn
from services.training_api.enrolments.schemas import EnrolledOut

router = routing.router("/v1/classes/{class_id}", "attendance")


@router.post("/attendance", response_model=EnrolledOut, summary="考勤")
async def record(
    class_id: fields.Id, wanted: AttendanceIn, who: access.MayRecordAttendance, session: SessionDep, now: Now
) -> EnrolledOut:
    """The organiser records who was present, who missed a part and who was absent. Whoever missed more than the settings
    allow (by default a seventh) earns no hours. After hours were posted, nobody can be marked absent any more.
    """
    return await actions.record(session, who, class_id, wanted, now)


@router.post("/attendance/batch", response_model=batches.Outcomes, summary="按行导入考勤")
async def record_rows(
    class_id: fields.Id,
    wanted: AttendanceRows,
    who: access.MayRecordAttendance,
    session: SessionDep,
    now: Now,
    language: Language,
) -> batches.Outcomes:
    """Rows of a sign-in sheet, at most 500; each answers by itself, and with `atomic` one bad row keeps all out."""
    return await actions.record_rows(session, who, class_id, wanted, now, language)


@router.post("/sign-ins", response_model=EnrolledOut, summary="签到")
async def sign_in(
    class_id: fields.Id, wanted: SignInIn, who: access.MayRecordAttendance, session: SessionDep, now: Now
) -> EnrolledOut:
    """Signs officers in to the session of this moment; it opens some minutes before it begins. The first signing in counts,
    what passed of the session by then is missed, and what is recorded by hand goes before it. 409 `class.no_session_now`.
    """
    return await actions.sign_in(session, who, class_id, wanted, now)
