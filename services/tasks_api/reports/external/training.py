"""Tables over what training_api publishes: hours, certificates, auxiliary staff."""

from __future__ import annotations

from typing import Final

from services.tasks_api.reports.external.sources import UNIT, Source, hundredths, numbers, share

HOURS: Final = """
SELECT u.short_name, h.officers, h.met, CASE WHEN h.officers > 0 THEN round(h.met * 10000.0 / h.officers)::integer END,
       CASE WHEN h.officers > 0 THEN round(h.valid_hundredths::numeric / h.officers)::integer END
FROM published.unit_training_hours h JOIN published.units u ON u.id = h.unit_id
WHERE h.district_id = :d AND h.year = :year AND h.officers > 0 ORDER BY u.code
"""
CERTIFICATES: Final = """
SELECT u.short_name, c.officers, c.certified, c.suspended, c.expiring
FROM published.unit_certificates c JOIN published.units u ON u.id = c.unit_id WHERE c.district_id = :d ORDER BY u.code
"""
# Auxiliary staff in service today, how many of them passed their exam and stand on the public list (plan task 5).
AUXILIARIES: Final = """
SELECT u.short_name, count(*)::integer, (count(*) FILTER (WHERE EXISTS (
           SELECT FROM published.exam_passes e WHERE e.officer_id = o.id AND e.kind = 'auxiliary')))::integer,
       count(a.officer_id)::integer
FROM published.officers o JOIN published.units u ON u.id = o.unit_id
LEFT JOIN published.public_auxiliaries a ON a.officer_id = o.id
WHERE o.district_id = :d AND o.kind = 'auxiliary' AND coalesce(o.left_on, 'infinity') > :today
GROUP BY u.short_name, u.code ORDER BY u.code
"""
TABLES: Final = (
    Source(
        "hours",
        "年度学时达标情况",
        (UNIT, *numbers("在岗", "达标"), *share("达标率"), *hundredths("人均学时")),
        HOURS,
    ),
    Source("certificates", "持证情况", (UNIT, *numbers("在岗", "持证", "暂扣", "90日内到期")), CERTIFICATES),
    Source("auxiliaries", "辅助人员考试和公示情况", (UNIT, *numbers("辅助人员", "考试合格", "已公示")), AUXILIARIES),
)
