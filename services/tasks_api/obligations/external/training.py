"""Plan tasks 2 to 5, as the training service publishes them."""

from __future__ import annotations

from typing import Final

SQL: Final = """
WITH told AS MATERIALIZED (
    SELECT o.obligation, o.district_id, o.unit_id, o.value, o.threshold, o.at_risk > 0 AS risk, o.under_way
    FROM published.training_obligations o
    WHERE o.year = CAST(:owed_year AS integer) AND o.district_id = CAST(:who_district_id AS uuid)
), activity AS (
    SELECT kind, sum(done)::integer AS done, sum(begun)::integer AS begun FROM published.training_activity
    WHERE year = CAST(:owed_year AS integer) AND district_id = CAST(:who_district_id AS uuid)
    GROUP BY kind
)
SELECT t.obligation, t.district_id, t.unit_id, t.value, t.threshold, t.risk, t.under_way,
       CAST(:last_day AS date) AS due_on
FROM told t
UNION ALL
SELECT 'O4', t.district_id, t.unit_id, t.value, t.threshold, t.risk, t.under_way, CAST(:last_day AS date)
FROM told t
WHERE t.obligation = 'O2d' AND EXISTS (
    SELECT FROM published.unit_group_members m
    WHERE m.key = 'granting_departments' AND m.unit_id = t.unit_id
      AND coalesce(m.valid_from, '-infinity') <= CAST(:last_day AS date)
      AND coalesce(m.valid_to, 'infinity') >= CAST(:first_day AS date))
UNION ALL
SELECT w.obligation, w.district_id, w.district_id, coalesce(a.done, 0), 1, false, coalesce(a.begun, 0) > 0,
       CAST(:last_day AS date)
FROM (VALUES ('O3', 3, CAST(:who_district_id AS uuid), 'class'),
    ('O5', 5, CAST(:who_district_id AS uuid), 'qualification_review'))
    AS w (obligation, task, district_id, kind)
LEFT JOIN activity a ON a.kind = w.kind
WHERE EXISTS (
    SELECT FROM tasks.tasks t JOIN tasks.plans p ON p.id = t.plan_id
    WHERE t.district_id = w.district_id AND t.kind = 'task' AND t.number = w.task AND p.state <> 'draft'
      AND p.period_start <= CAST(:last_day AS date)
      AND p.period_end >= CAST(:first_day AS date)
      AND coalesce((t.ended_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity') > CAST(:last_day AS date))
"""
