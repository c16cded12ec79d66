"""Documents of a case with the template of their day: the unit's own, else that of a unit above, the district's, or the
delivered one."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.tables import CaseFile
from services.kit import db, errors
from services.kit.db import Reader
from services.kit.principal import Principal

CHECKS: Final = """
    SELECT d.id, d.type, d.title, d.version, d.day, d.elements, t.id AS template_id, t.elements::text AS template
    FROM (SELECT DISTINCT ON (type, title) *, coalesce(made_on, (created_at AT TIME ZONE 'Asia/Shanghai')::date) AS day
          FROM cases.case_documents WHERE case_file_id = $1 ORDER BY type, title, version DESC) d
    JOIN cases.case_files f ON f.id = d.case_file_id
    JOIN published.units u ON u.id = f.unit_id
    LEFT JOIN LATERAL (
        SELECT t.id, t.elements FROM cases.document_templates t
        WHERE t.type = d.type AND t.state IN ('published', 'superseded', 'repealed') AND t.in_force_from <= d.day
          AND coalesce(t.in_force_to, 'infinity') >= d.day AND (t.district_id = f.district_id OR t.district_id IS NULL)
          AND (t.unit_id = ANY (u.path) OR t.unit_id IS NULL)
        ORDER BY array_position(u.path, t.unit_id) DESC NULLS LAST, t.district_id IS NULL, t.in_force_from DESC LIMIT 1
    ) t ON true
    ORDER BY d.day, d.id
"""


async def documents(read: Reader, who: Principal, case_file_id: UUID) -> list[Any]:
    """The newest version of each document of a file; NotFound also when the caller may not see the file."""
    seen = select(CaseFile.id).where(CaseFile.id == case_file_id, masking.visible_to(who))
    if (await read.execute(seen)).one_or_none() is None:
        raise errors.NotFound
    return list(await db.fetch(read, CHECKS, [case_file_id]))
