"""Bodies and answers of review settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery


def _whole(least: int, most: int, description: str) -> object:
    return Field(strict=True, ge=least, le=most, description=description, json_schema_extra={"format": "int32"})


class ReviewSettingsIn(fields.In):
    """All settings from a day on. Every review uses those in force when its round was made or its deadline began."""

    model_config = fields.example(
        {
            "valid_from": "2025-01-01",
            "assumed": True,
            "sample_share": 1000,
            "sample_least": 2,
            "sample_most": 20,
            "reviewers_per_file": 2,
            "former_unit_years": 3,
            "repeat_years": 1,
            "most_load": 20,
            "lease_hours": 24,
            "spread_hundredths": 1000,
            "objection_days": 5,
            "objection_decision_days": 10,
            "rectification_days": 30,
            "source": "示例评查办法第八条",
        }
    )

    valid_from: fields.Day
    assumed: Annotated[fields.Flag, Field(description="推定值，待核定。")] = False
    sample_share: Annotated[int, _whole(0, 10_000, "抽查比例，万分之几。")]
    sample_least: Annotated[int, _whole(0, 10_000, "每层至少抽取件数，不足则全抽。")]
    sample_most: Annotated[int, _whole(0, 1_000_000, "每层至多抽取件数。")]
    reviewers_per_file: Annotated[int, _whole(1, 5, "每卷评查人数。")]
    former_unit_years: Annotated[int, _whole(0, 50, "离开原单位后须回避的年数。")]
    repeat_years: Annotated[int, _whole(0, 10, "评查过某单位后须隔的年数；0 为不限。")]
    most_load: Annotated[int, _whole(1, 10_000, "每名评查人每轮至多评查件数。")]
    lease_hours: Annotated[int, _whole(1, 720, "打开案卷后的独占时限，小时。")]
    spread_hundredths: Annotated[int, _whole(0, 10_000, "两名评查人总分相差超过此数（百分之一分）的，提交合议。")]
    objection_days: Annotated[int, _whole(1, 60, "提出异议的期限，工作日。")]
    objection_decision_days: Annotated[int, _whole(1, 120, "答复异议的期限，工作日。")]
    rectification_days: Annotated[int, _whole(1, 365, "整改期限，日历日。")]
    source: Annotated[fields.Line | None, Field(description="依据。")] = None


class ReviewSettingsOut(ReviewSettingsIn):
    """Settings as read; without a district they are the defaults that came with the system."""

    id: fields.Id
    district_id: fields.Id | None = None
    created_at: fields.Moment
    version: fields.Whole


class ReviewSettingsPage(fields.Page[ReviewSettingsOut]):
    """A page of settings."""


class ReviewSettingsFilter(PageQuery):
    """Newest first."""

    sort: Literal["valid_from", "-valid_from"] = "-valid_from"
