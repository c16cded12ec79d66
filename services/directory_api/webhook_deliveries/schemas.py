"""Answers of the delivery log."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.directory_api.webhook_deliveries import rules
from services.directory_api.webhook_deliveries.rules import State
from services.kit import fields
from services.kit.pagination import PageQuery

Kind = Annotated[str, Field(min_length=1, max_length=100, pattern="^[a-z_.]+$", examples=["assignment.submitted"])]
Failure = Literal["target_forbidden", "timeout", "tls", "name_not_found", "no_connection", "redirect", "not_sent"]


class DeliveryOut(fields.Out):
    """A message for one endpoint, and what became of its latest attempt. `webhook_id` is the header's."""

    id: fields.Id
    endpoint_id: fields.Id
    webhook_id: Annotated[str, Field(max_length=40, pattern="^msg_[0-9a-f]{32}$")]
    sequence: Annotated[int, Field(ge=1, le=9_007_199_254_740_991, json_schema_extra={"format": "int64"})] | None = None
    kind: Kind
    object_type: Annotated[str, Field(max_length=64, pattern="^[a-z_]+$")] | None = None
    object_id: fields.Id | None = None
    state: State
    attempts: fields.Whole
    first_attempted_at: fields.Moment | None = None
    last_attempted_at: fields.Moment | None = None
    next_attempt_at: fields.Moment | None = None
    delivered_at: fields.Moment | None = None
    response_status: Annotated[int, Field(ge=100, le=999, json_schema_extra={"format": "int32"})] | None = None
    response_excerpt: Annotated[str, Field(max_length=rules.MOST_EXCERPT)] | None = None
    error: Failure | None = None
    milliseconds: fields.Whole | None = None
    allowed_actions: list[Literal["redeliver"]] = Field(max_length=1)
    version: fields.Whole
    created_at: fields.Moment


class DeliveryPage(fields.Page[DeliveryOut]):
    """A page of the log."""


class DeliveryFilter(PageQuery):
    """Named filters of the log."""

    endpoint_id: fields.Id | None = None
    state: State | None = None
    kind: Kind | None = None
    object_id: fields.Id | None = None
    created_at__gte: fields.Moment | None = None
    created_at__lte: fields.Moment | None = None
    sort: Literal["-created_at", "created_at"] = "-created_at"


class RedeliveryIn(fields.In):
    """From when on."""

    model_config = fields.example({"since": "2025-05-01T00:00:00Z"})

    since: fields.Moment


class RedeliveryOut(fields.Out):
    """How many messages are sent again."""

    deliveries: fields.Whole
