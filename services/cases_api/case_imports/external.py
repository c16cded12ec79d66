"""The doors of imports: officers by the numbers of their certificates, units by their codes."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from services.kit import db
from services.kit.db import Session

OFFICERS = "SELECT number, officer_id FROM published.certificates WHERE district_id = $1 AND number = ANY ($2)"
UNITS = "SELECT code, id FROM published.units WHERE district_id = $1 AND code = ANY ($2)"


async def officers(session: Session, district_id: UUID | None, numbers: Collection[str]) -> dict[str, UUID]:
    """Who holds or held these certificates in the district."""
    rows = await db.fetch(session, OFFICERS, [district_id, list(numbers)])
    return {row["number"]: row["officer_id"] for row in rows}


async def units(session: Session, district_id: UUID | None, codes: Collection[str]) -> dict[str, UUID]:
    """The district's units of these codes."""
    rows = await db.fetch(session, UNITS, [district_id, list(codes)])
    return {row["code"]: row["id"] for row in rows}
