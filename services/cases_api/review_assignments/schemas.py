"""Answers of review assignments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.review_assignments import rules
from services.kit import fields
from services.kit.pagination import PageQuery


class Explanation(fields.Out):
    """Why this reviewer: expertise, qualification, how often the units met, the load; or the rank as stand-in."""

    field: bool | None = None
    legal_review: bool | None = None
    met_years: fields.Whole | None = None
    load: fields.Whole | None = None
    rank: fields.Whole | None = None


class ReviewAssignmentOut(fields.Out):
    """An assignment as read; the review of it has the same id."""

    id: fields.Id
    round_id: fields.Id
    case_file_id: fields.Id
    unit_id: Annotated[fields.Id | None, Field(description="隐去单位的轮次，公布前不向评查人显示。")] = None
    account_id: fields.Id
    reason: rules.Reason
    cost: Annotated[int | None, Field(ge=0, description="按规则分派的代价。", json_schema_extra={"format": "int64"})] = None
    explanation: Explanation | None = None
    state: rules.State
    created_at: fields.Moment
    accepted_at: fields.Moment | None = None
    opened_at: fields.Moment | None = None
    leased_until: fields.Moment | None = None
    ended_how: rules.Ended | None = None
    ended_reason: Annotated[fields.Prose | None, Field(description="只有本人和区司法局可见。")] = None
    ended_at: fields.Moment | None = None
    allowed_actions: list[Literal["accept", "decline", "recuse", "reassign"]]
    version: fields.Whole


class ReviewAssignmentPage(fields.Page[ReviewAssignmentOut]):
    """A page of assignments."""


class ReviewAssignmentFilter(PageQuery):
    """Named filters of the list."""

    case_file_id: fields.Id | None = None
    account_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    state: rules.State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class AnyRoundFilter(ReviewAssignmentFilter):
    """The same over all rounds."""

    round_id: fields.Id | None = None
