"""Bodies and answers of notifications."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.notifications.rules import Kind


class NotificationOut(fields.Out):
    """A message in the caller's inbox; `read_at` is missing while it is unread."""

    id: fields.Id
    kind: Kind
    title: fields.Line
    text: fields.Prose
    object_type: fields.Code
    object_id: fields.Id | None = None
    data: dict[str, Any]
    read_at: fields.Moment | None = None
    recorded_at: fields.Moment


class NotificationPage(fields.Page[NotificationOut]):
    """A page of the inbox."""


class NotificationFilter(PageQuery):
    """Named filters of the inbox; the newest message comes first."""

    kind: Kind | None = None
    unread: Annotated[bool | None, Field(description="true 只看未读，false 只看已读。")] = None
    recorded_at__gte: fields.Moment | None = None
    sort: Literal["-recorded_at"] = "-recorded_at"


class ReadIn(fields.In):
    """Which messages were read: those named, or all up to a moment."""

    model_config = fields.example({"until": "2025-05-01T09:00:00Z"})

    ids: Annotated[list[fields.Id], Field(max_length=200, default_factory=list)]
    until: fields.Moment | None = None


class ReadOut(fields.Out):
    """How many messages were marked now; those read before do not count."""

    marked: fields.Whole
