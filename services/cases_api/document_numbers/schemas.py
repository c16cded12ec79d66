"""Bodies and answers of document numbers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.document_numbers.rules import State
from services.cases_api.kinds import DocumentType
from services.kit import fields
from services.kit.pagination import PageQuery

Number = Annotated[fields.Line, Field(description="文号。", examples=["榕晋岳执罚决〔2024〕1号"])]


class DocumentReservationIn(fields.In):
    """How many numbers of which row: unit, type and year."""

    model_config = fields.example(
        {"unit_id": "0192f0c8-0000-7000-8000-000000000102", "type": "penalty_decision", "year": 2025, "count": 5}
    )

    unit_id: fields.Id
    type: DocumentType
    year: Annotated[fields.Year, Field(description="文书签批之年。")]
    count: Annotated[int, Field(strict=True, ge=1, le=100, json_schema_extra={"format": "int32"})] = 1


class DocumentNumberOut(fields.Out):
    """A number as read; `case_file_id` is the file whose document has it."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    type: DocumentType
    year: fields.Year
    sequence: fields.Whole
    number: Number
    state: State
    case_file_id: fields.Id | None = None
    void_reason: fields.Line | None = None
    created_at: fields.Moment
    version: fields.Whole


class DocumentReservationOut(fields.Out):
    """The numbers reserved, in their sequence."""

    items: list[DocumentNumberOut] = Field(max_length=100)


class DocumentNumberPage(fields.Page[DocumentNumberOut]):
    """A page of numbers."""


class DocumentNumberFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    type: DocumentType | None = None
    year: fields.QueryYear | None = None
    state: State | None = None
    number: Number | None = None
    case_file_id: fields.Id | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
