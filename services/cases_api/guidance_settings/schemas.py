"""Bodies and answers of guidance settings."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.guidance_settings.rules import Basis, Counted
from services.kit import fields
from services.kit.draw_schemas import Share
from services.kit.pagination import PageQuery

BasisField = Annotated[Basis, Field(description="案件按哪一日计入年度：立案、决定或结案。")]
CountedField = Annotated[Counted, Field(description="何时起计为已指导：选取、首次指导或办结。")]


class GuidanceSettingsIn(fields.In):
    """All settings from a day on. A year is measured by the newest that begin by its end."""

    model_config = fields.example(
        {
            "valid_from": "2025-01-01",
            "assumed": True,
            "share_per_10000": 3000,
            "basis": "filed",
            "counted": "begun",
            "source": "示例工作方案第十二项",
        }
    )

    valid_from: fields.Day
    assumed: Annotated[fields.Flag, Field(description="推定值，待核定。")] = False
    share_per_10000: Share
    basis: BasisField
    counted: CountedField
    source: Annotated[fields.Line | None, Field(description="依据。")] = None


class GuidanceSettingsOut(GuidanceSettingsIn):
    """Settings as read; without a district they are the defaults that came with the system."""

    id: fields.Id
    district_id: fields.Id | None = None
    created_at: fields.Moment
    version: fields.Whole


class GuidanceSettingsPage(fields.Page[GuidanceSettingsOut]):
    """A page of settings."""


class GuidanceSettingsFilter(PageQuery):
    """Newest first."""

    sort: Literal["valid_from", "-valid_from"] = "-valid_from"
