"""Bodies and answers of certificates."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.certificates.rules import State, Status, Verb

Number = Annotated[
    str, Field(min_length=1, max_length=30, pattern="^[A-Za-z0-9-]+$", description="证号。", examples=["13010024001"])
]
LastDay = Annotated[fields.Day | None, Field(description="有效期截止日；不填则按人员管理规则计算，不得更长。")]


class CertificateIn(fields.In):
    """An application for one officer. The number may be known already."""

    model_config = fields.example({"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01"})

    officer_id: fields.Id
    number: Number | None = None


class CertificateChange(fields.In):
    """What may be corrected: the number, the unit on the card, and the last day of a certificate that was issued."""

    model_config = fields.example({"number": "13010024001"})

    number: Number | None = None
    unit_id: Annotated[fields.Id | None, Field(description="证件上的单位。")] = None
    valid_to: fields.Day | None = None


class IssueIn(fields.In):
    """The certificate as it was issued."""

    model_config = fields.example({"number": "13010024001", "valid_from": "2024-11-01"})

    number: Number | None = None
    valid_from: fields.Day
    valid_to: LastDay = None


class SuspendIn(fields.In):
    """A suspension (暂扣) from a day on, until a day or until it is lifted."""

    model_config = fields.example({"on": "2024-10-08", "until": "2024-11-07", "reason": "涉嫌违规执法，接受调查"})

    on: fields.Day
    until: Annotated[fields.Day | None, Field(description="暂扣的最后一日；不填则须另行恢复。")] = None
    reason: Annotated[fields.Line, Field(examples=["涉嫌违规执法，接受调查"])]

    @model_validator(mode="after")
    def _in_order(self) -> SuspendIn:
        if self.until is not None and self.until < self.on:
            raise ValueError("ends before it starts")
        return self


class EndIn(fields.In):
    """The first day on which it holds no longer (or again), and why."""

    model_config = fields.example({"on": "2024-10-31", "reason": "调离执法岗位"})

    on: fields.Day
    reason: Annotated[fields.Line, Field(examples=["调离执法岗位"])]


class ReasonIn(fields.In):
    """Why."""

    model_config = fields.example({"reason": "材料不全"})

    reason: Annotated[fields.Line, Field(examples=["重复申请"])]


class Suspension(fields.Out):
    """A suspension there was or is."""

    from_on: fields.Day
    to_on: fields.Day | None = None
    reason: fields.Line
    lifted_reason: fields.Line | None = None


class CertificateOut(fields.Out):
    """A certificate as read. `state` is today's; `number_is_usual` false is a remark, not a fault."""

    id: fields.Id
    district_id: fields.Id
    unit_id: Annotated[fields.Id, Field(description="证件上的单位。")]
    officer_id: fields.Id
    officer_unit_id: Annotated[fields.Id, Field(description="持证人现所在单位。")]
    number: Number | None = None
    number_is_usual: fields.Flag | None = None
    state: State
    applied_on: fields.Day
    valid_from: fields.Day | None = None
    valid_to: fields.Day | None = None
    ended_on: fields.Day | None = None
    suspensions: list[Suspension] = Field(max_length=100)
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    allowed_actions: list[Verb] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class CertificatePage(fields.Page[CertificateOut]):
    """A page of certificates."""


class CertificateFilter(PageQuery):
    """Named filters of the list. `expiring_within` leaves valid ones whose last day is at most so many days away."""

    officer_id: fields.Id | None = None
    unit_id: Annotated[fields.Id | None, Field(description="持证人现所在单位。")] = None
    number: Number | None = None
    state: State | None = None
    valid_on: fields.Day | None = None
    expiring_within: Annotated[int | None, Field(ge=0, le=3660, json_schema_extra={"format": "int32"}, examples=[90])] = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    sort: Literal["created_at", "-created_at", "valid_to", "-valid_to"] = "-created_at"


class VerificationOut(fields.Out):
    """What anybody may learn of a number. The name is shown as the district has it; none where the number is unknown."""

    number: Number
    status: Status
    name: Annotated[str | None, Field(max_length=200, pattern=r"^[^\x00-\x1f]+$")] = None
    checked_on: fields.Day
