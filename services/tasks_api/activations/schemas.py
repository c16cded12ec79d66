"""Answer of an activation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.tasks_api.plans.rules import State


class ActivationOut(fields.Out):
    """The plan now in force, and what its activation issued."""

    id: fields.Id
    title: fields.Line
    state: State
    period_start: fields.Day
    period_end: fields.Day
    activated_at: fields.Moment
    assignments_issued: Annotated[fields.Whole, Field(description="下达的任务交办数。")]
    units: Annotated[fields.Whole, Field(description="承担任务的单位数。")]
    group_members: Annotated[fields.Whole, Field(description="固定下来的单位组成员数。")]
    version: fields.Whole
