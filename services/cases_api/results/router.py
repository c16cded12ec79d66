"""Route of results."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.cases_api import access
from services.cases_api.results import queries
from services.cases_api.results.schemas import ResultFilter, ResultPage
from services.kit import routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep

router = routing.router("/v1/results", "results")


@router.get("", response_model=ResultPage, summary="评查结果列表")
async def page(
    wanted: Annotated[ResultFilter, Query()], who: access.MayReadResults, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The final score of each file in each published round: for a unit its own files, for the bureau the district's."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)
