"""Tables over what cases_api publishes: cases, the three systems, benchmarks, reviews, guidance, disputes, the platform."""

from __future__ import annotations

from typing import Final

from services.tasks_api.reports.external.sources import UNIT, Source, hundredths, numbers, share, texts

# Over the limit: what the legal check found (rule P14: 90 days with what is excluded).
CASES: Final = """
WITH overdue AS (
    SELECT DISTINCT x.case_file_id FROM published.case_defects x WHERE x.district_id = :d AND x.rule = 'P14' AND NOT x.overridden
)
SELECT c.kind, sum(c.filed)::integer, sum(c.decided)::integer, sum(c.brief)::integer, sum(c.overdue)::integer,
       sum(c.withdrawn)::integer
FROM (
    SELECT f.kind, count(*) FILTER (WHERE f.filed_on BETWEEN :first_on AND :last_on) AS filed,
           count(*) FILTER (WHERE f.decided_on BETWEEN :first_on AND :last_on) AS decided,
           count(*) FILTER (WHERE f.decided_on BETWEEN :first_on AND :last_on AND f.procedure IN ('summary', 'fast')) AS brief,
           count(x.case_file_id) FILTER (WHERE f.filed_on BETWEEN :first_on AND :last_on) AS overdue, 0 AS withdrawn
    FROM published.case_facts f LEFT JOIN overdue x ON x.case_file_id = f.case_file_id
    WHERE f.district_id = :d AND (f.filed_on BETWEEN :first_on AND :last_on OR f.decided_on BETWEEN :first_on AND :last_on)
    GROUP BY f.kind
    UNION ALL
    SELECT f.kind, 0, 0, 0, 0, count(*) FROM published.case_facts f
    WHERE f.district_id = :d AND f.withdrawn_on BETWEEN :first_on AND :last_on GROUP BY f.kind
) c
GROUP BY c.kind ORDER BY c.kind
"""
# The three systems (三项制度) of the decisions of the period: published in time (no rule P17 found), reviewed for lawfulness
# where it was due (done, or found missing by rule P12), recorded.
SAFEGUARDS: Final = """
WITH found AS (
    SELECT x.case_file_id, bool_or(x.rule = 'P17') AS late, bool_or(x.rule = 'P12') AS unreviewed
    FROM published.case_defects x WHERE x.district_id = :d AND x.rule IN ('P12', 'P17') AND NOT x.overridden
    GROUP BY x.case_file_id
), decided AS MATERIALIZED (
    SELECT f.unit_id, coalesce(p.late, false) AS late, coalesce(p.unreviewed, false) AS unreviewed, f.legally_reviewed, f.recorded
    FROM published.case_facts f LEFT JOIN found p ON p.case_file_id = f.case_file_id
    WHERE f.district_id = :d AND f.decided_on BETWEEN :first_on AND :last_on
)
SELECT u.short_name, sum(f.cases)::integer, sum(f.timely)::integer, sum(f.due)::integer, sum(f.reviewed)::integer,
       sum(f.recorded)::integer
FROM (
    SELECT unit_id, count(*) AS cases, count(*) FILTER (WHERE NOT late) AS timely,
           count(*) FILTER (WHERE legally_reviewed OR unreviewed) AS due,
           count(*) FILTER (WHERE legally_reviewed AND NOT unreviewed) AS reviewed, count(*) FILTER (WHERE recorded) AS recorded
    FROM decided GROUP BY unit_id
) f JOIN published.units u ON u.id = f.unit_id
GROUP BY u.short_name, u.code ORDER BY u.code
"""
BENCHMARKS: Final = """
SELECT u.short_name, count(*)::integer, count(f.filed_on)::integer, (count(*) FILTER (WHERE f.filed_on <= f.due_on))::integer,
       round(avg(f.filed_on - f.published_on) * 100)::integer
FROM published.benchmark_filings f JOIN published.units u ON u.id = f.unit_id
WHERE f.district_id = :d AND f.published_on BETWEEN :first_on AND :last_on GROUP BY u.short_name, u.code ORDER BY u.code
"""
# Coverage: files with a final result, of the files decided in the year.
REVIEWS: Final = """
SELECT u.short_name, coalesce(v.own, 0)::integer, coalesce(v.mutual, 0)::integer, coalesce(v.sample, 0)::integer,
       coalesce(v.final, 0)::integer, coalesce(d.decided, 0)::integer
FROM (
    SELECT r.unit_id, count(*) FILTER (WHERE r.mode = 'self') AS own, count(*) FILTER (WHERE r.mode = 'cross') AS mutual,
           count(*) FILTER (WHERE r.mode = 'sample') AS sample, count(*) FILTER (WHERE r.is_final) AS final
    FROM published.review_results r WHERE r.district_id = :d AND r.year = :year GROUP BY r.unit_id
) v
FULL JOIN (
    SELECT f.unit_id, count(*) AS decided FROM published.case_facts f
    WHERE f.district_id = :d AND f.decided_on BETWEEN make_date(:year, 1, 1) AND make_date(:year, 12, 31) GROUP BY f.unit_id
) d ON d.unit_id = v.unit_id
JOIN published.units u ON u.id = coalesce(v.unit_id, d.unit_id) ORDER BY u.code
"""
GRADES: Final = """
SELECT r.mode, count(*)::integer, (count(*) FILTER (WHERE r.grade = 'excellent'))::integer,
       (count(*) FILTER (WHERE r.grade = 'good'))::integer, (count(*) FILTER (WHERE r.grade = 'pass'))::integer,
       (count(*) FILTER (WHERE r.grade = 'fail'))::integer, (count(*) FILTER (WHERE r.vetoed))::integer,
       round(avg(r.total_hundredths))::integer
FROM published.review_results r WHERE r.district_id = :d AND r.year = :year
GROUP BY r.mode ORDER BY array_position(ARRAY['self', 'cross', 'sample'], r.mode)
"""
# What units gave themselves and what stood in the end, of files with both.
INFLATION: Final = """
SELECT u.short_name, count(*)::integer, round(avg(o.total_hundredths))::integer, round(avg(f.total_hundredths))::integer,
       round(avg(o.total_hundredths) - avg(f.total_hundredths))::integer
FROM published.review_results o
JOIN published.review_results f ON f.campaign_id = o.campaign_id AND f.case_file_id = o.case_file_id AND f.is_final
    AND f.mode <> 'self' AND f.total_hundredths IS NOT NULL
JOIN published.units u ON u.id = o.unit_id
WHERE o.district_id = :d AND o.year = :year AND o.mode = 'self' AND o.total_hundredths IS NOT NULL
GROUP BY u.short_name, u.code ORDER BY u.code
"""
DEFECTS: Final = """
SELECT left(x.item, 40), count(DISTINCT x.case_file_id)::integer, count(DISTINCT x.unit_id)::integer
FROM published.review_deductions x WHERE x.district_id = :d AND x.published_on BETWEEN make_date(:year, 1, 1) AND :last_on
GROUP BY x.item_key, x.item ORDER BY 2 DESC, x.item_key LIMIT 10
"""
FOLLOWUPS: Final = """
SELECT w.kind, count(*)::integer, (count(*) FILTER (WHERE w.done_on IS NOT NULL))::integer,
       (count(*) FILTER (WHERE w.done_on <= w.due_on))::integer,
       (count(*) FILTER (WHERE w.due_on < coalesce(w.done_on, :today)))::integer
FROM published.review_followups w
WHERE w.district_id = :d AND w.state <> 'withdrawn' AND w.begun_on BETWEEN :first_on AND :last_on
GROUP BY w.kind ORDER BY w.kind
"""
GUIDANCE: Final = """
SELECT u.short_name, g.cases::integer, g.need::integer, g.guided::integer,
       CASE WHEN g.cases > 0 THEN round(g.guided * 10000.0 / g.cases)::integer END
FROM published.guidance_shares g JOIN published.units u ON u.id = g.unit_id
WHERE g.district_id = :d AND g.year = :year ORDER BY u.code
"""
RECORDS: Final = """
SELECT r.kind, count(*)::integer FROM published.case_records r
WHERE r.district_id = :d AND r.occurred_on BETWEEN :first_on AND :last_on GROUP BY r.kind ORDER BY r.kind
"""
TRANSFERS: Final = """
SELECT r.facts ->> 'target', (count(*) FILTER (WHERE r.facts ->> 'direction' = 'sent'))::integer,
       (count(*) FILTER (WHERE r.facts ->> 'direction' = 'received'))::integer,
       (count(*) FILTER (WHERE r.facts ->> 'answer' = 'accepted'))::integer
FROM published.case_records r
WHERE r.district_id = :d AND r.kind = 'transfers' AND r.occurred_on BETWEEN :first_on AND :last_on GROUP BY 1 ORDER BY 1
"""
MEDIATIONS: Final = """
SELECT r.facts ->> 'venue', count(*)::integer, (count(*) FILTER (WHERE r.facts ->> 'result' = 'agreed'))::integer,
       (count(*) FILTER (WHERE r.facts ->> 'result' = 'failed'))::integer
FROM published.case_records r
WHERE r.district_id = :d AND r.kind = 'mediations' AND r.occurred_on BETWEEN :first_on AND :last_on GROUP BY 1 ORDER BY 1
"""
# Lost: revoked, altered, or found illegal. A leader appears where a court sat.
LITIGATIONS: Final = """
SELECT r.facts ->> 'remedy', count(*)::integer, (count(*) FILTER (WHERE r.facts ->> 'outcome' <> 'pending'))::integer,
       (count(*) FILTER (WHERE r.facts ->> 'outcome' IN ('revoked', 'altered', 'illegal')))::integer,
       (count(*) FILTER (WHERE r.facts ->> 'remedy' <> 'reconsideration' AND r.facts ? 'heard_on'))::integer,
       (count(*) FILTER (WHERE r.facts ->> 'remedy' <> 'reconsideration' AND r.facts ? 'heard_on'
           AND r.facts ->> 'attendance' IN ('leader', 'deputy')))::integer
FROM published.case_records r
WHERE r.district_id = :d AND r.kind = 'litigations' AND r.occurred_on BETWEEN :first_on AND :last_on
GROUP BY 1 ORDER BY array_position(ARRAY['reconsideration', 'first_instance', 'second_instance', 'retrial'], r.facts ->> 'remedy')
"""
# Use of the provincial platform (plan tasks 20 and 21): cases handled online, of all filed in the period.
PLATFORM: Final = """
SELECT u.short_name, count(*)::integer, (count(*) FILTER (WHERE NOT f.offline))::integer,
       round(count(*) FILTER (WHERE NOT f.offline) * 10000.0 / count(*))::integer
FROM published.case_facts f JOIN published.units u ON u.id = f.unit_id
WHERE f.district_id = :d AND f.filed_on BETWEEN :first_on AND :last_on GROUP BY u.short_name, u.code ORDER BY u.code
"""
TABLES: Final = (
    Source(
        "cases",
        "案件办理情况",
        (*texts("类别"), *numbers("立案", "决定", "简易快速", "超期", "撤销")),
        CASES,
    ),
    Source(
        "safeguards",
        "行政执法三项制度落实情况",
        (UNIT, *numbers("决定", "按期公示", "应法制审核", "已法制审核", "有全过程记录")),
        SAFEGUARDS,
    ),
    Source(
        "benchmarks",
        "裁量权基准备案情况",
        (UNIT, *numbers("制定调整", "已备案", "按期备案"), *hundredths("平均用时（日）")),
        BENCHMARKS,
    ),
    Source("reviews", "案卷评查情况", (UNIT, *numbers("自评", "互评", "抽评", "已评案卷", "全年决定")), REVIEWS),
    Source(
        "grades",
        "案卷评查等次",
        (*texts("方式"), *numbers("案卷", "优秀", "良好", "合格", "不合格", "一票否决"), *hundredths("平均分")),
        GRADES,
    ),
    Source(
        "inflation",
        "自评与最终结果比较",
        (UNIT, *numbers("案卷"), *hundredths("自评均分"), *hundredths("最终均分"), *hundredths("差值")),
        INFLATION,
    ),
    Source("defects", "案卷评查常见问题", (*texts("评查事项"), *numbers("案卷", "单位")), DEFECTS),
    Source("followups", "评查异议和整改情况", (*texts("事项"), *numbers("提出", "完成", "按期完成", "逾期")), FOLLOWUPS),
    Source(
        "guidance",
        "跟案指导情况",
        (UNIT, *numbers("赋权案件", "应指导", "已指导"), *share("指导比例")),
        GUIDANCE,
    ),
    Source("case_records", "协作、调解、应诉等记录", (*texts("事项"), *numbers("件数")), RECORDS),
    Source("transfers", "案件和线索移送情况", (*texts("移送对象"), *numbers("移出", "移入", "受理")), TRANSFERS),
    Source("mediations", "行政争议调解情况", (*texts("调解机构"), *numbers("件数", "达成协议", "未达成")), MEDIATIONS),
    Source(
        "litigations",
        "行政复议和行政应诉情况",
        (*texts("程序"), *numbers("件数", "审结", "撤销变更违法", "开庭", "负责人出庭")),
        LITIGATIONS,
    ),
    Source("platform", "执法平台应用情况", (UNIT, *numbers("立案", "平台办理"), *share("应用率")), PLATFORM),
)
