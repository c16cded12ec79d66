"""Routes of the rules about people."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.personnel_rules import actions, queries
from services.training_api.personnel_rules.schemas import (
    PersonnelRuleFilter,
    PersonnelRuleIn,
    PersonnelRuleOut,
    PersonnelRulePage,
)

router = routing.router("/v1/personnel-rules", "personnel_rules")


@router.get("", response_model=PersonnelRulePage, summary="人员管理规则列表")
async def page(
    wanted: Annotated[PersonnelRuleFilter, Query()], who: access.MayReadPersonnelRules, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Rules by their first day, latest first. `in_force_on` leaves the row that holds on that day."""
    return cursors.answer(await queries.RULES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=PersonnelRuleOut, status_code=201, summary="设定人员管理规则")
async def add(
    request: Request, wanted: PersonnelRuleIn, who: access.MayWritePersonnelRules, session: SessionDep, now: Now
) -> Response:
    """Says what holds from a day on: how long certificates last, which exams they demand, how names are shown in public."""
    row = await actions.add(session, who, wanted, now)
    where = f"/v1/personnel-rules?in_force_on={row.valid_from}"
    return answers.created(request, await queries.one(session, row.id), where)
