"""Routes of enrolments."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.kit import fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.enrolments import actions, queries
from services.training_api.enrolments.schemas import EnrolledOut, EnrolmentFilter, EnrolmentIn, EnrolmentPage, WithdrawalIn

router = routing.router("/v1/classes/{class_id}", "enrolments")


@router.get("/enrolments", response_model=EnrolmentPage, summary="报名与考勤列表")
async def page(
    class_id: fields.Id,
    wanted: Annotated[EnrolmentFilter, Query()],
    who: access.MayReadEnrolments,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """Enrolments of a class with what attendance came to: the organiser sees all, a unit its own people."""
    return cursors.answer(await queries.page(read, who, class_id, wanted, cursors.after(wanted), now), wanted)


@router.post("/enrolments", response_model=EnrolledOut, summary="报名")
async def enrol(class_id: fields.Id, wanted: EnrolmentIn, who: access.MayEnrol, session: SessionDep, now: Now) -> EnrolledOut:
    """Enrols officers of the caller's units; when no seat is free they wait, in the order they came. A repeat changes nothing."""
    return await actions.enrol(session, who, class_id, wanted.officer_ids, now)


@router.post("/withdrawals", response_model=EnrolledOut, summary="退出报名")
async def withdraw(class_id: fields.Id, wanted: WithdrawalIn, who: access.MayEnrol, session: SessionDep, now: Now) -> EnrolledOut:
    """Withdraws officers of the caller's units before the class begins; whoever waits next moves up. A repeat changes nothing."""
    return await actions.withdraw(session, who, class_id, wanted, now)
