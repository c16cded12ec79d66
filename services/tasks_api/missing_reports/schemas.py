"""Missing progress reports as answered."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

LevelField = Annotated[
    int, Field(ge=0, le=2, json_schema_extra={"format": "int32"}, description="0 单位，1 单位负责人，2 区司法局。")
]


class MissingReportOut(fields.Out):
    """That nothing had been reported on an assignment for a period when it was noted, and to whom it was told."""

    id: fields.Id
    assignment_id: fields.Id
    district_id: fields.Id
    plan_id: fields.Id
    unit_id: fields.Id
    unit_name: fields.Line
    period_start: fields.Day
    period_end: fields.Day
    level: LevelField
    noted_on: fields.Day
    recorded_at: fields.Moment


class MissingReportPage(fields.Page[MissingReportOut]):
    """A page of them."""


class MissingReportFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    plan_id: fields.Id | None = None
    assignment_id: fields.Id | None = None
    period_end: fields.Day | None = None
    level: LevelField | None = None
    sort: Literal["-recorded_at"] = "-recorded_at"
