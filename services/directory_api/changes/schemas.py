"""Answers of the feed."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.kit.pagination import DEFAULT_LIMIT, MAX_LIMIT

After = Annotated[int, Field(ge=0, le=9_007_199_254_740_991, json_schema_extra={"format": "int64"})]


class ChangeOut(fields.Out):
    """Something that happened to an object; `data` is thin, the object itself is read where it lives."""

    sequence: After
    recorded_at: fields.Moment
    service: Annotated[str, Field(max_length=64, pattern="^[a-z_]+$")]
    kind: Annotated[str, Field(max_length=100, pattern="^[a-z_.]+$", examples=["assignment.submitted"])]
    object_type: Annotated[str, Field(max_length=64, pattern="^[a-z_]+$")]
    object_id: fields.Id
    version: fields.Whole
    unit_id: fields.Id | None = None
    data: dict[str, Any]


class ChangePage(fields.Out):
    """What came after the cursor. `next_cursor` is always given: with it the reader goes on, now or later."""

    items: list[ChangeOut] = Field(max_length=MAX_LIMIT)
    next_cursor: Annotated[str, Field(max_length=20, pattern="^[0-9]+$")]


class ChangeQuery(BaseModel):
    """Where to go on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: Annotated[After, Field(description="上一页的 next_cursor；0 表示从头开始。")] = 0
    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, json_schema_extra={"format": "int32"})] = DEFAULT_LIMIT
