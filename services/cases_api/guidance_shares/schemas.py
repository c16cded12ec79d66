"""Answers about shares of guided cases."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.guidance_settings.schemas import BasisField, CountedField
from services.kit import fields
from services.kit.draw_schemas import Share
from services.kit.pagination import PageQuery


class TownshipShare(fields.Out):
    """A township's part: its cases on items the department granted, and how many of them are guided."""

    township_id: fields.Id
    cases: fields.Whole
    picked: fields.Whole


class GuidanceShareOut(fields.Out):
    """How far a granting department has come in a year. Without a case there is nothing to guide."""

    unit_id: Annotated[fields.Id, Field(description="赋权部门。")]
    year: fields.Year
    basis: BasisField
    counted: CountedField
    share_per_10000: Share
    cases: Annotated[fields.Whole, Field(description="当年赋权事项案件数 N。")]
    need: Annotated[fields.Whole, Field(description="应指导件数，N 乘以比例后向上取整。")]
    picked: Annotated[fields.Whole, Field(description="已选取。")]
    drawn: Annotated[fields.Whole, Field(description="其中抽取产生。")]
    begun: Annotated[fields.Whole, Field(description="已开展指导。")]
    finished: fields.Whole
    guided: Annotated[fields.Whole, Field(description="计为已指导的件数，口径见 counted。")]
    missing: Annotated[fields.Whole, Field(description="尚缺件数。")]
    percent: Annotated[
        float | None, Field(ge=0, le=100, json_schema_extra={"format": "double"}, description="已指导占比，%，两位小数。")
    ] = None
    status: Literal["met", "short", "not_applicable"]
    townships: list[TownshipShare] = Field(max_length=100)


class GuidanceSharePage(fields.Page[GuidanceShareOut]):
    """A page of shares."""


class GuidanceShareFilter(PageQuery):
    """The year asked for; by department if one is named."""

    year: fields.QueryYear
    as_of: Annotated[fields.Moment | None, Field(description="按此时刻已记录的事实计算；不得在将来。")] = None
    unit_id: fields.Id | None = None
    status: Literal["met", "short", "not_applicable"] | None = None
    sort: Literal["unit_id", "-unit_id"] = "unit_id"
