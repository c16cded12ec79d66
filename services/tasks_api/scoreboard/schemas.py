"""The scoreboard as answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.tasks_api.assignments.rules import Lamp, State
from services.tasks_api.obligations.rules import Status
from services.tasks_api.obligations.schemas import Name
from services.tasks_api.plans.rules import State as PlanState
from services.tasks_api.tasks.rules import Kind, Role

Rate = Annotated[float, Field(ge=0, le=1, json_schema_extra={"format": "double"})]


class ScoreboardQuery(BaseModel):
    """Which plan, which year of it, and as recorded when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    plan_id: fields.Id
    year: Annotated[fields.QueryYear | None, Field(description="只看该年度的任务，及不分年度的任务。")] = None
    as_of: Annotated[fields.Moment | None, Field(description="按该时刻的记录计算，不得晚于现在。")] = None


class Counts(fields.Out):
    """How many assignments are in which state, and how many are or were late."""

    issued: fields.Whole
    signed: fields.Whole
    in_progress: fields.Whole
    submitted: fields.Whole
    approved: fields.Whole
    suspended: fields.Whole
    void: fields.Whole
    late: fields.Whole


class Cell(fields.Out):
    """One assignment of a unit."""

    id: fields.Id
    role: Role
    year: fields.Year | None = None
    due_on: fields.Day | None = None
    state: State
    lamp: Lamp
    percent: Annotated[fields.Whole | None, Field(le=100, description="最近一次填报的完成百分比。")] = None


class TrainingMeasure(fields.Out):
    """Officers in service in the year and how many have the hours required (plan task 2)."""

    year: fields.Year
    officers: fields.Whole
    met: fields.Whole
    rate: Rate | None = None


class ReviewMeasure(fields.Out):
    """Case files reviewed in the year, by mode (plan task 16)."""

    year: fields.Year
    self_: Annotated[fields.Whole | None, Field(alias="self")] = None
    cross: fields.Whole | None = None
    sample: fields.Whole | None = None


class UnitRow(fields.Out):
    """A unit under a task. `lamp` is the gravest of its assignments."""

    unit_id: fields.Id
    short_name: fields.Line
    lamp: Lamp
    assignments: Annotated[list[Cell], Field(max_length=1000)]
    training_hours: TrainingMeasure | None = None
    reviewed_files: ReviewMeasure | None = None


class Owed(fields.Out):
    """An obligation of the task: done when `value` reaches `threshold`."""

    id: Name
    unit_id: fields.Id
    value: fields.Whole
    threshold: fields.Whole
    status: Status
    due_on: fields.Day


class TaskRow(fields.Out):
    """A task of the plan."""

    task_id: fields.Id
    parent_id: fields.Id | None = None
    kind: Kind
    number: fields.Whole
    title: fields.Line
    counts: Counts
    obligations: Annotated[list[Owed], Field(max_length=10_000, description="由系统记录核验的义务。")]
    units: Annotated[list[UnitRow], Field(max_length=10_000)]


class ScoreboardOut(fields.Out):
    """Every task of a plan with the units the caller may see."""

    plan_id: fields.Id
    title: fields.Line
    state: Annotated[PlanState, Field(description="计划现在的状态。")]
    year: fields.Year | None = None
    as_of: fields.Moment | None = None
    measured_year: Annotated[fields.Year | None, Field(description="义务、学时达标率和评查案卷数所属年度。")] = None
    obligations_recorded_at: Annotated[fields.Moment | None, Field(description="义务等数值的留存时刻；无此项时为即时核验。")] = (
        None
    )
    counts: Counts
    tasks: Annotated[list[TaskRow], Field(max_length=1000)]


class ChangesQuery(fields.In):
    """Which plan, which year of it, and between which moments."""

    plan_id: fields.Id
    year: Annotated[fields.QueryYear | None, Field(description="只看该年度的任务，及不分年度的任务。")] = None
    from_: Annotated[fields.Moment, Field(alias="from", description="较早的时刻。")]
    to: Annotated[fields.Moment | None, Field(description="较晚的时刻，缺省为现在。")] = None


class Stand(fields.Out):
    """How an assignment stood: with whom, in which state, due when."""

    unit_id: fields.Id
    short_name: fields.Line
    role: Role
    year: fields.Year | None = None
    due_on: fields.Day | None = None
    state: State
    lamp: Lamp
    percent: Annotated[fields.Whole | None, Field(le=100)] = None


class ChangedAssignment(fields.Out):
    """An assignment that stood otherwise; without `before` it was issued in between."""

    assignment_id: fields.Id
    task_id: fields.Id
    kind: Kind
    number: fields.Whole
    title: fields.Line
    before: Stand | None = None
    after: Stand | None = None


class Amount(fields.Out):
    """How much of an obligation was done."""

    value: fields.Whole
    threshold: fields.Whole
    status: Status
    due_on: fields.Day


class ChangedOwed(fields.Out):
    """An obligation that stood otherwise."""

    id: Name
    unit_id: fields.Id
    before: Amount | None = None
    after: Amount | None = None


class ScoreboardChangesOut(fields.Out):
    """What differs between two moments, and the counts of both; without `measured_year` the boards tell obligations of different
    years, and those are not compared."""

    plan_id: fields.Id
    year: fields.Year | None = None
    from_: Annotated[fields.Moment, Field(alias="from")]
    to: fields.Moment
    measured_year: fields.Year | None = None
    counts_before: Counts
    counts_after: Counts
    assignments: Annotated[list[ChangedAssignment], Field(max_length=100_000)]
    obligations: Annotated[list[ChangedOwed], Field(max_length=10_000)]
