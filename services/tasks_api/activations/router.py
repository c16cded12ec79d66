"""Route of activation."""

from __future__ import annotations

from fastapi import Request, Response

from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep
from services.tasks_api import access
from services.tasks_api.activations import actions, queries
from services.tasks_api.activations.schemas import ActivationOut

router = routing.router("/v1/plans", "plans")


@router.post("/{plan_id}/activate", response_model=ActivationOut, summary="下达计划")
async def activate(
    request: Request, plan_id: fields.Id, who: access.MayActivatePlans, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Puts a draft plan into force: groups are fixed as they stand in the plan's period, assignments are issued.

    A unit owes a task once per role, however often it is named; each fixed date is owed once, yearly deadlines once in
    each year of the plan. Names that are no known unit or group are refused, all of them at once.
    """
    await actions.activate(session, who, plan_id, version, now)
    return answers.one(request, await queries.one(session, who, plan_id))
