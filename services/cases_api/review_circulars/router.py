"""Route of the circular."""

from __future__ import annotations

from typing import Annotated, Any, Final

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.review_circulars import queries, rules
from services.cases_api.review_circulars.schemas import CircularQuery
from services.cases_api.review_statistics import queries as statistics
from services.cases_api.review_statistics import rules as statistics_rules
from services.cases_api.review_statistics.schemas import ReviewStatisticsQuery
from services.kit import answers, errors, exports, fields, routing
from services.kit.documents import rendering
from services.kit.runtime import Now, ReadDep, RuntimeDep

router = routing.router("/v1/review-campaigns/{campaign_id}", "review-campaigns")
FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {each: {"schema": {"type": "string", "format": "binary"}} for each in rendering.MEDIA_TYPES.values()}}
}


@router.get("/circular", response_class=Response, responses=FILES, summary="评查通报", openapi_extra={routing.TAKES_TIME: True})
async def circular(
    request: Request,
    campaign_id: fields.Id,
    wanted: Annotated[CircularQuery, Query()],
    who: access.MayExportReviewCampaigns,
    read: ReadDep,
    process: RuntimeDep,
    now: Now,
) -> Response:
    """The campaign's figures as a circular in the layout of official papers (GB/T 9704), with tables and charts: PDF for print,
    .docx for further editing. The same figures, as of the same moment, are the same bytes.
    """
    errors.raise_if(statistics_rules.why_not_as_of(wanted.as_of, now))
    moment = wanted.as_of or now
    ground = await queries.ground(read, who, campaign_id, moment)
    asked = ReviewStatisticsQuery(campaign_id=campaign_id, as_of=wanted.as_of)
    figures = await statistics.figures(read, who, asked, now)
    added = rules.Wanted(wanted.number, wanted.addressee, wanted.copies, wanted.signed_on)
    made = await rendering.render(rules.circular(ground, figures, added), wanted.form, moment)
    facts = {"campaign_id": campaign_id, "form": wanted.form}
    await exports.audited(request, process, who, "review_circular", facts)
    name = f"{ground.year}年案卷评查通报.{wanted.form}"
    headers = {"Content-Disposition": answers.file_name_header(name)}
    return Response(made, media_type=rendering.MEDIA_TYPES[wanted.form], headers=headers)
