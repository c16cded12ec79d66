"""Routes of results."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.results import queries
from services.cases_api.results.schemas import ResultFilter, ResultOut, ResultPage, ResultVersionFilter, ResultVersionPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep

router = routing.router("/v1/results", "results")


@router.get("", response_model=ResultPage, summary="评查结果列表")
async def page(
    wanted: Annotated[ResultFilter, Query()], who: access.MayReadResults, read: ReadDep, cursors: CursorsDep
) -> Response:
    """What stands of each file of each published round: for a unit its own files, for the bureau the district's.

    Of several rounds of a campaign one result is final: arbitration before sample before cross review before self-review.
    """
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{result_id}", response_model=ResultOut, summary="评查结果")
async def one(request: Request, result_id: fields.Id, who: access.MayReadResults, read: ReadDep) -> Response:
    """One result."""
    return answers.one(request, await queries.one(read, who, result_id))


@router.get("/{result_id}/versions", response_model=ResultVersionPage, summary="评查结果变更记录")
async def versions(
    result_id: fields.Id,
    wanted: Annotated[ResultVersionFilter, Query()],
    who: access.MayReadResults,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """How the result came about: published, gone before or behind another round's, changed by an objection, voided."""
    return cursors.answer(await queries.versions(read, who, result_id, wanted, cursors.after(wanted)), wanted)
