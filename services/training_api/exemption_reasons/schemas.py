"""Bodies and answers of the reasons."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.exemption_reasons.rules import Waives

ReasonCode = Annotated[
    str, Field(min_length=2, max_length=40, pattern="^[a-z][a-z0-9_]*$", description="事由代码。", examples=["sick_leave"])
]
Months = Annotated[int, Field(strict=True, ge=0, le=120, json_schema_extra={"format": "int32"}, examples=[6])]


class ExemptionReasonIn(fields.In):
    """A reason as it is from a day on; a later row of the same code takes its place. `in_force` false ends the reason."""

    model_config = fields.example(
        {
            "code": "sick_leave",
            "title_zh": "病假",
            "title_en": "sick leave",
            "minimum_months": 6,
            "needs_evidence": True,
            "waives": "months",
            "valid_from": "2024-01-01",
        }
    )

    code: ReasonCode
    title_zh: Annotated[fields.Line, Field(examples=["病假"])]
    title_en: Annotated[fields.Line, Field(examples=["sick leave"])]
    minimum_months: Annotated[Months, Field(description="至少持续的月数；0 为不限。")] = 0
    needs_evidence: fields.Flag = False
    until_certified: Annotated[fields.Flag, Field(description="减免止于首次取得执法证件的前一日。")] = False
    waives: Waives = Waives.MONTHS
    in_force: fields.Flag = True
    valid_from: fields.Day


class ExemptionReasonOut(fields.Out):
    """A reason; without a district it is what every system begins with."""

    id: fields.Id
    district_id: fields.Id | None = None
    code: ReasonCode
    title_zh: fields.Line
    title_en: fields.Line
    minimum_months: Months
    needs_evidence: fields.Flag
    until_certified: fields.Flag
    waives: Waives
    in_force: fields.Flag
    valid_from: fields.Day
    recorded_at: fields.Moment


class ExemptionReasonPage(fields.Page[ExemptionReasonOut]):
    """A page of reasons."""


class ExemptionReasonFilter(PageQuery):
    """`in_force_on` leaves what holds on that day; without it every row there ever was is listed."""

    code: ReasonCode | None = None
    in_force_on: fields.Day | None = None
    sort: Literal["code"] = "code"
