"""Bodies and answers of guidances."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.case_files.rules.contents import Procedure
from services.cases_api.case_files.rules.states import State as CaseState
from services.cases_api.case_files.schemas.bodies import Item, ItemCode
from services.cases_api.case_numbers.schemas import CaseNo
from services.cases_api.guidances.rules import Form, How, Outcome, State
from services.cases_api.kinds import CaseKind
from services.kit import fields
from services.kit.pagination import PageQuery

Guides = Annotated[list[fields.Id], Field(max_length=10, description="指导人员（执法人员 id）。")]
Department = Annotated[fields.Id, Field(description="赋权部门，即指导单位。")]


class GuidanceIn(fields.In):
    """A case that the department guides beside the draw, with the reason: on an item it granted, say a difficult one."""

    model_config = fields.example(
        {
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "case_file_id": "0192f0c8-0000-7000-8000-000000000201",
            "reason": "疑难案件，乡镇申请指导（演示）",
            "guides": ["0192f0c8-0000-7000-8000-000000000301", "0192f0c8-0000-7000-8000-000000000302"],
        }
    )

    unit_id: Department
    case_file_id: fields.Id
    reason: Annotated[fields.Line, Field(examples=["疑难案件，乡镇申请指导（演示）"])]
    guides: Annotated[Guides, Field(default_factory=list)]


class GuidanceChange(fields.In):
    """Who guides."""

    model_config = fields.example({"guides": ["0192f0c8-0000-7000-8000-000000000301", "0192f0c8-0000-7000-8000-000000000302"]})

    guides: Guides


class VisitIn(fields.In):
    """One occasion of guidance. No names of parties: the file holds them."""

    model_config = fields.example(
        {
            "visited_on": "2025-04-10",
            "form": "on_site",
            "advice": "补正现场检查笔录的见证人签名（演示）",
            "response": "已补正（演示）",
        }
    )

    visited_on: fields.Day
    form: Annotated[Form, Field(description="现场、阅卷、线上或会商。")]
    advice: Annotated[fields.Prose, Field(description="指导意见。", examples=["补正现场检查笔录的见证人签名（演示）"])]
    response: Annotated[fields.Prose | None, Field(description="办案单位的采纳情况。")] = None


class FinishIn(fields.In):
    """How the guidance ended."""

    model_config = fields.example({"finished_on": "2025-05-08", "outcome": "adopted", "summary": "文书已补正（演示）"})

    finished_on: fields.Day
    outcome: Annotated[Outcome, Field(description="采纳、部分采纳、未采纳，或无需纠正。")]
    summary: Annotated[fields.Prose | None, Field(description="指导成效。")] = None


class VisitOut(VisitIn):
    """A visit as read."""

    id: fields.Id
    recorded_by: fields.Id
    recorded_at: fields.Moment


class GuidedCase(fields.Out):
    """What of the case is shown to those who guide it; nothing of its party."""

    case_no: CaseNo
    kind: CaseKind
    procedure: Procedure
    state: CaseState
    item: Item
    item_code: ItemCode | None = None
    filed_on: fields.Day
    decided_on: fields.Day | None = None
    closed_on: fields.Day | None = None


class GuidanceRow(fields.Out):
    """A guidance in a list."""

    id: fields.Id
    district_id: fields.Id
    unit_id: Department
    case_unit_id: Annotated[fields.Id, Field(description="办案单位。")]
    round_id: fields.Id | None = None
    case_file_id: fields.Id
    case: GuidedCase
    year: fields.Year
    how: Annotated[How, Field(description="抽取、补抽、替补或自选。")]
    reason: fields.Line | None = None
    state: State
    guides: Guides
    visits: fields.Whole
    outcome: Outcome | None = None
    summary: fields.Prose | None = None
    finished_on: fields.Day | None = None
    void_reason: fields.Line | None = None
    allowed_actions: list[Literal["change", "visit", "finish", "reopen", "void"]] = Field(max_length=5)
    created_by: fields.Id
    created_at: fields.Moment
    updated_at: fields.Moment
    version: fields.Whole


class GuidanceOut(GuidanceRow):
    """A guidance with what was advised, in the order of the visits."""

    advice: list[VisitOut] = Field(max_length=200)


class GuidancePage(fields.Page[GuidanceRow]):
    """A page of guidances."""


class GuidanceFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    case_unit_id: fields.Id | None = None
    round_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    how: How | None = None
    state: State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
