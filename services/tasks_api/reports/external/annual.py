"""The five tables of the yearly statistics (国办发〔2018〕118号): every unit that enforces, zeros filled in.

A decision counts in the period in which it was made, once, under its heaviest kind, also when it was revoked later.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.tasks_api.reports.external.sources import UNIT, Source, money, numbers, share

_WHOLE: Final = """
SELECT u.short_name, {columns}
FROM published.units u LEFT JOIN published.case_facts f ON f.unit_id = u.id AND {cases}
{more}WHERE u.district_id = :d AND u.enforcement AND coalesce(u.valid_from, '-infinity') <= :last_on
    AND coalesce(u.valid_to, 'infinity') >= :first_on
GROUP BY u.short_name, u.code ORDER BY u.code
"""
_DECIDED: Final = "f.decided_on BETWEEN :first_on AND :last_on"
_FILED: Final = "f.filed_on BETWEEN :first_on AND :last_on"


def _sql(cases: str, tests: Mapping[str, str], more: str = "", also: str = "") -> str:
    """Counts under each heading, one row per unit. All of it is text of this file."""
    counts = ", ".join(f"(count(*) FILTER (WHERE {test}))::integer" for test in tests.values())
    return _WHOLE.format(columns=counts + also, cases=cases, more=more)


PENALTIES: Final = {
    "警告通报": "f.heaviest IN ('warning', 'public_criticism')",
    "罚款": "f.heaviest = 'fine'",
    "没收": "f.heaviest = 'confiscation'",
    "暂扣降级": "f.heaviest IN ('licence_suspension', 'qualification_downgrade')",
    "吊销": "f.heaviest = 'licence_revocation'",
    "限制经营": "f.heaviest = 'operation_restriction'",
    "停产关闭": "f.heaviest IN ('production_stop', 'closure', 'profession_ban')",
    "拘留": "f.heaviest = 'detention'",
    "其他": "f.heaviest = 'other'",
    "未载明": "f.heaviest = 'unstated'",
    "合计": "f.heaviest IS NOT NULL",
}
LICENCES: Final = {
    "申请": _FILED,
    "受理": _FILED,
    "许可": f"{_DECIDED} AND f.outcome = 'granted'",
    "不予许可": f"{_DECIDED} AND f.outcome = 'refused'",
    "撤销许可": "f.withdrawn_on BETWEEN :first_on AND :last_on",
}
COMPULSIONS: Final = {
    "查封": "act ->> 2 = 'sealing'",
    "扣押": "act ->> 2 = 'detention'",
    "冻结": "act ->> 2 = 'freezing'",
    "其他措施": "act ->> 0 = 'seizure' AND act ->> 2 IS NULL",
    "加处罚款滞纳金": "act ->> 0 = 'payment'",
    "申请法院执行": "act ->> 0 = 'court_application'",
    "合计": "act IS NOT NULL",
}
OTHERS: Final = {
    "征收征用": f"f.kind = 'expropriation' AND {_DECIDED}",
    "检查": f"f.kind = 'inspection' AND {_FILED}",
    "其他行为": "f.kind = 'other' AND coalesce(f.decided_on, f.filed_on) BETWEEN :first_on AND :last_on",
}
_ACTS: Final = """LEFT JOIN LATERAL jsonb_array_elements(f.acts) AS act
    ON (act ->> 1)::date BETWEEN :first_on AND :last_on
"""
# Posts as the unit's last count in the register of staffing has them; who is on duty and holds a certificate, as of today.
CERTIFIED: Final = """
SELECT u.short_name, coalesce(s.posts, 0)::integer, coalesce(c.officers, 0)::integer, coalesce(c.certified, 0)::integer,
       CASE WHEN c.officers > 0 THEN round(c.certified * 10000.0 / c.officers)::integer END
FROM published.units u
LEFT JOIN published.unit_certificates c ON c.unit_id = u.id
LEFT JOIN LATERAL (
    SELECT (r.facts ->> 'posts')::integer AS posts FROM tasks.records r
    WHERE r.unit_id = u.id AND r.kind = 'staffings' AND r.state = 'active' AND r.occurred_on <= :last_on
    ORDER BY r.occurred_on DESC, r.id DESC LIMIT 1
) s ON true
WHERE u.district_id = :d AND u.enforcement ORDER BY u.code
"""
_AMOUNT: Final = ", coalesce(sum(f.amount_fen) FILTER (WHERE {test}), 0)::bigint"
TABLES: Final = (
    Source(
        "annual_penalties",
        "表一 行政处罚实施情况",
        (UNIT, *numbers(*PENALTIES), *money("罚没金额（元）")),
        _sql(f"f.kind = 'penalty' AND {_DECIDED}", PENALTIES, also=_AMOUNT.format(test="f.heaviest IS NOT NULL")),
        annual=True,
    ),
    Source("annual_licences", "表二 行政许可实施情况", (UNIT, *numbers(*LICENCES)), _sql("f.kind = 'licence'", LICENCES), True),
    Source(
        "annual_compulsions",
        "表三 行政强制实施情况",
        (UNIT, *numbers(*COMPULSIONS)),
        _sql("f.acts IS NOT NULL", COMPULSIONS, _ACTS),
        annual=True,
    ),
    Source(
        "annual_others",
        "表四 其他行政执法行为实施情况",
        (UNIT, *numbers(*OTHERS), *money("征收金额（元）")),
        _sql(
            "f.kind IN ('expropriation', 'inspection', 'other')",
            OTHERS,
            also=_AMOUNT.format(test=f"f.kind = 'expropriation' AND {_DECIDED}"),
        ),
        annual=True,
    ),
    Source(
        "annual_certificates",
        "表五 行政执法人员持证情况",
        (UNIT, *numbers("编制数", "在岗", "持证"), *share("持证率")),
        CERTIFIED,
        annual=True,
    ),
)
