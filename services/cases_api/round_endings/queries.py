"""What publishing a round needs to know of its reviews."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.cases_api.arbitrations.rules import State as Decided
from services.cases_api.arbitrations.tables import Arbitration
from services.cases_api.review_assignments.rules import State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.reviews.tables import Review
from services.kit.db import Session


async def disagreements(session: Session, round_id: UUID, spread: int) -> int:
    """Files whose reviews differ in grade, in vetoes, or by more than so many hundredths of a point, and that no third person
    has decided on.
    """
    listed = func.jsonb_array_elements(Review.content["vetoes"]).column_valued("veto", joins_implicitly=True)
    key = listed.op("->>", return_type=Text())("key")
    vetoes = select(func.string_agg(key, aggregate_order_by(literal(",", Text), key))).correlate(Review).scalar_subquery()
    decided = select(Arbitration.id).where(
        Arbitration.round_id == ReviewAssignment.round_id,
        Arbitration.case_file_id == ReviewAssignment.case_file_id,
        Arbitration.state == Decided.SUBMITTED,
    )
    settled = decided.correlate(ReviewAssignment).exists()
    judged = (
        select(
            ReviewAssignment.case_file_id,
            Review.grade,
            Review.total_hundredths.label("total"),
            func.coalesce(vetoes, "").label("vetoes"),
        )
        .join(Review, Review.id == ReviewAssignment.id)
        .where(ReviewAssignment.round_id == round_id, ReviewAssignment.state == State.SUBMITTED, ~settled)
        .subquery()
    )
    apart = or_(
        func.count(judged.c.grade.distinct()) > 1,
        func.count(judged.c.vetoes.distinct()) > 1,
        func.max(judged.c.total) - func.min(judged.c.total) > spread,
    )
    files = select(judged.c.case_file_id).group_by(judged.c.case_file_id).having(apart).subquery()
    return int((await session.execute(select(func.count()).select_from(files))).scalar_one())
