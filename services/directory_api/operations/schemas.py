"""Answers of operations."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from services.directory_api.operations.rules import OperationState
from services.kit import fields
from services.kit.pagination import PageQuery


class OperationOut(fields.Out):
    """Long work: how far it is, and where its result lies."""

    id: fields.Id
    kind: Annotated[str, Field(max_length=64, pattern="^[a-z_]+$")]
    state: OperationState
    progress: Annotated[float, Field(ge=0, le=1, json_schema_extra={"format": "double"})]
    cancel_asked: fields.Flag
    result_url: Annotated[str, Field(max_length=500, pattern="^/")] | None = None
    problem: dict[str, Any] | None = None
    created_at: fields.Moment
    finished_at: fields.Moment | None = None
    version: fields.Whole


class OperationPage(fields.Page[OperationOut]):
    """A page of operations."""


class OperationFilter(PageQuery):
    """Named filters of the list."""

    state: OperationState | None = None
    sort: Literal["-created_at"] = "-created_at"
