"""The door of the pool to what the training service publishes of legal reviewers: both together are what is known of one."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Boolean, ColumnElement, Date, Text, Uuid, and_, column, func, or_, select, table
from sqlalchemy.dialects.postgresql import ARRAY

POOL = table(
    "reviewer_pool",
    column("account_id", Uuid),
    column("district_id", Uuid),
    column("is_active", Boolean),
    column("legal_review", Boolean),
    column("kinds", ARRAY(Text)),
    column("areas", ARRAY(Text)),
    column("officer_id", Uuid),
    column("absent_from", Date),
    column("absent_to", Date),
    column("legal_reviewer_id", Uuid),
    column("pool_unit_id", Uuid),
    column("qualification", Text),
    schema="cases",
)
ABSENCES = table(
    "legal_reviewer_absences",
    column("reviewer_id", Uuid),
    column("from_on", Date),
    column("to_on", Date),
    schema="published",
)


def is_away(day: date) -> ColumnElement[bool]:
    """Whether somebody of the pool cannot be asked on this day, by what either side has entered."""
    typed = func.coalesce(and_(POOL.c.absent_from <= day, POOL.c.absent_to >= day), False)
    open_end = or_(ABSENCES.c.to_on.is_(None), ABSENCES.c.to_on >= day)
    listed = select(ABSENCES.c.reviewer_id).where(
        ABSENCES.c.reviewer_id == POOL.c.legal_reviewer_id, ABSENCES.c.from_on <= day, open_end
    )
    return or_(typed, listed.correlate(POOL).exists())
