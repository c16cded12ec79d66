"""Routes of number patterns."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.number_patterns import actions, queries
from services.cases_api.number_patterns.schemas import (
    NumberPatternChange,
    NumberPatternFilter,
    NumberPatternIn,
    NumberPatternOut,
    NumberPatternPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/number-patterns", "number-patterns")


@router.get("", response_model=NumberPatternPage, summary="案号编号规则列表")
async def page(
    wanted: Annotated[NumberPatternFilter, Query()], who: access.MayReadNumberPatterns, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Patterns of the caller's district and the one delivered; the most special one in force is used."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=NumberPatternOut, status_code=201, summary="新增案号编号规则")
async def create(
    request: Request, wanted: NumberPatternIn, who: access.MayWriteNumberPatterns, session: SessionDep, now: Now
) -> Response:
    """Lays down a pattern for the district, or for one unit, kind or year; it must tell all its cases apart."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/number-patterns/{made.id}")


@router.get("/{pattern_id}", response_model=NumberPatternOut, summary="案号编号规则")
async def one(request: Request, pattern_id: fields.Id, who: access.MayReadNumberPatterns, read: ReadDep) -> Response:
    """One pattern."""
    return answers.one(request, await queries.one(read, who, pattern_id))


@router.put("/{pattern_id}", response_model=NumberPatternOut, summary="修改案号编号规则")
async def replace(
    request: Request,
    pattern_id: fields.Id,
    wanted: NumberPatternChange,
    who: access.MayWriteNumberPatterns,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Replaces the text of a pattern; numbers already given keep their form."""
    await actions.replace(session, who, pattern_id, version, wanted)
    return answers.one(request, await queries.one(session, who, pattern_id))
