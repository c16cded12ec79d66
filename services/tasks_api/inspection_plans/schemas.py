"""Bodies and answers of the year's inspection plan."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.inspection_plans.rules import ChangeKind, State, Verb
from services.tasks_api.inspection_proposals.schemas import ObjectCode


class InspectionPlanIn(fields.In):
    """The plan of a year."""

    model_config = fields.example({"year": 2025, "title": "2025 年度“综合查一次”检查计划"})

    year: fields.Year
    title: Annotated[fields.Line, Field(examples=["2025 年度“综合查一次”检查计划"])]


class InspectionDecisionIn(fields.In):
    """What the government says to it; the note is needed for a return."""

    model_config = fields.example({"note": "同意实施（示例）", "approval_number": "示政综〔2025〕1号"})

    note: fields.Line | None = None
    approval_number: Annotated[fields.Line | None, Field(description="审定文号。")] = None


class InspectionPlanChangeIn(fields.In):
    """A change with its reason: another time or none for a visit, or proposals that came later."""

    model_config = fields.example(
        {
            "kind": "reschedule",
            "item_id": "0192f0c8-0000-7000-8000-000000000606",
            "first_on": "2025-09-01",
            "last_on": "2025-09-15",
            "reason": "企业停产检修，顺延检查（示例）",
        }
    )

    kind: ChangeKind
    item_id: fields.Id | None = None
    first_on: fields.Day | None = None
    last_on: fields.Day | None = None
    reason: fields.Line


class InspectionTotalsOut(fields.Out):
    """What merging comes to."""

    visits_before: Annotated[fields.Whole, Field(description="各部门提出的检查次数。")]
    visits_after: Annotated[fields.Whole, Field(description="合并后的检查次数。")]
    visits_saved: fields.Whole
    joint: Annotated[fields.Whole, Field(description="两个以上单位联合的检查次数。")]
    done: Annotated[fields.Whole, Field(description="已实施。")]
    wording: fields.Line


class InspectionPlanOut(fields.Out):
    """A plan as read; its visits stand in a list of their own."""

    id: fields.Id
    district_id: fields.Id
    year: fields.Year
    title: fields.Line
    state: State
    totals: InspectionTotalsOut
    items_url: str
    merged_at: fields.Moment | None = None
    submitted_on: fields.Day | None = None
    submitted_by_name: fields.Line | None = None
    approved_on: fields.Day | None = None
    approval_number: fields.Line | None = None
    decided_by_name: fields.Line | None = None
    decision_note: fields.Line | None = None
    created_by_name: fields.Line
    created_at: fields.Moment
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class InspectionPlanPage(fields.Page[InspectionPlanOut]):
    """A page of plans."""


class InspectionPlanFilter(PageQuery):
    """Named filters of the list."""

    year: fields.QueryYear | None = None
    state: State | None = None
    sort: Literal["-year", "year"] = "-year"


class OverlapOut(fields.Out):
    """One proposal in a visit: who wanted to come when, for what."""

    proposal_id: fields.Id
    unit_id: fields.Id
    content: fields.Prose
    first_on: fields.Day
    last_on: fields.Day


class InspectionPlanItemOut(fields.Out):
    """A visit of the plan with the proposals it serves."""

    id: fields.Id
    plan_id: fields.Id
    object_name: fields.Line
    object_code: ObjectCode | None = None
    lead_unit_id: fields.Id
    unit_ids: Annotated[list[fields.Id], Field(max_length=500)]
    contents: Annotated[list[OverlapOut], Field(max_length=5000, description="并入的各项检查及其原定时间。")]
    first_on: fields.Day
    last_on: fields.Day
    visits_before: fields.Whole
    wording: Annotated[fields.Line, Field(examples=["3 次检查合并为 1 次"])]
    state: Literal["active", "dropped"]
    done_on: fields.Day | None = None


class InspectionPlanItemPage(fields.Page[InspectionPlanItemOut]):
    """A page of visits."""


class InspectionPlanItemFilter(PageQuery):
    """Named filters of the visits of a plan."""

    unit_id: fields.Id | None = None
    state: Literal["active", "dropped"] | None = None
    visits_before__gte: Annotated[int | None, Field(ge=1, le=1000, json_schema_extra={"format": "int32"})] = None
    first_on__lte: fields.Day | None = None
    last_on__gte: fields.Day | None = None
    sort: Literal["first_on", "-first_on"] = "first_on"


class PlanChangeOut(fields.Out):
    """A change of the plan."""

    version: fields.Whole
    kind: ChangeKind
    item_id: fields.Id | None = None
    facts: dict[str, Any]
    reason: fields.Line
    actor_name: fields.Line
    recorded_at: fields.Moment


class PlanChangesOut(fields.Out):
    """All changes of a plan, the first one first."""

    items: Annotated[list[PlanChangeOut], Field(max_length=5000)]
