"""Versions of a plan as asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.plans.schemas import Title
from services.tasks_api.tasks.schemas import TaskIn, TaskOut

Number = Annotated[int, Field(ge=1, le=9999, json_schema_extra={"format": "int32"})]
Change = Literal["added", "changed", "ended"]


class PlanVersionIn(fields.In):
    """The plan as it shall stand from now on: every task and requirement it then asks for, or the draft that holds them.

    A task is known by kind and number. What is not sent of the head stays.
    """

    model_config = fields.example(
        {"reason": "区政府批准调整时限", "draft_id": "0192f0c8-0000-7000-8000-000000000601", "document_no": "示政综〔2025〕2号"}
    )

    reason: Annotated[fields.Line, Field(description="调整理由，记入版本、流转记录和审计。", examples=["区政府批准调整时限"])]
    tasks: Annotated[list[TaskIn], Field(min_length=1, max_length=500)] | None = None
    draft_id: Annotated[fields.Id | None, Field(description="以该计划草案的全部任务为新版本（与 tasks 二选一）。")] = None
    title: Title | None = None
    document_no: fields.Line | None = None
    issued_on: fields.Day | None = None
    period_end: fields.Day | None = None


class CountsOut(fields.Out):
    """What a change did: tasks added, changed and ended, and assignments issued, moved to another date and ended."""

    added: fields.Whole = 0
    changed: fields.Whole = 0
    ended: fields.Whole = 0
    issued: fields.Whole = 0
    moved: fields.Whole = 0
    voided: fields.Whole = 0


class HeadOut(fields.Out):
    """The head of the plan in this version."""

    title: Title
    document_no: fields.Line | None = None
    issued_on: fields.Day | None = None
    period_start: fields.Day
    period_end: fields.Day


class PlanVersionBrief(fields.Out):
    """A version in the list; it holds until the next one was recorded."""

    plan_id: fields.Id
    number: Number
    reason: fields.Line | None = None
    head: HeadOut
    counts: CountsOut
    made_by_name: fields.Line
    recorded_at: fields.Moment


class PlanVersionOut(PlanVersionBrief):
    """A version with its tasks and requirements as they were read then."""

    tasks: Annotated[list[TaskOut], Field(max_length=500)]


class PlanVersionPage(fields.Page[PlanVersionBrief]):
    """A page of versions."""


class PlanVersionFilter(PageQuery):
    """The newest version first."""

    sort: Literal["-number"] = "-number"

    def of(self, plan_id: UUID) -> VersionsOfPlan:
        """The same page of one plan's versions."""
        return VersionsOfPlan(**self.model_dump(), plan_id=plan_id)


class VersionsOfPlan(PlanVersionFilter):
    """Paging of the versions of the plan that the path names."""

    plan_id: fields.Id


class ComparisonQuery(BaseModel):
    """Which version is compared with the one of the path."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    since: Annotated[Number | None, Field(description="与哪一版本比较；缺省为前一版本。")] = None


class FieldOut(fields.Out):
    """A field that says something else; without `before` or `after` it said, or says, nothing."""

    name: fields.Code
    before: Any = None
    after: Any = None


class DifferenceOut(fields.Out):
    """A task that was added, ended or changed."""

    kind: Literal["task", "requirement"]
    number: fields.Whole
    title: fields.Line
    change: Change
    fields: Annotated[list[FieldOut], Field(max_length=50)]


class ComparisonOut(fields.Out):
    """What differs between two versions of a plan."""

    plan_id: fields.Id
    since: Number
    number: Number
    head: Annotated[list[FieldOut], Field(max_length=20)]
    tasks: Annotated[list[DifferenceOut], Field(max_length=1000)]
