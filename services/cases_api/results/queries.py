"""Results are a query over submitted reviews of published rounds: nothing is kept twice."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Text, and_, cast, func, select
from sqlalchemy.dialects.postgresql import JSONPATH, aggregate_order_by
from sqlalchemy.orm import aliased

from services.cases_api.results.schemas import ResultFilter
from services.cases_api.review_assignments.rules import State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.reviews import queries as reviews
from services.cases_api.reviews.tables import Review
from services.kit import answers, pagination, visibility
from services.kit.db import Reader
from services.kit.principal import Principal

Other = aliased(ReviewAssignment)
SAME = and_(
    Other.round_id == ReviewAssignment.round_id,
    Other.case_file_id == ReviewAssignment.case_file_id,
    Other.state == State.SUBMITTED,
)
# A file's reviews in a round agree in grade and vetoes when it is published, so the first stands for all; the total is their
# mean, rounded half up to hundredths.
FIRST = ~select(Other.id).where(SAME, Other.id < ReviewAssignment.id).correlate(ReviewAssignment).exists()
OtherReview = aliased(Review)
COUNTED = func.count(OtherReview.total_hundredths)
TOTAL = (
    select((2 * func.sum(OtherReview.total_hundredths) + COUNTED) // (2 * func.nullif(COUNTED, 0)))
    .join(Other, Other.id == OtherReview.id)
    .where(SAME)
    .correlate(ReviewAssignment)
    .scalar_subquery()
)
REVIEWS = (
    select(func.json_agg(aggregate_order_by(cast(Other.id, Text), Other.id)))
    .where(SAME)
    .correlate(ReviewAssignment)
    .scalar_subquery()
)
BODY = answers.json_object(
    {
        "round_id": ReviewAssignment.round_id,
        "campaign_id": ReviewRound.campaign_id,
        "rubric_id": ReviewCampaign.rubric_id,
        "mode": ReviewAssignment.mode,
        "case_file_id": ReviewAssignment.case_file_id,
        "unit_id": ReviewAssignment.unit_id,
        "year": ReviewCampaign.year,
        "total": answers.hours(TOTAL),
        "grade": Review.grade,
        "vetoes": func.jsonb_path_query_array(Review.content, cast("$.vetoes[*].key", JSONPATH)),
        "content_hash": Review.content_hash,
        "structure_hash": Review.structure_hash,
        "review_ids": REVIEWS,
        "published_at": answers.moment(ReviewRound.published_at),
    }
)
COLUMNS = {
    "round_id": ReviewAssignment.round_id,
    "campaign_id": ReviewRound.campaign_id,
    "case_file_id": ReviewAssignment.case_file_id,
    "unit_id": ReviewAssignment.unit_id,
    "mode": ReviewAssignment.mode,
    "year": ReviewCampaign.year,
    "grade": Review.grade,
}


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of results."""
    return visibility.within(who, district=ReviewAssignment.district_id, unit=ReviewAssignment.unit_id)


async def page(read: Reader, who: Principal, wanted: ResultFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of results by the time their round was published."""
    named = wanted.model_dump(include=set(COLUMNS), exclude_none=True)
    filters = [COLUMNS[name] == value for name, value in named.items()]
    final = (ReviewRound.state.in_(rounds.SHOWN), ReviewAssignment.state == State.SUBMITTED, FIRST)
    order = pagination.Order((ReviewRound.published_at, ReviewAssignment.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, reviews.joined(BODY).where(*final, visible_to(who), *filters), order, wanted, start)
