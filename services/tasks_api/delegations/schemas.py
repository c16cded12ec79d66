"""The tree of a task's parts as answered."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.tasks_api.assignments.rules import Lamp, State
from services.tasks_api.tasks.rules import Kind, Role


class Leaf(fields.Out):
    """What one unit owes for a part."""

    id: fields.Id
    parent_id: fields.Id | None = None
    unit_id: fields.Id
    short_name: fields.Line
    role: Role
    year: fields.Year | None = None
    due_on: fields.Day | None = None
    state: State
    lamp: Lamp


class Branch(fields.Out):
    """A task or one of its parts, with the assignments the caller may see."""

    task_id: fields.Id
    parent_id: fields.Id | None = None
    depth: fields.Whole
    kind: Kind
    number: fields.Whole
    title: fields.Line
    assignments: Annotated[list[Leaf], Field(max_length=10_000)]


class TreeOut(fields.Out):
    """A task with its parts, each part behind its whole."""

    branches: Annotated[list[Branch], Field(max_length=2000)]
