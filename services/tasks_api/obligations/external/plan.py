"""What the problem list, inspections and reports of this service prove (plan tasks 6, 13 and 21)."""

from __future__ import annotations

from typing import Final

# Summaries: as many as periods of the reading fit into a year.
SQL: Final = """
WITH owed_tasks AS (
    SELECT t.id, t.number, t.district_id FROM tasks.tasks t JOIN tasks.plans p ON p.id = t.plan_id
    WHERE t.district_id = CAST(:who_district_id AS uuid) AND p.state <> 'draft' AND t.kind = 'task'
      AND p.period_start <= CAST(:last_day AS date)
      AND p.period_end >= CAST(:first_day AS date)
      AND coalesce((t.ended_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity') > CAST(:last_day AS date)
), summaries AS (
    -- Two of one period are one: each counts for the period of the reading in which it ends.
    SELECT unit_id, (count(DISTINCT (extract(month FROM period_end)::integer - 1) / nullif(CAST(:summary_months AS integer), 0))
                     FILTER (WHERE submitted_on IS NOT NULL))::integer AS sent,
           count(*) FILTER (WHERE submitted_on IS NULL)::integer AS begun
    FROM tasks.problem_summaries
    WHERE district_id = CAST(:who_district_id AS uuid) AND scope = 'unit'
      AND period_end BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
    GROUP BY unit_id
)
SELECT 'O6' AS obligation, a.district_id, a.unit_id, coalesce(s.sent, 0) AS value,
       coalesce(12 / nullif(CAST(:summary_months AS integer), 0), 0) AS threshold, false AS risk,
       coalesce(s.begun, 0) > 0 AS under_way, CAST(:last_day AS date) AS due_on
FROM (
    SELECT DISTINCT a.district_id, a.unit_id FROM tasks.assignments a JOIN owed_tasks t ON t.id = a.task_id AND t.number = 6
    JOIN published.units u ON u.id = a.unit_id AND u.enforcement
    WHERE a.state <> 'void'
) a
LEFT JOIN summaries s ON s.unit_id = a.unit_id
UNION ALL
SELECT 'O13a', o.district_id, o.unit_id, (count(p.id) FILTER (WHERE NOT p.late))::integer, 1, bool_or(p.late) IS TRUE, false,
       coalesce(o.due_on, CAST(:last_day AS date))
FROM (
    SELECT a.district_id, a.unit_id, max(a.due_on) AS due_on FROM tasks.assignments a
    JOIN owed_tasks t ON t.id = a.task_id AND t.number = 13
    JOIN published.units u ON u.id = a.unit_id AND u.enforcement AND u.kind = 'department'
    WHERE a.state <> 'void' AND a.role = 'responsible'
      AND coalesce(a.year, CAST(:owed_year AS integer)) = CAST(:owed_year AS integer)
    GROUP BY a.district_id, a.unit_id
) o
LEFT JOIN tasks.inspection_proposals p ON p.unit_id = o.unit_id AND p.year = CAST(:owed_year AS integer)
    AND p.state <> 'withdrawn'
GROUP BY o.district_id, o.unit_id, o.due_on
UNION ALL
SELECT 'O13b', t.district_id, t.district_id, (count(p.id) FILTER (WHERE p.state = 'approved'))::integer, 1, false,
       count(p.id) > 0,
       CAST(:last_day AS date)
FROM (SELECT DISTINCT district_id FROM owed_tasks WHERE number = 13) t
LEFT JOIN tasks.inspection_plans p ON p.district_id = t.district_id AND p.year = CAST(:owed_year AS integer)
GROUP BY t.district_id
UNION ALL
-- Two reports of one period are one.
SELECT 'O21b', t.district_id, t.district_id,
       (count(DISTINCT (r.kind, r.period_start, r.period_end)) FILTER (WHERE r.state = 'sent'))::integer,
       coalesce(12 / nullif(CAST(:report_months AS integer), 0), 0), false,
       count(r.id) FILTER (WHERE r.state <> 'sent') > 0, CAST(:last_day AS date)
FROM (SELECT DISTINCT district_id FROM owed_tasks WHERE number = 21) t
LEFT JOIN tasks.reports r ON r.district_id = t.district_id AND r.state <> 'void' AND r.kind <> 'special'
    AND r.period_end BETWEEN CAST(:first_day AS date) AND CAST(:last_day AS date)
GROUP BY t.district_id
"""
