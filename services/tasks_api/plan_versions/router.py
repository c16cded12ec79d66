"""Routes of the versions of a plan."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from fastapi import Path, Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.plan_contents.queries import HEAD
from services.tasks_api.plan_versions import actions, queries, rules
from services.tasks_api.plan_versions.schemas import (
    ComparisonOut,
    ComparisonQuery,
    DifferenceOut,
    FieldOut,
    PlanVersionFilter,
    PlanVersionIn,
    PlanVersionOut,
    PlanVersionPage,
)
from services.tasks_api.plans import queries as plans

router = routing.router("/v1/plans", "plans")
Number = Annotated[int, Path(ge=1, le=9999)]
SLOW: dict[str, Any] = {routing.TAKES_TIME: True}


@router.get("/{plan_id}/versions", response_model=PlanVersionPage, summary="方案版本列表")
async def versions(
    plan_id: fields.Id,
    wanted: Annotated[PlanVersionFilter, Query()],
    who: access.MayReadPlans,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Every version since activation, the newest first: since when, why, and what the change did to the assignments."""
    await plans.PLAN.one(read, who, plan_id)
    listed = wanted.of(plan_id)
    return cursors.answer(await queries.VERSIONS.page(read, who, listed, cursors.after(listed)), listed)


@router.post(
    "/{plan_id}/versions", response_model=PlanVersionOut, status_code=201, openapi_extra=SLOW, summary="调整执行中的方案"
)
async def revise(
    request: Request,
    plan_id: fields.Id,
    wanted: PlanVersionIn,
    who: access.MayRevisePlans,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Makes a plan in force what is sent, as a new version; `dry_run=true` tells what that would do.

    Tasks that stay as they are keep assignments, progress and lateness. Changed ones go on: assignments keep their history and
    take over another date, units that are new get theirs, units that are named no more are done. Tasks that are not sent end:
    what is unfinished becomes void, what is approved stays. Boards and obligations of days before the change are as they were.
    """
    number = await actions.revise(session, who, plan_id, version, wanted, now)
    found = await queries.one(session, access.PLANS_READ.admit(who), plan_id, number)
    return answers.created(request, found, f"/v1/plans/{plan_id}/versions/{number}")


@router.get("/{plan_id}/versions/{number}", response_model=PlanVersionOut, summary="方案的一个版本")
async def one_version(request: Request, plan_id: fields.Id, number: Number, who: access.MayReadPlans, read: ReadDep) -> Response:
    """The plan as this version has it, with its tasks as they were read then."""
    return answers.one(request, await queries.one(read, who, plan_id, number))


@router.get("/{plan_id}/versions/{number}/comparison", response_model=ComparisonOut, summary="两个版本的差异")
async def comparison(
    plan_id: fields.Id, number: Number, wanted: Annotated[ComparisonQuery, Query()], who: access.MayReadPlans, read: ReadDep
) -> ComparisonOut:
    """What this version has otherwise than an earlier one: head, tasks added, ended and changed, field by field."""
    since = wanted.since or max(number - 1, 1)
    found = {row.number: row for row in await queries.contents(read, who, plan_id, [since, number])}
    before, after = found[since], found[number]
    return ComparisonOut(
        plan_id=plan_id,
        since=since,
        number=number,
        head=_fields(rules.differing(before.head, after.head, HEAD)),
        tasks=[_told(each) for each in rules.compare(before.content, after.content)],
    )


def _fields(differing: Iterable[tuple[str, Any, Any]]) -> list[FieldOut]:
    return [FieldOut(name=name, before=old, after=new) for name, old, new in differing]


def _told(each: rules.Difference) -> DifferenceOut:
    kind, number = each.key
    return DifferenceOut.model_validate(
        {"kind": kind, "number": number, "title": each.title, "change": each.change, "fields": _fields(each.fields)}
    )
