"""Bodies of drawing the files of a round."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.cases_api.draws.schemas import Quota
from services.cases_api.review_rounds.schemas import Overrides
from services.kit import fields


class SubstituteIn(fields.In):
    """A file that cannot be reviewed, and why."""

    model_config = fields.example(
        {"case_file_id": "0192f0c8-0000-7000-8000-000000000201", "reason": "案卷正在行政诉讼中（示例）"}
    )

    case_file_id: fields.Id
    reason: fields.Line


class GrowIn(fields.In):
    """Wider terms for the sample, and why. The first override that fits a stratum holds, else the quota."""

    model_config = fields.example(
        {
            "quota": {"share_per_10000": 2000, "min": 3},
            "overrides": [{"match": {"procedure": "summary"}, "share_per_10000": 500}],
            "reason": "首轮发现问题较多，扩大抽样（示例）",
        }
    )

    quota: Quota
    overrides: Annotated[Overrides, Field(default_factory=list)]
    reason: fields.Line
