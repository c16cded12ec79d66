"""Bodies and answers of tasks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.tasks.rules import MONTH_DAY, Kind, Shape

Number = Annotated[int, Field(strict=True, ge=1, le=999, json_schema_extra={"format": "int32"})]
MonthDay = Annotated[str, Field(min_length=5, max_length=5, pattern=MONTH_DAY, examples=["01-10"])]
GroupKey = Annotated[str, Field(min_length=1, max_length=64, pattern="^[a-z][a-z0-9_]*$", examples=["townships"])]
Words = Annotated[list[fields.Line], Field(max_length=50)]


class PartyIn(fields.In):
    """A lead or responsible unit, or a group of units; neither while nobody knows which one is meant."""

    as_written: Annotated[fields.Line, Field(description="文件中的写法。", examples=["区司法局"])]
    unit_id: fields.Id | None = None
    group_key: GroupKey | None = None


class DeadlineIn(fields.In):
    """A deadline: `fixed` has due_on, `yearly_window` both window ends, `yearly_count` times_per_year, the others nothing."""

    shape: Shape
    due_on: fields.Day | None = None
    window_start: MonthDay | None = None
    window_end: MonthDay | None = None
    times_per_year: Number | None = None
    as_written: fields.Line | None = None
    assumed: fields.Flag = False
    obligation_key: Annotated[str, Field(max_length=16, pattern="^O[0-9]+[a-z]?$", examples=["O2a"])] | None = None


class QuantityIn(fields.In):
    """A figure the text demands; a percentage is a share (30 % is 0.3)."""

    what: fields.Line
    comparison: Literal[">=", "<=", "="]
    value: Annotated[float, Field(strict=True, ge=0, le=1_000_000_000, json_schema_extra={"format": "double"})]
    unit: Annotated[str, Field(max_length=50), fields.IMPERSONAL] = ""
    period: Annotated[str, Field(max_length=20, pattern="^[a-z_]*$")] = ""
    as_written: Annotated[str, Field(max_length=200), fields.IMPERSONAL] = ""


Parties = Annotated[list[PartyIn], Field(max_length=100)]
Deadlines = Annotated[list[DeadlineIn], Field(max_length=50)]


class TaskIn(fields.In):
    """A numbered task or work requirement of a plan as data."""

    kind: Literal["task", "requirement"] = "task"
    number: Number
    label: fields.Line | None = None
    chapter_number: Number | None = None
    chapter_title: fields.Line | None = None
    title: Annotated[fields.Line, Field(examples=["明确执法培训责任"])]
    summary: fields.Prose | None = None
    leads: list[PartyIn] = Field(default_factory=list, max_length=100)
    responsibles: list[PartyIn] = Field(default_factory=list, max_length=100)
    deadlines: list[DeadlineIn] = Field(default_factory=list, max_length=50)
    quantities: list[QuantityIn] = Field(default_factory=list, max_length=50)
    time_words: list[fields.Line] = Field(default_factory=list, max_length=50)


class SubtaskIn(fields.In):
    """A part of a task, with parties and deadlines of its own.

    `assignment_id` names the assignment a unit gives a part of to units below it; a unit's leader must name one. Without
    deadlines the part is due with the whole.
    """

    model_config = fields.example(
        {
            "assignment_id": "0192f0c8-0000-7000-8000-000000000602",
            "title": "各村（社区）法制宣传（示例）",
            "responsibles": [{"as_written": "岳峰镇综合执法队（示例）", "unit_id": "0192f0c8-0000-7000-8000-000000000102"}],
            "deadlines": [{"shape": "fixed", "due_on": "2025-06-30"}],
        }
    )

    assignment_id: fields.Id | None = None
    number: Annotated[Number | None, Field(description="缺省为下一个编号。")] = None
    title: fields.Line
    summary: fields.Prose | None = None
    leads: list[PartyIn] = Field(default_factory=list, max_length=100)
    responsibles: list[PartyIn] = Field(default_factory=list, max_length=100)
    deadlines: list[DeadlineIn] = Field(default_factory=list, max_length=50)


class TaskChange(fields.In):
    """What may change while the plan is a draft; lists are replaced as a whole."""

    model_config = fields.example(
        {
            "title": "明确执法培训责任",
            "deadlines": [
                {"shape": "yearly_window", "window_start": "01-01", "window_end": "01-10", "as_written": "每年1月10日前"}
            ],
        }
    )

    title: fields.Line | None = None
    summary: fields.Prose | None = None
    leads: Parties | None = None
    responsibles: Parties | None = None
    deadlines: Deadlines | None = None


class PartyOut(fields.Out):
    """A party as read; `name` is the unit's, or what the document says."""

    as_written: fields.Line
    name: fields.Line
    unit_id: fields.Id | None = None
    group_key: GroupKey | None = None


class DeadlineOut(DeadlineIn):
    """A deadline as read."""


class TaskOut(fields.Out):
    """A task as read."""

    id: fields.Id
    plan_id: fields.Id
    parent_id: fields.Id | None = None
    kind: Kind
    number: Number
    label: fields.Line | None = None
    chapter_number: Number | None = None
    chapter_title: fields.Line | None = None
    title: fields.Line
    summary: fields.Prose | None = None
    leads: list[PartyOut] = Field(max_length=100)
    responsibles: list[PartyOut] = Field(max_length=100)
    deadlines: list[DeadlineOut] = Field(max_length=50)
    quantities: list[QuantityIn] = Field(max_length=50)
    time_words: Words
    ended_at: Annotated[fields.Moment | None, Field(description="方案调整后不再要求的时刻。")] = None
    version: fields.Whole
    created_at: fields.Moment


class TaskPage(fields.Page[TaskOut]):
    """A page of tasks."""


class TaskFilter(PageQuery):
    """Named filters of the list."""

    plan_id: fields.Id | None = None
    kind: Kind | None = None
    number: Annotated[int, Field(ge=1, le=999)] | None = None
    chapter_number: Annotated[int, Field(ge=1, le=999)] | None = None
    ended: Annotated[bool | None, Field(description="是否已因方案调整不再要求；缺省为全部。")] = None
    sort: Literal["number"] = "number"


class SubtaskFilter(PageQuery):
    """Paging of a task's parts."""

    sort: Literal["number"] = "number"
