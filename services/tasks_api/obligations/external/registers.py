"""What typed registers prove: of each unit that a task names, or of the district as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, NamedTuple

from services.tasks_api.registers.kinds import KINDS


class Each(NamedTuple):
    """Records, of one of some kinds, that every responsible unit of a task owes.

    `standing` ones last until they end, the others are owed each year. `part` names the fact whose different values are
    counted, `needs` a fact without which a record proves nothing, `holds` one that must be true. `year` names the fact that
    says which year a record is of, where its day may lie in another; `until` the last day of what a record covers.
    `townships`: only they owe it. `promptly`: public within the days that 及时 is read as.
    """

    obligation: str
    task_kind: str
    number: int
    kinds: tuple[str, ...]
    threshold: int = 1
    standing: bool = False
    part: str = "id"
    needs: str = "id"
    townships: bool = False
    promptly: bool = False
    holds: str = ""
    year: str = ""
    until: str = ""


class Whole(NamedTuple):
    """Records of which the district owes some each year, whoever enters them. `year` as in `Each`."""

    obligation: str
    task_kind: str
    number: int
    kinds: tuple[str, ...]
    threshold: int = 1
    part: str = "id"
    year: str = ""


EACH: Final = (
    Each("O1", "task", 1, ("political-studies",)),
    Each("O10", "task", 10, ("item-catalogues",), standing=True, needs="published_on", promptly=True),
    Each("O12", "task", 12, ("team-models",), standing=True, townships=True),
    Each("O14", "task", 14, ("law-explanations",)),
    Each("O20", "task", 20, ("platform-onboardings",), standing=True),
    Each("O22", "task", 22, ("staffings",)),
    Each("O23", "task", 23, ("insurances", "counselling-services"), until="to_on"),
    Each("O24a", "task", 24, ("budget-lines",), threshold=4, part="line", holds="in_own_budget", year="budget_year"),
    Each("O24b", "task", 24, ("linkage-checks",)),
    Each("R2", "requirement", 2, ("implementation-plans",), standing=True),
)


def _serving(task: int = 0, requirement: int = 0) -> tuple[str, ...]:
    return tuple(kind.key for kind in KINDS.values() if task in kind.tasks or requirement in kind.requirements)


WHOLE: Final = (
    Whole("O9", "task", 9, _serving(task=9)),
    Whole("O17", "task", 17, _serving(task=17)),
    Whole("O18", "task", 18, ("supervision-plans",), year="plan_year"),
    Whole("R1", "requirement", 1, ("consultations",), threshold=4, part="form"),
    Whole("R3", "requirement", 3, _serving(requirement=3)),
)


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        return "ARRAY[" + ", ".join(_literal(each) for each in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int) else f"'{value}'"


def _rows(wanted: Iterable[Each | Whole]) -> str:
    # Constants of this file alone; no value of a request comes here.
    return ",\n        ".join("(" + ", ".join(map(_literal, each)) + ")" for each in wanted)


# Which tasks of which plans count in the year, and who is responsible for them.
_WITH: Final = """
WITH owed_tasks AS (
    SELECT t.id, t.kind, t.number, t.district_id FROM tasks.tasks t JOIN tasks.plans p ON p.id = t.plan_id
    WHERE t.district_id = CAST(:who_district_id AS uuid) AND p.state <> 'draft'
      AND p.period_start <= CAST(:last_day AS date)
      AND p.period_end >= CAST(:first_day AS date)
      AND coalesce((t.ended_at AT TIME ZONE 'Asia/Shanghai')::date, 'infinity') > CAST(:last_day AS date)
), facts AS (
    SELECT r.id, r.unit_id, r.kind, r.occurred_on, r.facts FROM tasks.records r
    WHERE r.district_id = CAST(:who_district_id AS uuid) AND r.state = 'active'
      AND r.occurred_on <= CAST(:last_day AS date)
), each_wanted (
    obligation, task_kind, number, kinds, threshold, standing, part, needs, townships, promptly, holds, year, until
) AS (
    VALUES
        -- rows of EACH
), asked AS MATERIALIZED (
    -- Few tasks are proved by records: only their assignments are looked at.
    SELECT w.obligation, w.task_kind, t.id AS task_id, t.district_id
    FROM each_wanted w JOIN owed_tasks t ON t.kind = w.task_kind AND t.number = w.number
), owners AS (
    -- A work requirement that names nobody is for every unit that enforces law.
    SELECT w.obligation, a.district_id, a.unit_id, a.due_on FROM asked w
    JOIN tasks.assignments a ON a.task_id = w.task_id AND a.role = 'responsible' AND a.state <> 'void'
        AND coalesce(a.year, CAST(:owed_year AS integer)) = CAST(:owed_year AS integer)
    UNION ALL
    SELECT w.obligation, u.district_id, u.id, NULL FROM asked w
    JOIN published.units u ON u.district_id = w.district_id AND u.enforcement
        AND coalesce(u.valid_from, '-infinity') <= CAST(:last_day AS date)
        AND coalesce(u.valid_to, 'infinity') >= CAST(:first_day AS date)
    WHERE w.task_kind = 'requirement' AND NOT EXISTS (SELECT FROM tasks.task_parties p WHERE p.task_id = w.task_id)
), each_owed AS (
    SELECT w.obligation, a.district_id, a.unit_id, coalesce(max(a.due_on), CAST(:last_day AS date)) AS due_on
    FROM owners a JOIN each_wanted w ON w.obligation = a.obligation
    WHERE NOT w.townships
       OR a.unit_id IN (SELECT u.id FROM published.units u WHERE u.kind IN ('subdistrict', 'town', 'township'))
    GROUP BY w.obligation, a.district_id, a.unit_id
    HAVING coalesce(max(a.due_on), 'infinity') >= CAST(:first_day AS date)
), whole_wanted (obligation, task_kind, number, kinds, threshold, part, year) AS (
    VALUES
        -- rows of WHOLE
)
""".replace("-- rows of EACH", _rows(EACH)).replace("-- rows of WHOLE", _rows(WHOLE))
# What counts of the records; the measure and the list of what it rests on share it.
_OF_EACH: Final = """
facts f ON f.unit_id = o.unit_id AND f.kind = k.kind AND (w.needs = 'id' OR f.facts ? w.needs)
    AND (w.holds = '' OR (f.facts ->> w.holds)::boolean)
    AND f.occurred_on <= o.due_on
    AND (NOT w.promptly OR CAST(:publicity_days AS integer) IS NULL
         OR (f.facts ->> 'published_on')::date - f.occurred_on <= CAST(:publicity_days AS integer))
    AND (CASE WHEN w.standing THEN coalesce((f.facts ->> 'ended_on')::date, 'infinity') >= CAST(:first_day AS date)
         WHEN w.year <> '' THEN (f.facts ->> w.year)::integer = CAST(:owed_year AS integer)
         ELSE coalesce((f.facts ->> w.until)::date, f.occurred_on) >= CAST(:first_day AS date) END)
"""
_OF_WHOLE: Final = """
facts f ON f.kind = ANY (w.kinds)
    AND (CASE w.year WHEN '' THEN f.occurred_on >= CAST(:first_day AS date)
         ELSE (f.facts ->> w.year)::integer = CAST(:owed_year AS integer) END)
"""
_SUMS: Final = """
SELECT o.obligation, o.district_id, o.unit_id,
       count(DISTINCT CASE w.part WHEN 'id' THEN f.id::text ELSE f.facts ->> w.part END)::integer AS value, w.threshold,
       false AS risk, false AS under_way, o.due_on
FROM each_owed o JOIN each_wanted w ON w.obligation = o.obligation CROSS JOIN LATERAL unnest(w.kinds) AS k (kind)
LEFT JOIN -- what counts of each
GROUP BY o.obligation, o.district_id, o.unit_id, w.threshold, o.due_on
UNION ALL
-- Where the last day lay in an earlier year, or there is nobody to owe it, the year asks nothing, and the board says so.
SELECT w.obligation, t.district_id, t.district_id, 0, 0, false, false, CAST(:last_day AS date)
FROM each_wanted w
JOIN (SELECT DISTINCT kind, number, district_id FROM owed_tasks) t ON t.kind = w.task_kind AND t.number = w.number
WHERE NOT EXISTS (SELECT FROM each_owed o WHERE o.obligation = w.obligation)
UNION ALL
SELECT w.obligation, t.district_id, t.district_id,
       count(DISTINCT CASE w.part WHEN 'id' THEN f.id::text ELSE f.facts ->> w.part END)::integer, w.threshold, false, false,
       CAST(:last_day AS date)
FROM whole_wanted w
JOIN (SELECT DISTINCT kind, number, district_id FROM owed_tasks) t ON t.kind = w.task_kind AND t.number = w.number
LEFT JOIN -- what counts of the whole
GROUP BY w.obligation, t.district_id, w.threshold
"""
_LIST: Final = """
SELECT DISTINCT o.obligation, o.district_id, o.unit_id AS owed_by, f.unit_id, f.kind AS type, f.id, f.occurred_on AS on,
       true AS counts, '/v1/registers/' || f.kind || '/records/' AS path
FROM each_owed o JOIN each_wanted w ON w.obligation = o.obligation CROSS JOIN LATERAL unnest(w.kinds) AS k (kind)
JOIN -- what counts of each
UNION ALL
SELECT DISTINCT w.obligation, t.district_id, t.district_id, f.unit_id, f.kind, f.id, f.occurred_on, true,
       '/v1/registers/' || f.kind || '/records/'
FROM whole_wanted w
JOIN (SELECT DISTINCT kind, number, district_id FROM owed_tasks) t ON t.kind = w.task_kind AND t.number = w.number
JOIN -- what counts of the whole
"""


def _whole_text(selected: str) -> str:
    return _WITH + selected.replace("-- what counts of each", _OF_EACH).replace("-- what counts of the whole", _OF_WHOLE)


SQL: Final = _whole_text(_SUMS)
# The records behind the values, in the columns of `records.COLUMNS`.
RECORDS: Final = _whole_text(_LIST)
