"""Bodies and answers of the dated settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.kinds import Category

Count = Annotated[int, Field(strict=True, ge=1, le=1000, json_schema_extra={"format": "int32"})]
Minutes = Annotated[int, Field(strict=True, ge=0, le=1440, json_schema_extra={"format": "int32"})]
Categories = Annotated[list[Category], Field(min_length=1, max_length=10, description="计入应修学时的类别。")]


class Share(fields.In):
    """A share as a fraction: 1 of 7."""

    numerator: fields.Whole
    denominator: Count


class SettingsIn(fields.In):
    """A new version from a day on; what is left out stays as in the version that holds on that day."""

    model_config = fields.example({"valid_from": "2026-01-01", "reason": "按本区年度培训通知调整（演示）", "required_hours": 60})

    valid_from: fields.Day
    reason: Annotated[fields.Line, Field(examples=["按本区年度培训通知调整（演示）"])]
    required_hours: Annotated[fields.Hours | None, Field(description="每人每年应修学时。")] = None
    categories: Categories | None = None
    day_hours: Annotated[fields.Hours | None, Field(description="培训一天折算学时。")] = None
    half_day_hours: Annotated[fields.Hours | None, Field(description="培训半天折算学时。")] = None
    half_day_minutes: Annotated[Minutes | None, Field(description="当日时长不超过此分钟数的按半天折算。")] = None
    missed_share: Annotated[Share | None, Field(description="缺课超过此比例的不计学时。")] = None
    sign_in_minutes: Annotated[Minutes | None, Field(description="每节课开始前多少分钟开放签到。")] = None
    joint_classes: Annotated[fields.Whole | None, Field(description="每年乡镇（街道）联合培训最低次数。")] = None
    coordinator_id: Annotated[fields.Id | None, Field(description="区基层综合执法牵头协调部门。")] = None


class SettingsOut(fields.Out):
    """A version as read; without `district_id` it is the one delivered with the system."""

    id: fields.Id
    district_id: fields.Id | None = None
    valid_from: fields.Day
    required_hours: fields.Hours
    categories: list[Category] = Field(max_length=10)
    day_hours: fields.Hours
    half_day_hours: fields.Hours
    half_day_minutes: fields.Whole
    missed_share: Share
    sign_in_minutes: fields.Whole
    joint_classes: fields.Whole
    coordinator_id: fields.Id | None = None
    reason: fields.Line | None = None
    recorded_by: fields.Id | None = None
    recorded_at: fields.Moment


class SettingsPage(fields.Page[SettingsOut]):
    """A page of versions."""


class SettingsFilter(PageQuery):
    """Versions come in the order they were recorded."""

    sort: Literal["recorded_at", "-recorded_at"] = "-recorded_at"


class InForceQuery(BaseModel):
    """The day asked for; today when left out."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: fields.Day | None = None
