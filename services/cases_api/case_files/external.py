"""The doors of case files to others' data: officers as the training service publishes them, and who reviews a file."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, Uuid, column, exists, select, table

from services.kit import visibility
from services.kit.db import Session
from services.kit.principal import Principal

OFFICERS = table("officers", column("id", Uuid), column("district_id", Uuid), schema="published")
# A table of this service's reviews. They stand on case files, so it is reached by name and not by its class.
REVIEW_ASSIGNMENTS = table(
    "review_assignments", column("case_file_id", Uuid), column("account_id", Uuid), column("state", Text), schema="cases"
)


async def officers(session: Session, officer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The district of each of these officers; what is absent is left out."""
    found = select(OFFICERS.c.id, OFFICERS.c.district_id).where(OFFICERS.c.id.in_(officer_ids))
    return {row[0]: row[1] for row in await session.execute(found)}


def assigned_to(who: Principal, case_file_id: SQLColumnExpression[UUID]) -> ColumnElement[bool]:
    """Files the caller has to review or has reviewed; a withdrawn assignment shows nothing."""
    given = REVIEW_ASSIGNMENTS.c
    return exists().where(given.case_file_id == case_file_id, given.account_id == visibility.me(who), given.state != "void")
