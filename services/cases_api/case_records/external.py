"""The neighbours' facts that records refer to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.kit.db import Session

REVIEWER = text("""
    SELECT r.officer_id, r.has_legal_qualification,
           EXISTS (
               SELECT FROM published.legal_reviewer_absences a
               WHERE a.reviewer_id = r.id AND a.from_on <= :day AND coalesce(a.to_on, 'infinity') >= :day
           )
    FROM published.legal_reviewers r
    WHERE r.id = :reviewer AND r.district_id = :district AND r.admitted_on <= :day
""")


@dataclass(frozen=True, slots=True)
class LegalReviewer:
    """A member of the pool (法制审核人才库) on a day; `officer_id` where the member is an officer."""

    officer_id: UUID | None
    qualified: bool
    absent: bool


async def legal_reviewer(session: Session, district_id: UUID, reviewer_id: UUID, day: date) -> LegalReviewer | None:
    """The pool's member as of this day; None when there is none such."""
    found = await session.execute(REVIEWER, {"reviewer": reviewer_id, "district": district_id, "day": day})
    row = found.one_or_none()
    return LegalReviewer(*row) if row else None
