"""The doors of the legal check to its neighbours: officers and certificates of the training service, the working-day calendar."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import date
from typing import Final
from uuid import UUID

from services.cases_api.legal_checks.rules.model import Certificate, Officer, Service
from services.kit import db
from services.kit.db import Reader, Session

# One row per officer: spells of service with the path of the unit, and spells of a valid certificate. Who has no spell of
# service on record is taken as the register of officers has it.
FACTS: Final = """
    SELECT o.id,
        (SELECT json_agg(json_build_array(u.path, s.kind, s.from_on, s.to_on) ORDER BY s.from_on)
         FROM (SELECT unit_id, kind, from_on, to_on FROM published.officer_service WHERE officer_id = o.id
               UNION ALL SELECT o.unit_id, o.kind, o.hired_on, o.left_on
               WHERE NOT EXISTS (SELECT FROM published.officer_service WHERE officer_id = o.id)) s
         JOIN published.units u ON u.id = s.unit_id)::text AS services,
        (SELECT json_agg(json_build_array(c.from_on, c.to_on) ORDER BY c.from_on)
         FROM published.certificate_spans c WHERE c.officer_id = o.id)::text AS certificates
    FROM published.officers o
"""
MARKED: Final = f"SELECT id, services, certificates, md5(concat(services, '/', certificates)) AS mark FROM ({FACTS}) facts"  # noqa: S608  # a text of our own
OFFICERS: Final = f"{MARKED} WHERE id = ANY($1)"
# Officers of whom something else is published now than when files were last checked by them.
CHANGED: Final = f"""
    SELECT m.officer_id, c.mark FROM cases.officer_marks m JOIN ({MARKED}) c ON c.id = m.officer_id AND c.mark <> m.mark
"""  # noqa: S608  # a text of our own
# A year as its first day and a sign per day; a year that is not whole is left out, as if it were unknown.
CALENDAR: Final = """
    SELECT string_agg(signs, ' ' ORDER BY signs) FROM (
        SELECT extract(year FROM day)::integer || ':'
               || string_agg(CASE WHEN working THEN '1' ELSE '0' END, '' ORDER BY day) AS signs
        FROM published.working_days GROUP BY extract(year FROM day) HAVING count(*) >= 365) years
"""


async def officers(connection: Reader | Session, officer_ids: Collection[UUID]) -> dict[UUID, Officer]:
    """These officers; what is absent is left out."""
    rows = await db.fetch(connection, OFFICERS, [list(officer_ids)]) if officer_ids else []
    return {officer.id: officer for officer in (_officer(*row) for row in rows)}


async def changed_officers(session: Session) -> dict[UUID, str]:
    """Officers of whom something else is published than when files were last checked by them, and what tells it now."""
    return {row[0]: row[1] for row in await db.fetch(session, CHANGED, [])}


def _officer(officer_id: UUID, services: str | None, certificates: str | None, mark: str) -> Officer:
    spells = (
        Service(tuple(UUID(unit) for unit in path), kind, date.fromisoformat(start), _day(end))
        for path, kind, start, end in json.loads(services or "[]")
    )
    spans = (Certificate(date.fromisoformat(start), _day(end)) for start, end in json.loads(certificates or "[]"))
    return Officer(officer_id, tuple(spells), tuple(spans), mark)


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


async def calendar(connection: Reader | Session) -> str:
    """The working-day calendar as text: its years, a sign per day."""
    rows = await db.fetch(connection, CALENDAR, [])
    return rows[0][0] or ""
