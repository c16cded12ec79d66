"""The records behind obligations that no list of their own shows exactly: which they are, and which of them count."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import BindParameter, Boolean, Date, Subquery, Text, Uuid, bindparam, text
from sqlalchemy.types import TypeEngine

from services.tasks_api.obligations.external import registers
from services.tasks_api.obligations.external.places import PLACES

# `owed_by` owes the obligation, `unit_id` entered the record; a record that does not count is late, unsent or not approved.
COLUMNS: Final[dict[str, TypeEngine[Any]]] = {
    "obligation": Text(),
    "district_id": Uuid(),
    "owed_by": Uuid(),
    "unit_id": Uuid(),
    "type": Text(),
    "id": Uuid(),
    "on": Date(),
    "counts": Boolean(),
    "path": Text(),
}
# Lists of this service and what the case service publishes; conditions as in `plan` and `cases`.
OTHERS: Final = """
SELECT 'O6' AS obligation, s.district_id, s.unit_id AS owed_by, s.unit_id, 'problem-summaries' AS type, s.id,
       coalesce(s.submitted_on, s.period_end) AS on, s.submitted_on IS NOT NULL AS counts, '/v1/problem-summaries/' AS path
FROM tasks.problem_summaries s
WHERE s.district_id = CAST(:who_district_id AS uuid) AND s.scope = 'unit'
  AND s.period_end BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
UNION ALL
SELECT 'O7', f.district_id, f.unit_id, f.unit_id, 'discretion-benchmarks', f.benchmark_id, f.published_on,
       coalesce(f.filed_on <= f.due_on, false), '/v1/discretion-benchmarks/'
FROM published.benchmark_filings f
WHERE f.district_id = CAST(:who_district_id AS uuid) AND f.year = CAST(:owed_year AS integer)
UNION ALL
SELECT 'O8', d.district_id, d.district_id, d.district_id, 'document-templates', d.id, d.in_force_from, d.is_public,
       '/v1/document-templates/'
FROM published.document_templates d
WHERE d.district_id = CAST(:who_district_id AS uuid) AND d.in_force_from <= CAST(:last_day AS date)
  AND coalesce(d.in_force_to, 'infinity') >= CAST(:first_day AS date)
UNION ALL
SELECT 'O11a', r.district_id, r.unit_id, r.unit_id, r.kind, r.id, r.occurred_on,
       r.occurred_on <= coalesce(t.due_on, CAST(:last_day AS date)), '/v1/registers/grant-assessments/records/'
FROM tasks.records r
CROSS JOIN (
    SELECT max(a.due_on) FILTER (WHERE a.year IS NULL) AS due_on
    FROM tasks.tasks t JOIN tasks.plans p ON p.id = t.plan_id
    LEFT JOIN tasks.assignments a ON a.task_id = t.id AND a.state <> 'void'
    WHERE t.district_id = CAST(:who_district_id AS uuid) AND p.state <> 'draft' AND t.kind = 'task' AND t.number = 11
      AND p.period_start <= CAST(:last_day AS date) AND p.period_end >= CAST(:first_day AS date)
) t
WHERE r.district_id = CAST(:who_district_id AS uuid) AND r.kind = 'grant-assessments' AND r.state = 'active'
UNION ALL
SELECT 'O13a', p.district_id, p.unit_id, p.unit_id, 'inspection-proposals', p.id, p.submitted_on, NOT p.late,
       '/v1/inspection-proposals/'
FROM tasks.inspection_proposals p
WHERE p.district_id = CAST(:who_district_id AS uuid) AND p.year = CAST(:owed_year AS integer) AND p.state <> 'withdrawn'
UNION ALL
SELECT CASE c.kind WHEN 'mediations' THEN 'O15' ELSE 'O19' END, c.district_id, c.district_id, c.unit_id, c.kind, c.id,
       c.occurred_on, true, '/v1/' || c.kind || '/'
FROM published.case_records c
WHERE c.district_id = CAST(:who_district_id AS uuid) AND c.kind IN ('mediations', 'litigations')
  AND c.occurred_on BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
UNION ALL
SELECT 'O19', r.district_id, r.district_id, r.unit_id, r.kind, r.id, r.occurred_on, true,
       '/v1/registers/litigation-trainings/records/'
FROM tasks.records r
WHERE r.district_id = CAST(:who_district_id AS uuid) AND r.kind = 'litigation-trainings' AND r.state = 'active'
  AND r.occurred_on BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
UNION ALL
-- Of two reports of one period the first one sent counts.
SELECT 'O21b', r.district_id, r.district_id, r.district_id, 'reports', r.id, coalesce(r.sent_on, r.period_end),
       r.state = 'sent' AND row_number() OVER (PARTITION BY r.kind, r.period_start, r.period_end ORDER BY r.sent_on, r.id) = 1,
       '/v1/reports/'
FROM tasks.reports r
WHERE r.district_id = CAST(:who_district_id AS uuid) AND r.state <> 'void' AND r.kind <> 'special'
  AND r.period_end BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
"""
BY_REGISTER: Final = frozenset(each.obligation for each in (*registers.EACH, *registers.WHOLE))
BY_OTHERS: Final = frozenset({"O6", "O7", "O8", "O11a", "O13a", "O15", "O19", "O21b"})


def _rows(sql: str, name: str) -> Subquery:
    places: list[BindParameter[Any]] = [bindparam(name, None, type_=kind) for name, kind in PLACES.items() if f":{name}" in sql]
    return text(sql).bindparams(*places).columns(**COLUMNS).subquery(name)


REGISTERS: Final = _rows(registers.RECORDS, "register_records")
REST: Final = _rows(OTHERS, "other_records")
