"""Bodies and answers of document templates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.document_templates.rules import State
from services.cases_api.kinds import DocumentType
from services.kit import fields
from services.kit.pagination import PageQuery

Files = Annotated[list[fields.Id], Field(max_length=20, description="格式文本，须先上传。")]
Title = Annotated[fields.Line, Field(examples=["行政处罚决定书（演示）"])]


class ElementIn(fields.In):
    """An element that a document holds."""

    key: Annotated[fields.Code, Field(description="要素代码，文书登记时据以填报。", examples=["party"])]
    title: Annotated[fields.Line, Field(examples=["当事人的姓名或者名称、地址"])]
    required: Annotated[fields.Flag, Field(description="是否必备。")] = True


Elements = Annotated[list[ElementIn], Field(min_length=1, max_length=100)]
Reasoned = Annotated[fields.Flag, Field(description="是否说理式文书。")]


class DocumentTemplateIn(fields.In):
    """A new version, as a draft. A unit's own goes before the district's, that before what came with the system."""

    model_config = fields.example(
        {
            "type": "penalty_decision",
            "title": "行政处罚决定书格式（演示）",
            "elements": [{"key": "party", "title": "当事人的姓名或者名称、地址", "required": True}],
            "reasoned": True,
            "in_force_from": "2025-01-01",
        }
    )

    unit_id: Annotated[fields.Id | None, Field(description="单位自用的格式；缺省为全区格式，由区司法局起草。")] = None
    type: DocumentType
    title: Title
    elements: Elements
    reasoned: Reasoned = False
    source: Annotated[fields.Line | None, Field(description="依据。")] = None
    in_force_from: fields.Day
    attachment_ids: Files = Field(default=[], max_length=20)


class DocumentTemplateChange(fields.In):
    """What may be changed in a draft; a list sent replaces the whole."""

    model_config = fields.example({"title": "行政处罚决定书格式（修订，演示）"})

    title: Title | None = None
    elements: Elements | None = None
    reasoned: Reasoned | None = None
    source: fields.Line | None = None
    in_force_from: fields.Day | None = None


class TemplatePublishIn(fields.In):
    """When and where the version was made public."""

    model_config = fields.example({"published_on": "2024-12-20", "public_address": "区政府门户网站（演示）"})

    published_on: fields.Day
    public_address: Annotated[fields.Line, Field(description="公布网址或文号。")]


class TemplateRepealIn(fields.In):
    """The last day in force, and why."""

    model_config = fields.example({"in_force_to": "2025-12-31", "reason": "格式修订（演示）"})

    in_force_to: fields.Day
    reason: fields.Line


class TemplateDropIn(fields.In):
    """Why a draft is given up."""

    model_config = fields.example({"reason": "重复起草（演示）"})

    reason: fields.Line


class DocumentTemplateOut(fields.Out):
    """A version as read; without a unit it is the district's, without a district it came with the system."""

    id: fields.Id
    district_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    type: DocumentType
    title: Title
    elements: Elements
    reasoned: Reasoned
    source: fields.Line | None = None
    in_force_from: fields.Day
    in_force_to: fields.Day | None = None
    state: State
    published_on: fields.Day | None = None
    public_address: fields.Line | None = None
    attachment_ids: list[fields.Id] = Field(max_length=20)
    reason: fields.Line | None = None
    allowed_actions: list[Literal["change", "publish", "drop", "repeal"]] = Field(max_length=4)
    created_by: fields.Id | None = None
    created_at: fields.Moment
    version: fields.Whole


class DocumentTemplatePage(fields.Page[DocumentTemplateOut]):
    """A page of versions."""


class DocumentTemplateFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    type: DocumentType | None = None
    state: State | None = None
    on: Annotated[fields.Day | None, Field(description="当日施行的版本。")] = None
    sort: Literal["in_force_from", "-in_force_from"] = "-in_force_from"
