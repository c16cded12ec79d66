"""The tables of a report, each one statement over what the services publish and this one keeps.

Places: `:d` the district, `:first_on` and `:last_on` the period, `:year` its last year, `:today`. Columns in the order shown;
names of units in the order of their codes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Date, Integer, Uuid, bindparam, text

from services.kit.db import Reader
from services.tasks_api.reports.rules import Form, Period, Told

UNIT: Final = ("单位", Form.TEXT)


class Source(NamedTuple):
    """A table and where its rows come from."""

    code: str
    caption: str
    columns: Sequence[tuple[str, Form]]
    sql: str


def _numbers(*titles: str) -> tuple[tuple[str, Form], ...]:
    return tuple((title, Form.NUMBER) for title in titles)


def _text(title: str) -> tuple[str, Form]:
    return (title, Form.TEXT)


TASKS: Final = """
SELECT t.number, t.title, count(*)::integer, (count(*) FILTER (WHERE a.state = 'approved'))::integer,
       (count(*) FILTER (WHERE a.state IN ('signed', 'in_progress', 'submitted')))::integer,
       (count(*) FILTER (WHERE a.due_on < coalesce(a.stopped_on, :today)))::integer
FROM tasks.assignments a
JOIN tasks.tasks t ON t.id = a.task_id AND t.kind = 'task'
JOIN tasks.plans p ON p.id = a.plan_id AND p.period_start <= :last_on AND p.period_end >= :first_on
WHERE a.district_id = :d AND a.state <> 'void' AND coalesce(a.year, :year) = :year
GROUP BY t.number, t.title ORDER BY t.number, t.title
"""
OBLIGATIONS: Final = """
SELECT o.obligation, count(DISTINCT o.unit_id)::integer, count(*)::integer,
       (count(*) FILTER (WHERE o.value >= o.threshold))::integer,
       (count(*) FILTER (WHERE o.value < o.threshold AND :today > o.due_on))::integer
FROM (
    SELECT DISTINCT ON (obligation, unit_id) * FROM tasks.obligation_values
    WHERE district_id = :d AND year = :year ORDER BY obligation, unit_id, recorded_at DESC, id DESC
) o
WHERE o.owed AND o.threshold > 0 GROUP BY o.obligation ORDER BY min(length(o.obligation)), o.obligation
"""
HOURS: Final = """
SELECT u.short_name, h.officers, h.met, CASE WHEN h.officers > 0 THEN round(h.met * 10000.0 / h.officers)::integer END
FROM published.unit_training_hours h JOIN published.units u ON u.id = h.unit_id
WHERE h.district_id = :d AND h.year = :year AND h.officers > 0 ORDER BY u.code
"""
CERTIFICATES: Final = """
SELECT u.short_name, c.officers, c.certified, c.suspended, c.expiring
FROM published.unit_certificates c JOIN published.units u ON u.id = c.unit_id WHERE c.district_id = :d ORDER BY u.code
"""
PROBLEMS: Final = """
SELECT p.kind, count(*)::integer, (count(*) FILTER (WHERE p.state = 'closed' AND p.closed_on <= :last_on))::integer,
       (count(*) FILTER (WHERE p.due_on < coalesce(p.stopped_on, :today)))::integer
FROM tasks.problems p WHERE p.district_id = :d AND p.state <> 'void' AND p.found_on BETWEEN :first_on AND :last_on
GROUP BY p.kind ORDER BY p.kind
"""
COMPLAINTS: Final = """
SELECT c.channel, count(*)::integer, (count(*) FILTER (WHERE c.replied_on <= c.due_on))::integer,
       (count(*) FILTER (WHERE c.closed_on IS NOT NULL))::integer
FROM tasks.complaints c WHERE c.district_id = :d AND c.state <> 'void' AND c.received_on BETWEEN :first_on AND :last_on
GROUP BY c.channel ORDER BY c.channel
"""
BENCHMARKS: Final = """
SELECT u.short_name, count(*)::integer, count(f.filed_on)::integer, (count(*) FILTER (WHERE f.filed_on <= f.due_on))::integer
FROM published.benchmark_filings f JOIN published.units u ON u.id = f.unit_id
WHERE f.district_id = :d AND f.published_on BETWEEN :first_on AND :last_on GROUP BY u.short_name, u.code ORDER BY u.code
"""
RECORDS: Final = """
SELECT r.kind, count(*)::integer FROM published.case_records r
WHERE r.district_id = :d AND r.occurred_on BETWEEN :first_on AND :last_on GROUP BY r.kind ORDER BY r.kind
"""
REVIEWS: Final = """
SELECT u.short_name, coalesce(sum(v.files) FILTER (WHERE v.mode = 'self'), 0)::integer,
       coalesce(sum(v.files) FILTER (WHERE v.mode = 'cross'), 0)::integer,
       coalesce(sum(v.files) FILTER (WHERE v.mode = 'sample'), 0)::integer
FROM published.unit_reviewed_files v JOIN published.units u ON u.id = v.unit_id
WHERE v.district_id = :d AND v.year = :year GROUP BY u.short_name, u.code ORDER BY u.code
"""
GUIDANCE: Final = """
SELECT u.short_name, g.cases::integer, g.need::integer, g.guided::integer
FROM published.guidance_shares g JOIN published.units u ON u.id = g.unit_id
WHERE g.district_id = :d AND g.year = :year ORDER BY u.code
"""
BUDGET: Final = """
SELECT r.facts ->> 'line', count(DISTINCT r.unit_id)::integer, sum((r.facts ->> 'budget_fen')::bigint)::bigint,
       coalesce(sum((r.facts ->> 'spent_fen')::bigint), 0)::bigint
FROM tasks.records r
WHERE r.district_id = :d AND r.kind = 'budget-lines' AND r.state = 'active' AND (r.facts ->> 'budget_year')::integer = :year
GROUP BY 1 ORDER BY 1
"""
SURVEYS: Final = """
SELECT r.facts ->> 'provider', r.facts ->> 'finished_on', (r.facts ->> 'sample')::integer,
       round((r.facts ->> 'satisfied')::numeric * 10000 / (r.facts ->> 'sample')::numeric)::integer
FROM tasks.records r
WHERE r.district_id = :d AND r.kind = 'satisfaction-surveys' AND r.state = 'active'
  AND r.occurred_on BETWEEN :first_on AND :last_on
ORDER BY r.occurred_on, r.id
"""
SOURCES: Final[Sequence[Source]] = (
    Source(
        "tasks",
        "重点任务推进情况",
        (_numbers("序号")[0], _text("任务"), *_numbers("交办", "办结", "办理中", "逾期")),
        TASKS,
    ),
    Source("obligations", "可核验义务完成情况", (_text("义务"), *_numbers("单位", "应完成", "已完成", "未完成")), OBLIGATIONS),
    Source("hours", "年度学时达标情况", (UNIT, *_numbers("在岗", "达标"), ("达标率", Form.SHARE)), HOURS),
    Source("certificates", "持证情况", (UNIT, *_numbers("在岗", "持证", "暂扣", "90日内到期")), CERTIFICATES),
    Source("problems", "突出问题整治情况", (("类型", Form.TEXT), *_numbers("发现", "销号", "逾期")), PROBLEMS),
    Source("complaints", "投诉举报办理情况", (("渠道", Form.TEXT), *_numbers("受理", "按期答复", "办结")), COMPLAINTS),
    Source("benchmarks", "裁量权基准备案情况", (UNIT, *_numbers("制定调整", "已备案", "按期备案")), BENCHMARKS),
    Source("case_records", "协作、调解、应诉等记录", (("事项", Form.TEXT), *_numbers("件数")), RECORDS),
    Source("reviews", "案卷评查情况", (UNIT, *_numbers("自评", "互评", "抽评")), REVIEWS),
    Source("guidance", "跟案指导情况", (UNIT, *_numbers("赋权案件", "应指导", "已指导")), GUIDANCE),
    Source(
        "budget",
        "执法经费情况",
        (("项目", Form.TEXT), *_numbers("单位"), ("预算（元）", Form.MONEY), ("支出（元）", Form.MONEY)),
        BUDGET,
    ),
    Source(
        "surveys",
        "满意度测评",
        (("机构", Form.TEXT), ("完成日期", Form.TEXT), *_numbers("样本"), ("满意率", Form.SHARE)),
        SURVEYS,
    ),
)
_TYPES: Final[dict[str, Any]] = {"d": Uuid(), "first_on": Date(), "last_on": Date(), "year": Integer(), "today": Date()}


async def table(read: Reader, source: Source, district_id: UUID, period: Period, today: date) -> Told:
    """One table as the records stand now."""
    places = {"d": district_id, "first_on": period.start, "last_on": period.end, "year": period.end.year, "today": today}
    used = [bindparam(name, places[name], type_=kind) for name, kind in _TYPES.items() if f":{name}" in source.sql]
    rows = (await read.execute(text(source.sql).bindparams(*used))).all()
    return Told(source.code, source.caption, source.columns, [tuple(row) for row in rows])
