"""Routes of the ladder."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.kit import clock, fields, operations, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.escalations import actions, queries
from services.tasks_api.escalations.schemas import EscalationFilter, EscalationPage, LadderStateOut, RemindIn, RemindOut

router = routing.router("/v1/escalations", "escalations")
of_assignment = routing.router("/v1/assignments/{assignment_id}", "escalations")
KIND = "escalation_sweep"


@router.get("", response_model=EscalationPage, summary="督办升级记录")
async def page(
    wanted: Annotated[EscalationFilter, Query()], who: access.MayReadEscalations, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Steps of the ladder that were taken, the latest first: who was warned of what, and when."""
    return cursors.answer(await queries.ESCALATIONS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("/sweep", status_code=202, summary="立即巡查")
async def sweep(who: access.MaySweep, session: SessionDep) -> Response:
    """Looks at everything that falls due now instead of within the next minute. Safe to ask for at any time."""
    return operations.accepted(await operations.start(session, who, KIND, {}))


@of_assignment.get("/ladder", response_model=LadderStateOut, summary="任务的督办进程")
async def ladder(assignment_id: fields.Id, who: access.MayReadEscalations, read: ReadDep, now: Now) -> Response:
    """What was taken for an assignment, and what comes next if nothing happens."""
    return Response(await queries.ladder_of(read, who, assignment_id, clock.local_day(now)), media_type="application/json")


@of_assignment.post("/remind", response_model=RemindOut, summary="催办")
async def remind(assignment_id: fields.Id, wanted: RemindIn, who: access.MayRemind, session: SessionDep, now: Now) -> RemindOut:
    """Reminds the unit's people by hand. How many times and how often is a setting.

    409 `reminder.too_many`, `reminder.too_soon`, `reminder.nothing_owed` once handed in, suspended or void.
    """
    return await actions.remind(session, who, assignment_id, wanted, now)
