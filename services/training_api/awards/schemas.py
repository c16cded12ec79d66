"""Bodies and answers of awards."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.awards.rules import AwardKind, Level, State, Verb

Title = Annotated[fields.Line, Field(examples=["区级行政执法先进个人"])]
Attachments = Annotated[tuple[fields.Id, ...], Field(max_length=20, description="证明材料，须先上传。")]


class AwardIn(fields.In):
    """An award of an officer, or of a whole unit."""

    model_config = fields.example(
        {
            "officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "kind": "commendation",
            "level": "district",
            "title": "行政执法先进个人",
            "awarded_on": "2024-12-20",
            "awarded_by": "示例区人民政府",
            "document_no": "示区政〔2024〕15号",
        }
    )

    officer_id: Annotated[fields.Id | None, Field(description="受表彰人员；集体表彰填 unit_id。")] = None
    unit_id: fields.Id | None = None
    kind: AwardKind
    level: Level
    title: Title
    awarded_on: fields.Day
    awarded_by: fields.Line | None = None
    document_no: fields.Line | None = None
    attachment_ids: Attachments = ()
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None

    @model_validator(mode="after")
    def _one_of_two(self) -> AwardIn:
        if (self.officer_id is None) == (self.unit_id is None):
            raise ValueError("one of two")
        return self


class AwardChange(fields.In):
    """What may be corrected; files are added to those there are."""

    model_config = fields.example({"document_no": "示区政〔2024〕16号"})

    kind: AwardKind | None = None
    level: Level | None = None
    title: Title | None = None
    awarded_on: fields.Day | None = None
    awarded_by: fields.Line | None = None
    document_no: fields.Line | None = None
    attachment_ids: Attachments = ()


class ReasonIn(fields.In):
    """Why the award is void."""

    model_config = fields.example({"reason": "重复登记"})

    reason: Annotated[fields.Line, Field(examples=["重复登记"])]


class AwardOut(fields.Out):
    """An award as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    officer_id: fields.Id | None = None
    kind: AwardKind
    level: Level
    title: Title
    awarded_on: fields.Day
    awarded_by: fields.Line | None = None
    document_no: fields.Line | None = None
    attachment_ids: Attachments
    state: State
    void_reason: fields.Line | None = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    allowed_actions: list[Verb] = Field(max_length=5)
    version: fields.Whole
    created_at: fields.Moment


class AwardPage(fields.Page[AwardOut]):
    """A page of awards."""


class AwardFilter(PageQuery):
    """Named filters of the list."""

    officer_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    kind: AwardKind | None = None
    level: Level | None = None
    state: State | None = None
    awarded_on__gte: fields.Day | None = None
    awarded_on__lte: fields.Day | None = None
    sort: Literal["awarded_on", "-awarded_on"] = "-awarded_on"
