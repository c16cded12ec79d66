"""Answers of escalations, and the reminder sent by hand."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.escalation_rules.rules import Action, Audience
from services.tasks_api.lateness.rules import Subject


class EscalationOut(fields.Out):
    """A step that was taken; `due_for` is the day it was due by the rule, `fired_on` the day it was taken."""

    id: fields.Id
    subject_type: Subject
    subject_id: fields.Id
    assignment_id: fields.Id | None = None
    district_id: fields.Id
    plan_id: fields.Id | None = None
    task_id: fields.Id | None = None
    unit_id: fields.Id
    step: fields.Code
    occurrence: fields.Whole
    action: Action
    audience: Audience
    base_on: fields.Day
    due_for: fields.Day
    fired_on: fields.Day
    rule_id: fields.Id
    notice_id: fields.Id | None = None
    recorded_at: fields.Moment


class EscalationPage(fields.Page[EscalationOut]):
    """A page of steps taken."""


class EscalationFilter(PageQuery):
    """Named filters of the list."""

    assignment_id: fields.Id | None = None
    subject_type: Subject | None = None
    subject_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    plan_id: fields.Id | None = None
    step: fields.Code | None = None
    sort: Literal["-recorded_at"] = "-recorded_at"


class NextStepOut(fields.Out):
    """A step that will be taken if nothing happens, and when; without a date where the calendar does not reach."""

    step: fields.Code
    occurrence: fields.Whole
    action: Action
    audience: Audience
    due_for: fields.Day | None = None


class LadderStateOut(fields.Out):
    """Where an assignment stands on the ladder: what was taken, and what comes next."""

    assignment_id: fields.Id
    taken: Annotated[list[EscalationOut], Field(max_length=500)]
    next: Annotated[list[NextStepOut], Field(max_length=100)]


class RemindIn(fields.In):
    """A reminder by hand (催办)."""

    model_config = fields.example({"text": "请于本周内报送进展（示例）"})

    text: Annotated[fields.Line, Field(examples=["请于本周内报送。"])]


class RemindOut(fields.Out):
    """The reminder as sent, and how many more are allowed."""

    assignment_id: fields.Id
    sent: Annotated[fields.Whole, Field(description="已发送的人工催办次数。")]
    left: Annotated[fields.Whole, Field(description="还可发送的次数。")]
