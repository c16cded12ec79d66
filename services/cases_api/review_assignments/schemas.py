"""Answers of review assignments."""

from __future__ import annotations

from typing import Literal

from services.cases_api.review_assignments import rules
from services.kit import fields
from services.kit.pagination import PageQuery


class ReviewAssignmentOut(fields.Out):
    """An assignment as read; the review of it has the same id."""

    id: fields.Id
    round_id: fields.Id
    case_file_id: fields.Id
    unit_id: fields.Id
    account_id: fields.Id
    reason: rules.Reason
    state: rules.State
    created_at: fields.Moment
    opened_at: fields.Moment | None = None
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
