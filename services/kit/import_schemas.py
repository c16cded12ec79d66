"""Answers about imports, the same for every kind of row."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

# So many refused rows stand in the answer itself; all of them stand in the report.
FIRST: Final = 20

Code = Annotated[str, Field(max_length=64, pattern="^[a-z0-9_.]+$", examples=["hours.overlap"])]


class ReasonOut(fields.Out):
    """Why rows are refused: the rule, and the column it is about, if it is about one."""

    code: Code
    column: Annotated[str, Field(max_length=64, pattern="^[a-z_]+$")] | None = None
    detail: Annotated[str, Field(max_length=500, examples=["与该人员已登记学时的时段重叠。"])]
    rows: fields.Whole | None = None


class RefusalOut(fields.Out):
    """A refused row, by its number in the sheet, with every reason."""

    row: fields.Whole
    reasons: list[ReasonOut] = Field(max_length=50)


class ImportOut(fields.Out):
    """An import. The sums stand there once it has ended; `repeated` counts refused rows that were recorded before."""

    id: fields.Id
    state: Literal["queued", "running", "succeeded", "failed", "cancelled"]
    progress: Annotated[float, Field(ge=0, le=1, json_schema_extra={"format": "double"})]
    dry_run: fields.Flag
    file_name: Annotated[str, Field(max_length=200, examples=["2024年学时.xlsx"])]
    format: Literal["csv", "xlsx"]
    size: Annotated[int, Field(ge=0, le=1_000_000_000_000, json_schema_extra={"format": "int64"})]
    sha256: fields.Hash
    rows: fields.Whole | None = None
    accepted: fields.Whole | None = None
    refused: fields.Whole | None = None
    repeated: fields.Whole | None = None
    unknown_columns: list[Annotated[str, Field(max_length=100)]] = Field(max_length=50)
    reasons: list[ReasonOut] = Field(default_factory=list, max_length=1_000)
    first_refusals: list[RefusalOut] = Field(default_factory=list, max_length=FIRST)
    report_url: Annotated[str, Field(max_length=500, pattern="^/")] | None = None
    problem: dict[str, Any] | None = None
    created_at: fields.Moment
    finished_at: fields.Moment | None = None
    version: fields.Whole


class ImportPage(fields.Page[ImportOut]):
    """A page of imports, without their reasons."""


class ImportFilter(PageQuery):
    """Named filters of the list."""

    state: Literal["queued", "running", "succeeded", "failed", "cancelled"] | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
