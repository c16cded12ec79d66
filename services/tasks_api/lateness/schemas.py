"""Answers of the lateness record."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.lateness.rules import How, Kind, Subject

DaysLate = Annotated[fields.Whole, Field(description="逾期工作日数；工作日历缺少有关日期时无此项。")]


class LatenessEventOut(fields.Out):
    """What happened to a record: it ended, or went on (returned work, a pause that is over)."""

    number: fields.Whole
    kind: Kind
    how: How
    happened_on: fields.Day
    days_late: DaysLate | None = None
    actor_name: fields.Line
    recorded_at: fields.Moment


class LatenessExtensionOut(fields.Out):
    """A request to move the date of the same assignment."""

    id: fields.Id
    state: fields.Code
    old_due_on: fields.Day
    new_due_on: fields.Day
    reason: fields.Prose
    decided_by_name: fields.Line | None = None
    decided_at: fields.Moment | None = None


class LatenessWarningOut(fields.Out):
    """A step of the ladder that was taken: who was warned when."""

    step: fields.Code
    occurrence: fields.Whole
    audience: fields.Code
    fired_on: fields.Day


class LatenessOut(fields.Out):
    """A record of lateness; nothing that happens later removes it."""

    id: fields.Id
    subject_type: Annotated[Subject, Field(description="逾期的是任务交办、突出问题整改，还是投诉答复。")]
    subject_id: fields.Id
    assignment_id: fields.Id | None = None
    district_id: fields.Id
    plan_id: fields.Id | None = None
    task_id: fields.Id | None = None
    unit_id: fields.Id
    due_on: Annotated[fields.Day, Field(description="逾期时的完成时限。")]
    first_late_on: fields.Day
    state: Literal["open", "ended"]
    ended_on: fields.Day | None = None
    how: How | None = None
    days_late: DaysLate | None = None
    events: Annotated[list[LatenessEventOut], Field(max_length=1000)]
    extensions: Annotated[list[LatenessExtensionOut], Field(max_length=200)]
    warnings: Annotated[list[LatenessWarningOut], Field(max_length=1000)]
    recorded_at: fields.Moment


class LatenessPage(fields.Page[LatenessOut]):
    """A page of records."""


class LatenessFilter(PageQuery):
    """Named filters of the list."""

    plan_id: fields.Id | None = None
    task_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    assignment_id: fields.Id | None = None
    subject_type: Subject | None = None
    subject_id: fields.Id | None = None
    state: Literal["open", "ended"] | None = None
    first_late_on__gte: fields.Day | None = None
    first_late_on__lte: fields.Day | None = None
    sort: Literal["first_late_on", "-first_late_on"] = "-first_late_on"
