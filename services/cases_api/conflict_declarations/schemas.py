"""Bodies and answers of declared conflicts."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.conflict_declarations import rules
from services.kit import fields
from services.kit.pagination import PageQuery


class ConflictDeclarationIn(fields.In):
    """A conflict with a unit or with one case file. Without `account_id` it is the caller's own."""

    model_config = fields.example(
        {"unit_id": "0192f0c8-0000-7000-8000-000000000102", "kind": "interest", "reason": "配偶在该单位任职（示例）"}
    )

    account_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    kind: rules.Kind
    reason: Annotated[fields.Line, Field(description="只有本人和区司法局可见。")]
    pinned: Annotated[fields.Flag, Field(description="区司法局确定，本人不能撤回。")] = False


class ConflictDeclarationOut(fields.Out):
    """A declaration as read."""

    id: fields.Id
    account_id: fields.Id
    unit_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    kind: rules.Kind
    reason: fields.Line
    pinned: bool
    state: rules.State
    declared_by: fields.Id
    declared_at: fields.Moment
    withdrawn_by: fields.Id | None = None
    withdrawn_at: fields.Moment | None = None
    allowed_actions: list[Literal["withdraw"]]
    version: fields.Whole


class ConflictDeclarationPage(fields.Page[ConflictDeclarationOut]):
    """A page of declarations."""


class ConflictDeclarationFilter(PageQuery):
    """Named filters of the list."""

    account_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    state: rules.State | None = None
    sort: Literal["declared_at", "-declared_at"] = "-declared_at"
