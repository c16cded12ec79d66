"""Bodies of answers to an assignment."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.conflict_declarations.rules import Kind
from services.kit import fields


class DeclineIn(fields.In):
    """Why the reviewer does not take the file."""

    model_config = fields.example({"reason": "近期集中办案，无法按期完成"})

    reason: Annotated[fields.Line, Field(examples=["近期集中办案，无法按期完成"])]


class RecuseIn(fields.In):
    """Why the reviewer must not take the file; it becomes a declared conflict with it."""

    model_config = fields.example({"reason": "承办人系本人亲属（示例）", "kind": "kin"})

    reason: Annotated[fields.Line, Field(description="只有本人和区司法局可见。")]
    kind: Literal[Kind.KIN, Kind.INTEREST, Kind.DISPUTE, Kind.OTHER] = Kind.OTHER
