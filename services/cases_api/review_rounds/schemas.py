"""Bodies and answers of review rounds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.review_rounds import rules
from services.kit import fields
from services.kit.pagination import PageQuery


class ReviewRoundIn(fields.In):
    """A new round of an open campaign. Without `unit_id` it takes files of all units of the district."""

    campaign_id: fields.Id
    mode: rules.Mode
    unit_id: fields.Id | None = None


class AssignIn(fields.In):
    """The files to review and the reviewers they are dealt to, in this order."""

    case_file_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=500)]
    account_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100, description="评查人账号，须属案卷所在单位。")]


class ReviewRoundOut(fields.Out):
    """A round as read, with the number of files given out and of those reviewed."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id | None = None
    campaign_id: fields.Id
    mode: rules.Mode
    state: rules.State
    files: fields.Whole
    submitted: fields.Whole
    created_at: fields.Moment
    assigned_at: fields.Moment | None = None
    published_at: fields.Moment | None = None
    closed_at: fields.Moment | None = None
    voided_at: fields.Moment | None = None
    void_reason: fields.Prose | None = None
    allowed_actions: list[Literal["assign", "publish", "close", "void"]]
    version: fields.Whole


class ReviewRoundPage(fields.Page[ReviewRoundOut]):
    """A page of rounds."""


class ReviewRoundFilter(PageQuery):
    """Named filters of the list."""

    campaign_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    mode: rules.Mode | None = None
    state: rules.State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
