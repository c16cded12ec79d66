"""Bodies and answers of reviews of qualifications."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.qualification_reviews.rules import Decision, Outcome, Reason, State, Verb


class QualificationReviewIn(fields.In):
    """A new review. What it proposes follows from the registers as of the day."""

    model_config = fields.example({"title": "2024年第四季度执法资格清理"})

    title: Annotated[fields.Line, Field(examples=["2024年第四季度执法资格清理"])]
    unit_id: Annotated[fields.Id | None, Field(description="清理范围：该单位及其下属；不填为全区。")] = None
    as_of: Annotated[fields.Day | None, Field(description="按此日的情况提出；不填为今天。")] = None


class ItemIn(fields.In):
    """A certificate added by hand, and why."""

    model_config = fields.example({"certificate_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01", "note": "已不在执法岗位"})

    certificate_id: fields.Id
    note: Annotated[fields.Line, Field(examples=["已不在执法岗位"])]


class DecisionIn(fields.In):
    """What is to become of a certificate; `keep` needs a note."""

    certificate_id: fields.Id
    decision: Decision
    note: fields.Line | None = None


class DecisionsIn(fields.In):
    """Decisions on many items; an earlier decision is replaced."""

    model_config = fields.example({"items": [{"certificate_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01", "decision": "cancel"}]})

    atomic: fields.Flag = False
    items: list[DecisionIn] = Field(min_length=1, max_length=500)


class ReasonIn(fields.In):
    """Why."""

    model_config = fields.example({"reason": "范围有误"})

    reason: Annotated[fields.Line, Field(examples=["范围有误"])]


class Counts(fields.Out):
    """How many items of the caller's reach were proposed, decided and done."""

    proposed: fields.Whole
    cancel: fields.Whole
    keep: fields.Whole
    undecided: fields.Whole
    cancelled: fields.Whole
    skipped: fields.Whole


class QualificationReviewOut(fields.Out):
    """A review as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    title: fields.Line
    as_of: fields.Day
    state: State
    counts: Counts
    checked_at: fields.Moment | None = None
    applied_at: fields.Moment | None = None
    allowed_actions: list[Verb] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class QualificationReviewPage(fields.Page[QualificationReviewOut]):
    """A page of reviews."""


class QualificationReviewFilter(PageQuery):
    """Named filters of the list."""

    state: State | None = None
    year: Annotated[fields.QueryYear | None, Field(description="清理基准日所在年度。")] = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class ItemOut(fields.Out):
    """An item as read. `unit_id` is the unit the officer belongs to, or belonged to last."""

    certificate_id: fields.Id
    officer_id: fields.Id
    unit_id: fields.Id
    number: Annotated[str | None, Field(max_length=30, pattern="^[A-Za-z0-9-]+$")] = None
    reason: Reason
    cancel_on: fields.Day
    decision: Decision | None = None
    note: fields.Line | None = None
    decided_at: fields.Moment | None = None
    outcome: Outcome | None = None


class ItemPage(fields.Page[ItemOut]):
    """A page of items."""


class ItemFilter(PageQuery):
    """Named filters of the items of a review."""

    unit_id: fields.Id | None = None
    reason: Reason | None = None
    decision: Decision | None = None
    undecided: bool | None = None
    outcome: Outcome | None = None
    sort: Literal["certificate_id"] = "certificate_id"
