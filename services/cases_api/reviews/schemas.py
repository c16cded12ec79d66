"""Bodies and answers of reviews."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from services.cases_api.review_assignments.rules import State
from services.cases_api.review_rounds.rules import Mode
from services.kit import fields
from services.kit.pagination import PageQuery

PageNumber = Annotated[
    int, Field(strict=True, ge=1, le=100_000, description="案卷页码。", examples=[12], json_schema_extra={"format": "int32"})
]
# A sheet for readers; sheets of arbitrations, objections and calibrations show the same.
EXAMPLE: Final[dict[str, Any]] = {
    "items": [
        {
            "item_key": "delivery.receipt",
            "deduction": 2.5,
            "reason": "送达回证无签收日期（示例）",
            "page": 30,
            "rule_key": "delivery.receipt.undated",
        }
    ],
    "vetoes": [],
    "not_applicable": [{"item_key": "hearing.record", "reason": "本案未举行听证（示例）"}],
}


class ReviewFinding(fields.In):
    """A deduction from an item; an item may have several. `rule_key` names the deduction rule it follows."""

    item_key: fields.Code
    deduction: fields.Points
    reason: Annotated[fields.Prose | None, Field(description="扣分理由，提交时必填。")] = None
    page: PageNumber | None = None
    rule_key: fields.Code | None = None


class VetoFinding(fields.In):
    """A veto item found in the file."""

    key: fields.Code
    reason: fields.Prose | None = None
    page: PageNumber | None = None


class ItemLeftOut(fields.In):
    """An item held not applicable to this file."""

    item_key: fields.Code
    reason: fields.Prose | None = None


class ReviewIn(fields.In):
    """The whole of a review. A draft may hold what a submission may not."""

    model_config = fields.example(EXAMPLE)

    items: list[ReviewFinding] = Field(default_factory=list, max_length=500)
    vetoes: list[VetoFinding] = Field(default_factory=list, max_length=100)
    not_applicable: list[ItemLeftOut] = Field(default_factory=list, max_length=500)
    not_reviewable: Annotated[fields.Prose | None, Field(description="不符合评查条件的理由；填写后不计分、不计入平均。")] = None


class ReviewOut(ReviewIn):
    """A review as read: its assignment, what was found and, once submitted, the score and the rubric's hashes."""

    id: fields.Id
    round_id: fields.Id
    campaign_id: fields.Id
    rubric_id: fields.Id
    mode: Mode
    case_file_id: fields.Id
    unit_id: Annotated[fields.Id | None, Field(description="隐去单位的轮次，公布前不向评查人显示。")] = None
    account_id: fields.Id
    state: State
    total: fields.Points | None = None
    got: fields.Points | None = None
    applicable: fields.Points | None = None
    grade: fields.Code | None = None
    content_hash: fields.Hash | None = None
    structure_hash: fields.Hash | None = None
    created_at: fields.Moment
    opened_at: fields.Moment | None = None
    saved_at: fields.Moment | None = None
    submitted_at: fields.Moment | None = None
    allowed_actions: list[Literal["open", "save", "submit", "reopen", "void"]]
    version: fields.Whole


class ReviewPage(fields.Page[ReviewOut]):
    """A page of reviews."""


class ReviewFilter(PageQuery):
    """Named filters of the list."""

    round_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    account_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    state: State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"


class ReviewVersionOut(ReviewIn):
    """A version as it was saved."""

    review_id: fields.Id
    number: fields.Whole
    state: State
    total: fields.Points | None = None
    grade: fields.Code | None = None
    content_hash: fields.Hash | None = None
    account_id: fields.Id
    saved_at: fields.Moment


class ReviewVersionPage(fields.Page[ReviewVersionOut]):
    """A page of versions."""


class ReviewVersionFilter(PageQuery):
    """Versions come in the order they were saved, the newest first."""

    sort: Literal["number", "-number"] = "-number"
