"""Routes of the dated settings of the ledger."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.hour_rules import actions, queries
from services.training_api.hour_rules.schemas import HourRuleFilter, HourRuleIn, HourRuleOut, HourRulePage

router = routing.router("/v1/hour-rules", "hour_rules")


@router.get("", response_model=HourRulePage, summary="学时规则列表")
async def page(
    wanted: Annotated[HourRuleFilter, Query()], who: access.MayReadHourRules, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Settings by first day, the latest first. `in_force_on` leaves the row that holds on that day."""
    return cursors.answer(await queries.RULES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{rule_id}", response_model=HourRuleOut, summary="学时规则")
async def one(request: Request, rule_id: fields.Id, who: access.MayReadHourRules, read: ReadDep) -> Response:
    """One row; entries name the row they were entered under."""
    return answers.one(request, await queries.RULE.one(read, who, rule_id))


@router.post("", response_model=HourRuleOut, status_code=201, summary="设定学时规则")
async def add(request: Request, wanted: HourRuleIn, who: access.MayWriteHourRules, session: SessionDep, now: Now) -> Response:
    """Says what holds from a day on. Rows are only added; of one day the latest recorded holds.

    409 `hours.year_closed` when the day lies in a year that is closed.
    """
    row = await actions.add(session, who, wanted, now)
    return answers.created(request, await queries.RULE.one(session, who, row.id), f"/v1/hour-rules/{row.id}")
