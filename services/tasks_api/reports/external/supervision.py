"""Tables over what this service keeps: tasks, obligations, problems, complaints, inspections, budget, surveys."""

from __future__ import annotations

from typing import Final

from services.tasks_api.obligations import rules
from services.tasks_api.reports.external.sources import UNIT, Source, hundredths, money, numbers, share, texts

TASKS: Final = """
SELECT t.number, t.title, count(*)::integer, (count(*) FILTER (WHERE a.state = 'approved'))::integer,
       (count(*) FILTER (WHERE a.state = 'approved' AND a.due_on >= a.stopped_on))::integer,
       (count(*) FILTER (WHERE a.state IN ('signed', 'in_progress', 'submitted')))::integer,
       (count(*) FILTER (WHERE a.due_on < coalesce(a.stopped_on, :today)))::integer,
       coalesce(sum(e.files), 0)::integer
FROM tasks.assignments a
JOIN tasks.tasks t ON t.id = a.task_id AND t.kind = 'task'
JOIN tasks.plans p ON p.id = a.plan_id AND p.period_start <= :last_on AND p.period_end >= :first_on
LEFT JOIN (
    SELECT r.assignment_id, sum(cardinality(r.attachment_ids)) AS files FROM tasks.progress_reports r
    WHERE r.district_id = :d GROUP BY r.assignment_id
) e ON e.assignment_id = a.id
WHERE a.district_id = :d AND a.state <> 'void' AND coalesce(a.year, :year) = :year
GROUP BY t.number, t.title ORDER BY t.number, t.title
"""
OBLIGATIONS: Final = """
SELECT o.obligation, count(DISTINCT o.unit_id)::integer, count(*)::integer,
       (count(*) FILTER (WHERE o.value >= o.threshold))::integer,
       (count(*) FILTER (WHERE o.value < o.threshold AND :today > o.due_on))::integer
FROM (
    SELECT DISTINCT ON (obligation, unit_id) * FROM tasks.obligation_values
    WHERE district_id = :d AND year = :year AND recorded_at <= :moment ORDER BY obligation, unit_id, recorded_at DESC, id DESC
) o
WHERE o.owed AND o.threshold > 0 GROUP BY o.obligation ORDER BY array_position(ARRAY[-- in the order of the plan], o.obligation)
""".replace("-- in the order of the plan", ", ".join(f"'{each.id}'" for each in rules.OBLIGATIONS))
PROBLEMS: Final = """
SELECT p.kind, count(*)::integer, (count(*) FILTER (WHERE p.state = 'closed' AND p.closed_on <= :last_on))::integer,
       (count(*) FILTER (WHERE p.due_on < coalesce(p.stopped_on, :today)))::integer
FROM tasks.problems p WHERE p.district_id = :d AND p.state <> 'void' AND p.found_on BETWEEN :first_on AND :last_on
GROUP BY p.kind ORDER BY p.kind
"""
COMPLAINTS: Final = """
SELECT c.channel, count(*)::integer, (count(*) FILTER (WHERE c.replied_on <= c.due_on))::integer,
       (count(*) FILTER (WHERE c.closed_on IS NOT NULL))::integer,
       (count(*) FILTER (WHERE c.satisfaction IN ('satisfied', 'mostly_satisfied', 'dissatisfied')))::integer,
       (count(*) FILTER (WHERE c.satisfaction IN ('satisfied', 'mostly_satisfied')))::integer
FROM tasks.complaints c WHERE c.district_id = :d AND c.state <> 'void' AND c.received_on BETWEEN :first_on AND :last_on
GROUP BY c.channel ORDER BY c.channel
"""
# Visits of the year's plan by the unit that leads them, and inspections of the period by the unit that led them.
INSPECTIONS: Final = """
SELECT u.short_name, coalesce(sum(i.planned), 0)::integer, coalesce(sum(i.done), 0)::integer,
       coalesce(sum(i.joint), 0)::integer, coalesce(sum(i.beside), 0)::integer, coalesce(sum(i.saved), 0)::integer
FROM (
    SELECT m.unit_ids[1] AS unit_id, 1 AS planned, 0 AS done, 0 AS joint, 0 AS beside, 0 AS saved
    FROM tasks.inspection_plan_items m JOIN tasks.inspection_plans p ON p.id = m.plan_id
    WHERE p.district_id = :d AND p.year = :year AND p.state = 'approved' AND m.state = 'active'
    UNION ALL
    SELECT n.unit_id, 0, 1, (cardinality(n.unit_ids) > 1)::integer, (n.plan_item_id IS NULL)::integer, n.visits_saved
    FROM tasks.inspections n WHERE n.district_id = :d AND n.state = 'recorded' AND n.inspected_on BETWEEN :first_on AND :last_on
) i JOIN published.units u ON u.id = i.unit_id
GROUP BY u.short_name, u.code ORDER BY u.code
"""
BUDGET: Final = """
SELECT r.facts ->> 'line', count(DISTINCT r.unit_id)::integer, sum((r.facts ->> 'budget_fen')::bigint)::bigint,
       coalesce(sum((r.facts ->> 'spent_fen')::bigint), 0)::bigint
FROM tasks.records r
WHERE r.district_id = :d AND r.kind = 'budget-lines' AND r.state = 'active' AND (r.facts ->> 'budget_year')::integer = :year
GROUP BY 1 ORDER BY 1
"""
# Each unit's last score of the period for its use of the platform (plan task 21).
SCORES: Final = """
SELECT u.short_name, s.officers, s.points FROM (
    SELECT DISTINCT ON (r.unit_id) r.unit_id, (r.facts ->> 'active_officers')::integer AS officers,
           round((r.facts ->> 'score')::numeric * 100)::integer AS points
    FROM tasks.records r
    WHERE r.district_id = :d AND r.kind = 'platform-usages' AND r.state = 'active' AND r.facts ? 'score'
      AND r.occurred_on BETWEEN :first_on AND :last_on
    ORDER BY r.unit_id, r.occurred_on DESC, r.id DESC
) s JOIN published.units u ON u.id = s.unit_id ORDER BY u.code
"""
SURVEYS: Final = """
SELECT r.facts ->> 'provider', r.facts ->> 'finished_on', (r.facts ->> 'sample')::integer,
       round((r.facts ->> 'satisfied')::numeric * 10000 / (r.facts ->> 'sample')::numeric)::integer
FROM tasks.records r
WHERE r.district_id = :d AND r.kind = 'satisfaction-surveys' AND r.state = 'active'
  AND r.occurred_on BETWEEN :first_on AND :last_on
ORDER BY r.occurred_on, r.id
"""
TABLES: Final = (
    Source(
        "tasks",
        "重点任务推进情况",
        (*numbers("序号"), *texts("任务"), *numbers("交办", "办结", "按期办结", "办理中", "逾期", "佐证材料")),
        TASKS,
    ),
    Source("obligations", "可核验义务完成情况", (*texts("义务"), *numbers("单位", "应完成", "已完成", "未完成")), OBLIGATIONS),
    Source("problems", "突出问题整治情况", (*texts("类型"), *numbers("发现", "销号", "逾期")), PROBLEMS),
    Source(
        "complaints",
        "投诉举报办理情况",
        (*texts("渠道"), *numbers("受理", "按期答复", "办结", "回访", "满意")),
        COMPLAINTS,
    ),
    Source(
        "inspections",
        "综合查一次实施情况",
        (UNIT, *numbers("全年计划", "本期实施", "联合检查", "计划外", "减少次数")),
        INSPECTIONS,
    ),
    Source(
        "platform_scores",
        "执法平台应用考核情况",
        (UNIT, *numbers("使用人员"), *hundredths("考核得分")),
        SCORES,
    ),
    Source("budget", "执法经费情况", (*texts("项目"), *numbers("单位"), *money("预算（元）", "支出（元）")), BUDGET),
    Source("surveys", "满意度测评", (*texts("机构", "完成日期"), *numbers("样本"), *share("满意率")), SURVEYS),
)
