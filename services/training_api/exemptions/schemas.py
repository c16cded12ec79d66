"""Bodies and answers of exemptions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.exemption_reasons.rules import Waives
from services.training_api.exemption_reasons.schemas import ReasonCode
from services.training_api.exemptions.rules import State, Verb

Ground = Annotated[
    str,
    Field(
        min_length=1,
        max_length=2000,
        pattern=r"^[^\x00]+$",
        description="具体情况（如病情），加密保存，只写不读；须经专门操作查看。",
    ),
]
Attachments = Annotated[tuple[fields.Id, ...], Field(max_length=20, description="证明材料，须先上传。")]


class ExemptionIn(fields.In):
    """What a unit proposes for one of its officers. Without a last day it holds until it is ended."""

    model_config = fields.example(
        {
            "officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e11",
            "reason": "seconded",
            "from_on": "2025-03-01",
            "to_on": "2025-08-31",
        }
    )

    officer_id: fields.Id
    reason: ReasonCode
    from_on: fields.Day
    to_on: fields.Day | None = None
    ground: Ground | None = None
    attachment_ids: Attachments = ()


class ExemptionChange(fields.In):
    """What may be changed while nobody has decided. A last day, once given, can be moved but not taken away."""

    model_config = fields.example({"to_on": "2024-09-30"})

    reason: ReasonCode | None = None
    from_on: fields.Day | None = None
    to_on: fields.Day | None = None
    ground: Ground | None = None
    attachment_ids: Annotated[Attachments, Field(description="补充的证明材料。")] = ()


class ApproveIn(fields.In):
    """An approval, with a remark perhaps."""

    model_config = fields.example({"note": "材料齐全"})

    note: fields.Line | None = None


class ReasonIn(fields.In):
    """Why not, or why no longer."""

    model_config = fields.example({"reason": "证明材料不足"})

    reason: Annotated[fields.Line, Field(examples=["材料不全"])]


class EndIn(fields.In):
    """The last exempt day, earlier than it stands now."""

    model_config = fields.example({"on": "2024-08-31", "reason": "提前返岗"})

    on: fields.Day
    reason: Annotated[fields.Line, Field(examples=["提前返岗"])]


class GroundIn(fields.In):
    """Why the ground must be read; stands in the audit trail."""

    model_config = fields.example({"reason": "审批核对"})

    reason: Annotated[fields.Line, Field(examples=["审批核对"])]


class GroundOut(fields.Out):
    """The ground in words, in clear."""

    exemption_id: fields.Id
    ground: Ground


class ExemptionOut(fields.Out):
    """An exemption as read. `unit_id` is the unit the officer belongs to now."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    officer_id: fields.Id
    reason: ReasonCode
    waives: Waives
    from_on: fields.Day
    to_on: fields.Day | None = None
    has_ground: fields.Flag
    attachment_ids: Attachments
    state: State
    proposed_by: fields.Id
    decided_by: fields.Id | None = None
    decided_at: fields.Moment | None = None
    decision_note: fields.Line | None = None
    allowed_actions: list[Verb | Literal["ground_disclosure"]] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class ExemptionPage(fields.Page[ExemptionOut]):
    """A page of exemptions."""


class ExemptionFilter(PageQuery):
    """Named filters of the list. `covers_on` leaves those whose period holds that day."""

    officer_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    reason: ReasonCode | None = None
    state: State | None = None
    covers_on: fields.Day | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
