"""Answers of the audit trail."""

from __future__ import annotations

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.kit.pagination import PageQuery

Action = Annotated[str, Field(min_length=1, max_length=100, pattern="^[a-z_]+[.][a-z_]+$", examples=["assignment.submitted"])]
ObjectType = Annotated[str, Field(min_length=1, max_length=64, pattern="^[a-z_]+$", examples=["assignment"])]
ServiceName = Literal["directory_api", "tasks_api", "cases_api", "training_api"]
Sequence = Annotated[int, Field(ge=1, le=9_007_199_254_740_991, json_schema_extra={"format": "int64"})]
# How many links one call recomputes: about half a second's work, so that no trail grows too long to be verified.
MOST_LINKS = 20_000
Values = Annotated[dict[str, Any], Field(description="字段及其值；个人信息不入审计记录。")]


class AuditEventOut(fields.Out):
    """Who did what to which object. `chain_hash` and `sequence` stand there once the row is sealed."""

    id: fields.Id
    recorded_at: fields.Moment
    service: ServiceName
    actor_id: fields.Id | None = None
    actor_name: Annotated[str, Field(max_length=200)]
    action: Action
    object_type: ObjectType
    object_id: fields.Id | None = None
    district_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    result: Literal["done", "refused"]
    before: Values | None = None
    after: Values | None = None
    reason: Annotated[str, Field(max_length=500)] | None = None
    trace_id: Annotated[str, Field(max_length=32, pattern="^[0-9a-f]*$")]
    address: Annotated[str, Field(max_length=64)] | None = None
    sequence: Sequence | None = None
    chain_hash: fields.Hash | None = None


class AuditEventPage(fields.Page[AuditEventOut]):
    """A page of the trail."""


class AuditEventFilter(PageQuery):
    """Named filters of the trail."""

    actor_id: fields.Id | None = None
    object_type: ObjectType | None = None
    object_id: fields.Id | None = None
    action: Action | None = None
    service: ServiceName | None = None
    recorded_at__gte: fields.Moment | None = None
    recorded_at__lte: fields.Moment | None = None
    sort: Literal["recorded_at", "-recorded_at"] = "-recorded_at"


class VerificationQuery(BaseModel):
    """Which stretch of the chain."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[
        int,
        Field(
            ge=0, le=9_007_199_254_740_991, json_schema_extra={"format": "int64"}, description="从此序号之后开始；0 表示从头。"
        ),
    ] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_LINKS, json_schema_extra={"format": "int32"})] = MOST_LINKS


class FirstBad(fields.Out):
    """The first row that does not hold: changed, removed, inserted behind our back, or a broken link of the chain."""

    event_id: fields.Id | None = None
    kind: Literal["changed", "removed", "inserted", "chain"]
    sequence: Annotated[int, Field(json_schema_extra={"format": "int64"})] | None = None


class VerificationOut(fields.Out):
    """What a recomputation of the chain found. `next_after` stands there while the end of the chain is not reached."""

    checked: fields.Whole
    ok: fields.Flag
    first_bad: FirstBad | None = None
    next_after: Sequence | None = None

    def with_inserted(self, event_id: UUID | None) -> VerificationOut:
        """After looking for rows outside the chain."""
        if event_id is None:
            return self
        return self.model_copy(update={"ok": False, "first_bad": FirstBad(event_id=event_id, kind="inserted")})

    def told(self) -> bytes:
        """The answer."""
        return self.model_dump_json(exclude_none=True).encode()


class HeadQuery(BaseModel):
    """Which link; the newest without it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sequence: Sequence | None = None


class HeadOut(fields.Out):
    """A link of the chain, signed. Kept outside, it proves that nothing before it was bent or cut off."""

    sequence: Annotated[int, Field(ge=0, le=9_007_199_254_740_991, json_schema_extra={"format": "int64"})]
    chain_hash: fields.Hash | None
    sealed_at: fields.Moment | None
    signed_at: fields.Moment
    signature: fields.Signature
