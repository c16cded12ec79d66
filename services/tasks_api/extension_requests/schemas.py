"""Bodies and answers of extension requests."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.extension_requests.rules import State


class ExtensionRequestIn(fields.In):
    """A later date, and why the present one cannot be kept."""

    model_config = fields.example(
        {
            "new_due_on": "2025-06-30",
            "reason": "上级文件推迟印发，需顺延。",
            "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"],
        }
    )

    new_due_on: fields.Day
    reason: Annotated[fields.Prose, Field(examples=["上级文件推迟印发，需顺延。"])]
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20, default_factory=list)]


class DecisionIn(fields.In):
    """What the deciding side says to it."""

    model_config = fields.example({"note": "同意顺延（示例）"})

    note: fields.Line | None = None


class RefusalIn(fields.In):
    """Why a request is refused."""

    model_config = fields.example({"note": "理由不充分，请按期完成（示例）"})

    note: fields.Line


class ExtensionRequestOut(fields.Out):
    """A request as read; `old_due_on` is the date it wanted to move."""

    id: fields.Id
    assignment_id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    state: State
    old_due_on: fields.Day
    new_due_on: fields.Day
    reason: fields.Prose
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    requested_by: fields.Id
    requested_by_name: fields.Line
    requested_at: fields.Moment
    decided_by: fields.Id | None = None
    decided_by_name: fields.Line | None = None
    decided_at: fields.Moment | None = None
    decision_note: fields.Line | None = None
    allowed_actions: Annotated[list[Literal["approve", "refuse", "withdraw"]], Field(max_length=3)]
    version: fields.Whole


class ExtensionRequestPage(fields.Page[ExtensionRequestOut]):
    """A page of requests."""


class ExtensionRequestFilter(PageQuery):
    """Named filters of the lists; the newest request comes first."""

    state: State | None = None
    unit_id: fields.Id | None = None
    sort: Literal["-requested_at", "requested_at"] = "-requested_at"
