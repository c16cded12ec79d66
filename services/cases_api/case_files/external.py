"""The doors of case files to officers as the training service publishes them, and to what was last computed of each file."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import Boolean, Date, Integer, Uuid, column, select, table

from services.kit.db import Session

OFFICERS = table("officers", column("id", Uuid), column("district_id", Uuid), schema="published")
# Kept by the legal check, which stands on case files and so is reached by name.
LEGAL_CHECKS = table(
    "legal_checks",
    column("case_file_id", Uuid),
    column("district_id", Uuid),
    column("case_version", Integer),
    column("archive_due_on", Date),
    column("retention_until", Date),
    column("permanent", Boolean),
    schema="cases",
)


async def officers(session: Session, officer_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The district of each of these officers; what is absent is left out."""
    found = select(OFFICERS.c.id, OFFICERS.c.district_id).where(OFFICERS.c.id.in_(officer_ids))
    return {row[0]: row[1] for row in await session.execute(found)}
