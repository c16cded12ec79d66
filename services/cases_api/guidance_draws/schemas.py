"""Bodies of drawing the cases of a round of guidance."""

from __future__ import annotations

from services.cases_api.draws.schemas import Quota
from services.kit import fields


class CaseSubstituteIn(fields.In):
    """A case that cannot be guided, and why."""

    model_config = fields.example(
        {"case_file_id": "0192f0c8-0000-7000-8000-000000000201", "reason": "案件已移送公安机关（示例）"}
    )

    case_file_id: fields.Id
    reason: fields.Line


class ShareGrowIn(fields.In):
    """A greater share of each township's cases, and why."""

    model_config = fields.example(
        {"quota": {"share_per_10000": 4000, "min": 1}, "reason": "上半年办案量增加，扩大跟案指导（示例）"}
    )

    quota: Quota
    reason: fields.Line
