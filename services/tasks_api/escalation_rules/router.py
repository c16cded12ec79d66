"""Routes of escalation rules."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.tasks_api import access
from services.tasks_api.escalation_rules import actions, queries
from services.tasks_api.escalation_rules.schemas import (
    EscalationRuleFilter,
    EscalationRuleIn,
    EscalationRuleOut,
    EscalationRulePage,
    LadderOut,
    LadderQuery,
)

router = routing.router("/v1/escalation-rules", "escalation-rules")


@router.get("", response_model=EscalationRulePage, summary="督办规则列表")
async def page(
    wanted: Annotated[EscalationRuleFilter, Query()], who: access.MayReadEscalationRules, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Every rule ever recorded, the latest first: those of the district and the shipped ones."""
    return cursors.answer(await queries.RULES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/in-force", response_model=LadderOut, response_model_exclude_none=True, summary="某日生效的督办规则")
async def in_force(
    wanted: Annotated[LadderQuery, Query()], who: access.MayReadEscalationRules, read: ReadDep, now: Now
) -> LadderOut:
    """The steps of a day (today unless asked otherwise), in the order in which they follow each other."""
    day = wanted.on or clock.local_day(now)
    return LadderOut.of(day, await queries.ladder(read, who.district_id, day))


@router.get("/{rule_id}", response_model=EscalationRuleOut, summary="督办规则")
async def one(request: Request, rule_id: fields.Id, who: access.MayReadEscalationRules, read: ReadDep) -> Response:
    """One rule. It never changes; a later one of the same step takes its place."""
    return answers.one(request, await queries.RULE.one(read, who, rule_id))


@router.post("", response_model=EscalationRuleOut, status_code=201, summary="新增督办规则")
async def add(
    request: Request, wanted: EscalationRuleIn, who: access.MayWriteEscalationRules, session: SessionDep, now: Now
) -> Response:
    """Records a step from a day on, today at the earliest; it replaces the step of the same name from that day."""
    rule = await actions.add(session, who, wanted, now)
    return answers.created(request, await queries.RULE.one(session, who, rule.id), f"/v1/escalation-rules/{rule.id}")
