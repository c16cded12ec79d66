"""Bodies and answers of endpoints."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.directory_api.webhook_endpoints import rules
from services.directory_api.webhook_endpoints.rules import OwnerKind, State, Why
from services.kit import fields
from services.kit.pagination import PageQuery

Url = Annotated[
    str,
    Field(
        min_length=10,
        max_length=2000,
        pattern="^https?://[!-~]+$",
        description="接收地址；只限允许的推送目标，一般须为 https。",
        examples=["https://receiver.example.cn/zhifa"],
    ),
]
EventType = Annotated[
    str,
    Field(min_length=3, max_length=100, pattern="^[a-z_]+[.](?:[a-z_.]+|[*])$", examples=["assignment.submitted", "review.*"]),
]
EventTypes = Annotated[
    list[EventType], Field(max_length=100, description="要推送的变更种类；`review.*` 为该对象的全部变更；空列表为全部。")
]
Watched = Annotated[fields.Id, Field(description="只推送此单位及其下级单位的变更。")]
Secret = Annotated[
    str, Field(max_length=200, pattern="^whsec_[A-Za-z0-9+/=]+$", description="签名密钥，仅在新增和更换时告知一次。")
]
Overlap = Annotated[
    int,
    Field(
        strict=True,
        ge=0,
        le=rules.MOST_OVERLAP_HOURS,
        json_schema_extra={"format": "int32"},
        description="旧密钥继续签名的小时数；其间每条消息带两个签名。",
    ),
]


class EndpointIn(fields.In):
    """A new endpoint. `client_id` names the machine client it is for; a system administrator must, nobody else may."""

    model_config = fields.example(
        {
            "url": "https://receiver.example.cn/zhifa",
            "description": "省平台接收端（演示）",
            "event_types": ["assignment.submitted", "review.*"],
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
        }
    )

    url: Url
    description: fields.Line | None = None
    event_types: EventTypes = Field(default_factory=list)
    unit_id: Watched | None = None
    client_id: Annotated[fields.Id, Field(description="端点所属机器客户端的 id。")] | None = None


class EndpointChange(fields.In):
    """What may change; `null` takes a description or a unit away."""

    model_config = fields.example({"event_types": ["assignment.*"], "unit_id": None})

    # The defaults stand for "not sent": they are never looked at, and not documented.
    url: Url = Field(default_factory=str)
    description: fields.Line | None = None
    event_types: EventTypes = Field(default_factory=list)
    unit_id: Watched | None = None


class RotationIn(fields.In):
    """How the old secret ends."""

    model_config = fields.example({"overlap_hours": 24})

    overlap_hours: Overlap = rules.USUAL_OVERLAP_HOURS


class EndpointOut(fields.Out):
    """An endpoint as read. `position` is its place in the feed; `failing_since` stands there while it fails."""

    id: fields.Id
    owner_id: fields.Id
    owner_kind: OwnerKind
    district_id: fields.Id | None = None
    url: Url
    description: fields.Line | None = None
    event_types: EventTypes
    unit_id: fields.Id | None = None
    state: State
    disabled_why: Why | None = None
    disabled_at: fields.Moment | None = None
    previous_until: fields.Moment | None = None
    position: Annotated[int, Field(ge=0, le=9_007_199_254_740_991, json_schema_extra={"format": "int64"})]
    failures: fields.Whole
    failing_since: fields.Moment | None = None
    paused_until: fields.Moment | None = None
    last_delivered_at: fields.Moment | None = None
    allowed_actions: list[Literal["change", "rotate-secret", "test", "disable", "enable", "delete"]] = Field(max_length=6)
    version: fields.Whole
    created_at: fields.Moment
    secret: Secret | None = None


class EndpointPage(fields.Page[EndpointOut]):
    """A page of endpoints."""


class EndpointFilter(PageQuery):
    """Named filters of the list."""

    state: State | None = None
    owner_id: fields.Id | None = None
    sort: Literal["-created_at"] = "-created_at"
