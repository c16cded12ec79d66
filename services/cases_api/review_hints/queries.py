"""The file and the rubric behind a review."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.reviews import queries as reviews
from services.cases_api.rubrics.tables import Rubric
from services.kit import errors
from services.kit.db import Reader
from services.kit.principal import Principal


async def ground(read: Reader, who: Principal, review_id: UUID) -> tuple[UUID, dict[str, Any]]:
    """File and rubric of a review; NotFound also when the caller may not see it."""
    found = reviews.joined(ReviewAssignment.case_file_id, Rubric.content).join(Rubric, Rubric.id == ReviewCampaign.rubric_id)
    seen = found.where(ReviewAssignment.id == review_id, reviews.visible_to(who))
    row: Any = (await read.execute(seen)).one_or_none()
    if row is None:
        raise errors.NotFound
    return row[0], row[1]
