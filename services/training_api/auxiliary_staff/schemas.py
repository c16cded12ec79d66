"""Answers of the public list."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery

UnitCode = Annotated[str, Field(min_length=1, max_length=64, pattern="^[A-Za-z0-9_.-]+$", examples=["350111102"])]


class AuxiliaryOut(fields.Out):
    """An auxiliary in service. Without a name where the district shows none."""

    name: Annotated[str | None, Field(max_length=200, pattern=r"^[^\x00-\x1f]+$")] = None
    unit_code: UnitCode
    unit_name: fields.Line
    posts: list[fields.Line] = Field(max_length=20)
    exam_passed_on: Annotated[fields.Day | None, Field(description="最近一次辅助人员考试合格的日期。")] = None


class AuxiliaryPage(fields.Page[AuxiliaryOut]):
    """A page of the public list."""


class AuxiliaryFilter(PageQuery):
    """`unit_code` leaves a unit or a district with all below it."""

    unit_code: UnitCode | None = None
    sort: Literal["unit_code"] = "unit_code"
