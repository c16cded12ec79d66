"""What the case service publishes: benchmarks, templates, guidance, mediation, reviews, suits (plan tasks 7 to 21)."""

from __future__ import annotations

from typing import Final

# Case files reviewed in a year, by mode (plan task 16): shown beside the units, a threshold of 0 asks nothing.
SELF_REVIEWED, CROSS_REVIEWED, SAMPLE_REVIEWED = "reviewed-self", "reviewed-cross", "reviewed-sample"
SQL: Final = """
WITH owed_tasks AS (
    -- The year "before" which a task is owed every year (2025年前，每年), as the plan names it.
    SELECT t.number, t.district_id, max(a.due_on) AS due_on, max(coalesce(b.year, 9999)) AS bound
    FROM tasks.tasks t JOIN tasks.plans p ON p.id = t.plan_id
    LEFT JOIN (
        SELECT task_id, max(coalesce(substring(as_written FROM '([0-9]{4}) *年(之前|以前|前)')::integer, 9999)) AS year
        FROM tasks.task_deadlines WHERE shape = 'yearly_count' GROUP BY task_id
    ) b ON b.task_id = t.id
    LEFT JOIN tasks.assignments a ON a.task_id = t.id AND a.state <> 'void' AND a.year IS NULL
    WHERE t.district_id = CAST(:who_district_id AS uuid) AND p.state <> 'draft' AND t.kind = 'task'
      AND p.period_start <= CAST(:last_day AS date)
      AND p.period_end >= CAST(:first_day AS date)
      AND coalesce((t.ended_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity') > CAST(:last_day AS date)
    GROUP BY t.number, t.district_id
), records AS (
    SELECT kind, count(*)::integer AS done FROM published.case_records
    WHERE district_id = CAST(:who_district_id AS uuid)
      AND occurred_on BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
    GROUP BY kind
), shares AS MATERIALIZED (
    SELECT district_id, unit_id, guided, need, picked FROM published.guidance_shares
    WHERE district_id = CAST(:who_district_id AS uuid) AND year = CAST(:owed_year AS integer)
      AND EXISTS (SELECT FROM owed_tasks t WHERE t.number = 11
                  AND CAST(:owed_year AS integer) <= t.bound - CAST(:years_before AS integer))
), filings AS MATERIALIZED (
    -- The day each was due is looked up once, not wherever it is compared.
    SELECT district_id, unit_id, filed_on, due_on FROM published.benchmark_filings
    WHERE district_id = CAST(:who_district_id AS uuid) AND year = CAST(:owed_year AS integer)
), granted AS (
    -- Townships that hold powers in the year, while their assessment is due (task 11).
    SELECT g.district_id, g.unit_id, max(t.due_on) AS due_on
    FROM published.granted_items g
    JOIN owed_tasks t ON t.number = 11 AND coalesce(t.due_on, 'infinity') >= CAST(:first_day AS date)
    WHERE g.district_id = CAST(:who_district_id AS uuid) AND g.granted_on <= CAST(:last_day AS date)
      AND coalesce(g.ends_on, 'infinity') >= CAST(:first_day AS date)
    GROUP BY g.district_id, g.unit_id
)
-- Where nobody made a benchmark or was granted powers, tasks 7 and 11 ask nothing of the year, and the board says so.
SELECT w.obligation, t.district_id, t.district_id AS unit_id, 0 AS value, 0 AS threshold, false AS risk, false AS under_way,
       CAST(:last_day AS date) AS due_on
FROM (VALUES ('O7', 7), ('O11a', 11), ('O11b', 11)) AS w (obligation, number)
JOIN owed_tasks t ON t.number = w.number
WHERE CASE w.obligation
    WHEN 'O7' THEN NOT EXISTS (SELECT FROM filings)
    WHEN 'O11a' THEN NOT EXISTS (SELECT FROM granted)
    ELSE NOT EXISTS (SELECT FROM shares) END
GROUP BY w.obligation, t.district_id
UNION ALL
SELECT 'O7', f.district_id, f.unit_id, (count(*) FILTER (WHERE f.filed_on <= f.due_on))::integer, count(*)::integer,
       bool_or(coalesce(f.filed_on, CAST(:today AS date)) > f.due_on), true, max(f.due_on)
FROM filings f
GROUP BY f.district_id, f.unit_id
UNION ALL
SELECT 'O8', t.district_id, t.district_id, (count(DISTINCT d.type) FILTER (WHERE d.is_public))::integer, 1, false,
       count(d.type) > 0, CAST(:last_day AS date)
FROM owed_tasks t
LEFT JOIN published.document_templates d ON d.district_id = t.district_id
    AND d.in_force_from <= CAST(:last_day AS date) AND coalesce(d.in_force_to, 'infinity') >= CAST(:first_day AS date)
WHERE t.number = 8 GROUP BY t.district_id
UNION ALL
SELECT 'O11b', s.district_id, s.unit_id, s.guided, s.need, false, s.picked > 0, CAST(:last_day AS date)
FROM shares s JOIN owed_tasks t ON t.number = 11
UNION ALL
SELECT 'O11a', g.district_id, g.unit_id, least(count(r.id), 1)::integer, 1, false, false,
       coalesce(g.due_on, CAST(:last_day AS date))
FROM granted g
LEFT JOIN tasks.records r ON r.unit_id = g.unit_id AND r.kind = 'grant-assessments' AND r.state = 'active'
    AND r.occurred_on <= coalesce(g.due_on, CAST(:last_day AS date))
GROUP BY g.district_id, g.unit_id, g.due_on
UNION ALL
SELECT 'O15', t.district_id, t.district_id, coalesce(r.done, 0), 1, false, false, CAST(:last_day AS date)
FROM owed_tasks t LEFT JOIN records r ON r.kind = 'mediations' WHERE t.number = 15
UNION ALL
SELECT 'O16', t.district_id, t.district_id, count(DISTINCT v.mode)::integer, 3, false, count(v.mode) > 0,
       CAST(:last_day AS date)
FROM owed_tasks t
LEFT JOIN published.reviewed_modes v ON v.district_id = t.district_id AND v.year = CAST(:owed_year AS integer)
WHERE t.number = 16 GROUP BY t.district_id
UNION ALL
SELECT 'O19', t.district_id, t.district_id, coalesce(r.done, 0) + (
        SELECT count(*)::integer FROM tasks.records e
        WHERE e.district_id = t.district_id AND e.kind = 'litigation-trainings' AND e.state = 'active'
          AND e.occurred_on BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)),
       1, false, false, CAST(:last_day AS date)
FROM owed_tasks t LEFT JOIN records r ON r.kind = 'litigations' WHERE t.number = 19
UNION ALL
SELECT 'O21a', t.district_id, t.district_id,
       (count(*) FILTER (WHERE c.first_published_on <= coalesce(t.due_on, CAST(:last_day AS date))))::integer,
       1, false, count(c.id) > 0, coalesce(t.due_on, CAST(:last_day AS date))
FROM owed_tasks t LEFT JOIN published.review_campaigns c ON c.district_id = t.district_id AND c.online
WHERE t.number = 21 AND coalesce(t.due_on, 'infinity') >= CAST(:first_day AS date)
GROUP BY t.district_id, t.due_on
"""
# The same with what is shown beside.
SQL_BESIDE: Final = (
    SQL
    + """
UNION ALL
SELECT 'reviewed-' || v.mode, v.district_id, v.unit_id, v.files, 0, false, false, CAST(:last_day AS date)
FROM published.unit_reviewed_files v
WHERE v.district_id = CAST(:who_district_id AS uuid) AND v.year = CAST(:owed_year AS integer)
"""
)
