"""Bodies and answers of review campaigns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.review_campaigns import rules
from services.kit import fields
from services.kit.pagination import PageQuery

Online = Annotated[fields.Flag, Field(description="线上评查（方案第21项：2025年底前至少开展一次）。")]


class ReviewCampaignIn(fields.In):
    """A new campaign under a published rubric."""

    model_config = fields.example(
        {"title": "2025年行政处罚案卷评查", "year": 2025, "rubric_id": "0192f0c8-0000-7000-8000-000000000504", "online": True}
    )

    title: Annotated[fields.Line, Field(examples=["2025年行政处罚案卷评查"])]
    year: fields.Year
    rubric_id: fields.Id
    online: Online = False


class ReviewCampaignChange(fields.In):
    """What may change while the campaign is a draft."""

    model_config = fields.example({"title": "2025年行政处罚案卷评查（上半年）"})

    title: fields.Line | None = None
    year: fields.Year | None = None
    rubric_id: fields.Id | None = None
    online: Online | None = None


class ReviewCampaignOut(fields.Out):
    """A campaign as read."""

    id: fields.Id
    district_id: fields.Id
    title: fields.Line
    year: fields.Year
    rubric_id: fields.Id
    online: Online
    state: rules.State
    created_at: fields.Moment
    opened_at: fields.Moment | None = None
    closed_at: fields.Moment | None = None
    allowed_actions: list[Literal["change", "open", "close"]]
    version: fields.Whole


class ReviewCampaignPage(fields.Page[ReviewCampaignOut]):
    """A page of campaigns."""


class ReviewCampaignFilter(PageQuery):
    """Named filters of the list."""

    year: fields.QueryYear | None = None
    state: rules.State | None = None
    rubric_id: fields.Id | None = None
    online: bool | None = None
    sort: Literal["year", "-year"] = "-year"
