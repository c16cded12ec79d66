"""Bodies and answers of supervision notices."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.supervision_notices.rules import Kind, State, Verb


class SupervisionNoticeIn(fields.In):
    """A notice or circular about a unit and, where it is about any, its assignments. The number is given out."""

    model_config = fields.example(
        {
            "kind": "notice",
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "title": "关于限期完成年度培训计划的督办函",
            "text": "请于期限内报送年度培训计划（示例）",
            "reply_due_on": "2025-04-30",
            "assignment_ids": ["0192f0c8-0000-7000-8000-000000000602"],
        }
    )

    kind: Kind = Kind.NOTICE
    unit_id: fields.Id
    title: Annotated[fields.Line, Field(examples=["关于限期完成年度培训计划的督办函"])]
    text: fields.Prose
    reply_due_on: Annotated[fields.Day | None, Field(description="答复期限；通报不填。")] = None
    assignment_ids: Annotated[list[fields.Id], Field(max_length=200, default_factory=list)]


class ReplyIn(fields.In):
    """The unit's reply."""

    model_config = fields.example(
        {"reply": "培训计划已印发并报送（示例）", "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"]}
    )

    reply: fields.Prose
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20, default_factory=list)]


class NoteIn(fields.In):
    """What the bureau says to it; may also stand in `X-Change-Reason`."""

    model_config = fields.example({"note": "已按要求整改，办结（示例）"})

    note: fields.Line | None = None


class NoticeItemOut(fields.Out):
    """An assignment the notice is about."""

    assignment_id: fields.Id
    due_on: Annotated[fields.Day | None, Field(description="发函时的完成时限。")] = None


class SupervisionNoticeOut(fields.Out):
    """A notice as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    kind: Kind
    number: Annotated[fields.Line, Field(examples=["执督〔2025〕1号"])]
    title: fields.Line
    text: fields.Prose
    state: State
    step: fields.Code | None = None
    items: Annotated[list[NoticeItemOut], Field(max_length=5000)]
    issued_on: fields.Day
    issued_at: fields.Moment
    issued_by_name: fields.Line
    reply_due_on: fields.Day | None = None
    reply_late: Annotated[bool, Field(description="答复逾期，或期限已过仍未答复。")]
    reply: fields.Prose | None = None
    reply_attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    replied_by_name: fields.Line | None = None
    replied_at: fields.Moment | None = None
    first_replied_on: fields.Day | None = None
    decision_note: fields.Line | None = None
    decided_by_name: fields.Line | None = None
    decided_at: fields.Moment | None = None
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class SupervisionNoticePage(fields.Page[SupervisionNoticeOut]):
    """A page of notices."""


class SupervisionNoticeFilter(PageQuery):
    """Named filters of the list."""

    kind: Kind | None = None
    state: State | None = None
    unit_id: fields.Id | None = None
    assignment_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    reply_due_on__lte: fields.Day | None = None
    sort: Literal["-issued_at", "issued_at"] = "-issued_at"
