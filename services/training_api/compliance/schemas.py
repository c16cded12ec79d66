"""Answers about compliance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.classes.rules import Category
from services.training_api.compliance.rules import Status
from services.training_api.hour_entries.rules import Source

AsOf = Annotated[fields.Moment, Field(description="按此时刻已记录的事实计算；不得在将来。")]


class Quota(fields.Out):
    """Hours of a whole year, the months that count, and why it is not the whole year.

    `reason` joins the codes of `reasons` by `_and_`: joined, left, interrupted, and the codes of exemptions.
    """

    base: fields.Hours
    months: fields.Whole
    served_months: Annotated[fields.Whole, Field(description="在职月数（不足一个月按一个月）。")]
    exempt_months: Annotated[fields.Whole, Field(description="整月减免的月数。")]
    reason: Annotated[str, Field(max_length=1000, examples=["joined"])] | None = None
    reasons: list[fields.Code] = Field(max_length=100)


class ByCategory(fields.Out):
    """Hours of each category."""

    public_law: fields.SignedHours
    business: fields.SignedHours
    skills: fields.SignedHours
    political: fields.SignedHours


class OfficerComplianceOut(fields.Out):
    """How an officer stands in a year."""

    officer_id: fields.Id
    unit_id: fields.Id
    required_hours: fields.Hours
    valid_hours: fields.SignedHours
    missing_hours: fields.Hours
    carried_hours: Annotated[fields.Hours, Field(description="上年结转。")]
    by_category: ByCategory
    quota: Quota
    status: Status
    forecast_hours: Annotated[fields.SignedHours, Field(description="按目前进度预计的年末有效学时。")]
    forecast: Annotated[Status, Field(description="按目前进度预计年末是否达标。")]


class OfficerCompliancePage(fields.Page[OfficerComplianceOut]):
    """A page of officers, and the moment it was computed for."""

    as_of: fields.Moment


class CountedEntryOut(fields.Out):
    """An entry behind the figure; `counts` is false for categories outside the requirement."""

    id: fields.Id
    category: Category
    hours: fields.SignedHours
    occurred_on: fields.Day
    source: Source
    class_id: fields.Id | None = None
    reverses_id: fields.Id | None = None
    counts: fields.Flag


class Explanation(fields.Out):
    """The sum in words."""

    zh: fields.Prose
    en: fields.Prose


class OfficerComplianceDetailOut(OfficerComplianceOut):
    """How an officer stands in a year, with the entries behind it and the sum in words."""

    model_config = fields.example(
        {
            "officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e11",
            "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "required_hours": 60,
            "valid_hours": 48,
            "missing_hours": 12,
            "carried_hours": 0,
            "by_category": {"public_law": 0, "business": 48, "skills": 0, "political": 0},
            "quota": {"base": 60, "months": 12, "served_months": 12, "exempt_months": 0, "reasons": []},
            "status": "short",
            "forecast_hours": 48,
            "forecast": "short",
            "year": 2025,
            "as_of": "2026-01-05T02:00:00Z",
            "explanation": {
                "zh": "2025 年应修 60 学时，有效 48 学时（公共法律知识 0，业务知识 48，行政执法技能 0），尚缺 12 学时。",
                "en": "60 hours required in 2025, 48 valid (business knowledge 48, …): 12 missing.",
            },
            "entries": [
                {
                    "id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e31",
                    "category": "business",
                    "hours": 48,
                    "occurred_on": "2025-03-11",
                    "source": "class",
                    "class_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e21",
                    "counts": True,
                }
            ],
        }
    )

    year: fields.Year
    as_of: fields.Moment
    explanation: Explanation
    entries: list[CountedEntryOut] = Field(max_length=10_000)


# Sums over many officers, beyond the bounds of a single entry.
Total = Annotated[float, Field(ge=-1_000_000_000, le=1_000_000_000, multiple_of=0.01, json_schema_extra={"format": "double"})]


class Standing(fields.Out):
    """Officers in service in the year, how many have the hours, how many will stay short at this pace, and the sums."""

    officers: fields.Whole
    met: fields.Whole
    short: fields.Whole
    rate: Annotated[float, Field(ge=0, le=1, description="达标率；没有人员时为 1。")]
    forecast_short: Annotated[fields.Whole, Field(description="按目前进度年末仍不达标的人数。")]
    required_hours: Total
    valid_hours: Total
    missing_hours: Total


class UnitComplianceOut(Standing):
    """How a unit stands."""

    model_config = fields.example(
        {
            "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "officers": 25,
            "met": 22,
            "short": 3,
            "rate": 0.88,
            "forecast_short": 3,
            "required_hours": 1500,
            "valid_hours": 1712.5,
            "missing_hours": 36,
        }
    )

    unit_id: fields.Id


class DistrictComplianceOut(Standing):
    """How the district stands, and the moment it was computed for."""

    model_config = fields.example(
        {
            "year": 2025,
            "as_of": "2026-01-05T02:00:00Z",
            "units": 9,
            "officers": 204,
            "met": 176,
            "short": 28,
            "rate": 0.8627,
            "forecast_short": 28,
            "required_hours": 12210,
            "valid_hours": 13560,
            "missing_hours": 498,
        }
    )

    year: fields.Year
    as_of: fields.Moment
    units: fields.Whole


class SumsVerificationOut(fields.Out):
    """Running sums of officers and years against the entries they stand for."""

    checked: fields.Whole
    ok: fields.Flag
    first_bad: fields.Id | None = None


class UnitCompliancePage(fields.Page[UnitComplianceOut]):
    """A page of units, and the moment it was computed for."""

    as_of: fields.Moment


class OfficerComplianceFilter(PageQuery):
    """Named filters of the list of officers."""

    year: fields.QueryYear
    unit_id: fields.Id | None = None
    status: Status | None = None
    forecast: Status | None = None
    as_of: AsOf | None = None
    sort: Literal["officer_id", "-missing_hours"] = "officer_id"


class UnitComplianceFilter(PageQuery):
    """Named filters of the list of units."""

    year: fields.QueryYear
    unit_id: fields.Id | None = None
    as_of: AsOf | None = None
    sort: Literal["unit_id"] = "unit_id"


class DetailQuery(BaseModel):
    """The year and the moment asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: fields.QueryYear
    as_of: AsOf | None = None
