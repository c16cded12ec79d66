"""Bodies and answers of complaints."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.assignments.rules import Lamp
from services.tasks_api.complaints.rules import Channel, Satisfaction, State, Verb

Files = Annotated[list[fields.Id], Field(max_length=20, default_factory=list)]
Phone = Annotated[str, Field(min_length=5, max_length=20, pattern="^[0-9+-]+$", examples=["00000000000"])]
EXAMPLE: Final[dict[str, Any]] = {
    "unit_id": "0192f0c8-0000-7000-8000-000000000102",
    "channel": "hotline_12345",
    "enterprise": True,
    "title": "反映重复检查（演示）",
    "content": "同一月内被检查两次（演示）",
    "complainant": {"name": "示例甲", "phone": "00000000000", "enterprise_name": "示例食品有限公司"},
    "received_on": "2025-05-06",
}


class ComplainantIn(fields.In):
    """Who complains. Sealed at once, and shown in clear only for a stated reason."""

    name: Annotated[fields.Line | None, Field(examples=["示例甲"])] = None
    phone: Phone | None = None
    address: fields.Line | None = None
    enterprise_name: fields.Line | None = None


class ComplaintIn(fields.In):
    """A complaint for the unit that shall handle it; without complainant it is anonymous."""

    model_config = fields.example(EXAMPLE)

    unit_id: fields.Id
    channel: Channel
    enterprise: Annotated[fields.Flag, Field(description="是否涉企。")] = False
    title: Annotated[fields.HeardLine, Field(examples=["反映重复检查（演示）"], description="其中的身份证号自动隐去。")]
    content: Annotated[fields.HeardProse, Field(description="诉求内容；其中的身份证号自动隐去。")]
    complainant: ComplainantIn | None = None
    received_on: fields.Day
    attachment_ids: Files
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None


class ExternalComplaintIn(ComplaintIn):
    """A complaint of another system, known by its number there."""

    external_system: fields.Code
    external_id: fields.Code


class ComplaintBatchIn(fields.In):
    """What another system hands over; whatever is known already stays as it is."""

    model_config = fields.example(
        {"items": [{**EXAMPLE, "external_system": "hotline-12345", "external_id": "DEMO-0001"}], "atomic": False}
    )

    items: Annotated[list[ExternalComplaintIn], Field(min_length=1, max_length=500)]
    atomic: fields.Flag = False


class NoteIn(fields.In):
    """What is said to it; may stand in `X-Change-Reason`."""

    model_config = fields.example({"note": "答复未回应诉求，退回重办（示例）"})

    note: fields.Line | None = None


class TransferIn(fields.In):
    """The unit it is handed to, and why."""

    model_config = fields.example({"unit_id": "0192f0c8-0000-7000-8000-000000000103", "note": "属该单位职责范围（示例）"})

    unit_id: fields.Id
    note: fields.Line


class ReplyIn(fields.In):
    """The reply given to the complainant."""

    model_config = fields.example(
        {
            "reply": "经核实，两次检查分属不同事项，已合并后续检查（示例）",
            "attachment_ids": ["0192f0c8-0000-7000-8000-000000000401"],
        }
    )

    reply: fields.Prose
    attachment_ids: Files


class RatingIn(fields.In):
    """What the complainant said to the reply."""

    model_config = fields.example({"satisfaction": "mostly_satisfied"})

    satisfaction: Satisfaction


class LinkIn(fields.In):
    """The case or the problem that came of it; what is left out stays."""

    model_config = fields.example({"problem_id": "0192f0c8-0000-7000-8000-000000000603"})

    case_file_id: fields.Id | None = None
    problem_id: fields.Id | None = None


class DisclosureIn(fields.In):
    """Why the complainant must be known; stands in the audit trail."""

    model_config = fields.example({"reason": "回访投诉人（示例）"})

    reason: fields.Line


class ComplainantOut(fields.Out):
    """A complainant in clear."""

    complaint_id: fields.Id
    name: fields.Line | None = None
    phone: Phone | None = None
    address: fields.Line | None = None
    enterprise_name: fields.Line | None = None


class ComplaintOut(fields.Out):
    """A complaint as read; of the complainant only a mask."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    channel: Channel
    enterprise: bool
    title: fields.Line
    content: fields.Prose
    anonymous: bool
    complainant: Annotated[fields.Line | None, Field(description="已脱敏的投诉人。", examples=["示** 000****0000"])] = None
    received_on: fields.Day
    due_on: fields.Day
    held_since: Annotated[fields.Day, Field(description="现办理单位接到之日。")]
    state: State
    lamp: Lamp
    late_days: fields.Whole | None = None
    attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    reply: fields.Prose | None = None
    reply_attachment_ids: Annotated[list[fields.Id], Field(max_length=20)]
    replied_on: fields.Day | None = None
    replied_by_name: fields.Line | None = None
    satisfaction: Satisfaction | None = None
    rated_on: fields.Day | None = None
    closed_on: fields.Day | None = None
    transfers: Annotated[fields.Whole, Field(description="转办次数。")]
    case_file_id: fields.Id | None = None
    problem_id: fields.Id | None = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    created_by_name: fields.Line
    created_at: fields.Moment
    allowed_actions: Annotated[list[Verb], Field(max_length=len(Verb))]
    version: fields.Whole


class ComplaintPage(fields.Page[ComplaintOut]):
    """A page of complaints."""


class ComplaintMoveOut(fields.Out):
    """One move."""

    version: fields.Whole
    verb: fields.Code
    state_after: State
    unit_id: fields.Id
    note: fields.Line | None = None
    actor_name: fields.Line
    recorded_at: fields.Moment


class ComplaintHistoryOut(fields.Out):
    """All moves, the first one first."""

    items: Annotated[list[ComplaintMoveOut], Field(max_length=1000)]


class ComplaintFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    channel: Channel | None = None
    enterprise: bool | None = None
    state: State | None = None
    lamp: Lamp | None = None
    satisfaction: Satisfaction | None = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    received_on__gte: fields.Day | None = None
    received_on__lte: fields.Day | None = None
    due_on__lte: fields.Day | None = None
    sort: Literal["received_on", "-received_on", "due_on", "-due_on"] = "-received_on"
