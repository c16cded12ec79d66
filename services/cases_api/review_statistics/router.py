"""Route of review statistics."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response
from fastapi.responses import JSONResponse

from services.cases_api import access
from services.cases_api.review_statistics import queries, rules
from services.cases_api.review_statistics.schemas import ReviewStatisticsOut, ReviewStatisticsQuery
from services.kit import errors, routing
from services.kit.runtime import Now, ReadDep

router = routing.router("/v1/review-statistics", "review-statistics")


@router.get("", response_model=ReviewStatisticsOut, summary="评查统计", openapi_extra={routing.TAKES_TIME: True})
async def figures(
    wanted: Annotated[ReviewStatisticsQuery, Query()], who: access.MayReadReviewStatistics, read: ReadDep, now: Now
) -> Response:
    """Coverage of self-review, grades, items, vetoes, common defects, inflation of self-review, agreement, reviewers' figures.

    Only rounds published by then are counted, so nobody learns here what a running round still hides. A unit's leader reads
    the figures of the unit's own files; what concerns single reviewers is told to the bureau alone.
    """
    errors.raise_if(rules.why_not_as_of(wanted.as_of, now))
    errors.raise_if(rules.why_not_everything((wanted.campaign_id, wanted.round_id, wanted.year)))
    return JSONResponse(await queries.figures(read, who, wanted, now))
