"""Route of the scoreboard."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.kit import clock, errors, routing
from services.kit.runtime import Now, ReadDep
from services.tasks_api import access
from services.tasks_api.assignments.queries import Today
from services.tasks_api.scoreboard import queries, rules
from services.tasks_api.scoreboard.schemas import ChangesQuery, ScoreboardChangesOut, ScoreboardOut, ScoreboardQuery

router = routing.router("/v1/scoreboard", "scoreboard")


@router.get("", response_model=ScoreboardOut, summary="任务进度总览")
async def board(wanted: Annotated[ScoreboardQuery, Query()], who: access.MayReadScoreboard, read: ReadDep, now: Now) -> Response:
    """Each task of a plan with the state of every unit the caller may see.

    Under each task stand the obligations that records prove, of the year asked for or the present one, and beside the units
    training hours (task 2) and reviewed case files (task 16). They are measured at once; where nothing has happened in the
    district since they were last kept (every five minutes, `obligations_recorded_at`), what was kept is told. With `as_of`
    everything is told as recorded by then, lamps as of that day.
    """
    errors.raise_if(rules.why_not_as_of(wanted.as_of, now))
    today = Today(clock.local_day(wanted.as_of or now), who.district_id)
    return Response(await queries.board(read, who, wanted, today, now), media_type="application/json")


@router.get("/changes", response_model=ScoreboardChangesOut, response_model_exclude_none=True, summary="两个时刻之间的进度变化")
async def changes(
    wanted: Annotated[ChangesQuery, Query()], who: access.MayReadScoreboard, read: ReadDep, now: Now
) -> ScoreboardChangesOut:
    """Which assignments and obligations stood otherwise at the later moment, each as recorded then, and the counts of both."""
    errors.raise_if(rules.why_not_span(wanted.from_, wanted.to, now))
    found = await queries.changes(read, who, wanted, now)
    asked = {"plan_id": wanted.plan_id, "year": wanted.year, "from": wanted.from_, "to": wanted.to or now}
    return ScoreboardChangesOut.model_validate(asked | found, strict=False)
