"""Bodies and answers of case numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.case_numbers.rules import State
from services.cases_api.kinds import CaseKind
from services.kit import fields
from services.kit.pagination import PageQuery

CaseNo = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f]+$", examples=["350111102-2024-CF-00001"])]


class ReservationIn(fields.In):
    """How many numbers of which series: unit, kind and year."""

    model_config = fields.example(
        {"unit_id": "0192f0c8-0000-7000-8000-000000000102", "kind": "penalty", "year": 2025, "count": 10}
    )

    unit_id: fields.Id
    kind: CaseKind
    year: fields.Year
    count: Annotated[int, Field(strict=True, ge=1, le=100, json_schema_extra={"format": "int32"})] = 1


class ReasonIn(fields.In):
    """Why; `X-Change-Reason` serves as well."""

    model_config = fields.example({"reason": "重复取号"})

    reason: Annotated[fields.Line | None, Field(description="理由，也可由 X-Change-Reason 给出。", examples=["重复取号"])] = None


class CaseNumberOut(fields.Out):
    """A number as read."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    kind: CaseKind
    year: fields.Year
    sequence: fields.Whole
    number: CaseNo
    state: State
    void_reason: fields.Line | None = None
    created_at: fields.Moment
    version: fields.Whole


class ReservationOut(fields.Out):
    """The numbers reserved, in their sequence."""

    items: list[CaseNumberOut] = Field(max_length=100)


class CaseNumberPage(fields.Page[CaseNumberOut]):
    """A page of numbers."""


class CaseNumberFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    kind: CaseKind | None = None
    year: fields.QueryYear | None = None
    state: State | None = None
    number: CaseNo | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
