"""Route of hints."""

from __future__ import annotations

from fastapi import Response

from services.cases_api import access
from services.cases_api.review_hints import actions
from services.cases_api.review_hints.schemas import HintsOut
from services.kit import fields, routing
from services.kit.runtime import Now, ReadDep

router = routing.router("/v1/reviews", "reviews")


@router.get("/{review_id}/hints", response_model=HintsOut, summary="自动核查提示")
async def hints(review_id: fields.Id, who: access.MayReadReviews, read: ReadDep, now: Now) -> Response:
    """What the legal check finds beside the items of the rubric that point to its rules: hints, never scores."""
    found = await actions.hints_of(read, who, review_id, now)
    return Response(found.model_dump_json(exclude_none=True), media_type="application/json")
