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
    """Hours of a whole year, months begun in service, and why it is not the whole year."""

    base: fields.Hours
    months: fields.Whole
    reason: Literal["joined", "left", "joined_and_left"] | None = None


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
    by_category: ByCategory
    quota: Quota
    status: Status


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

    year: fields.Year
    as_of: fields.Moment
    explanation: Explanation
    entries: list[CountedEntryOut] = Field(max_length=10_000)


class UnitComplianceOut(fields.Out):
    """How a unit stands: officers in service, how many have the hours, how many will stay short at this pace."""

    unit_id: fields.Id
    officers: fields.Whole
    met: fields.Whole
    rate: Annotated[float, Field(ge=0, le=1)]
    forecast_short: fields.Whole


class UnitCompliancePage(fields.Page[UnitComplianceOut]):
    """A page of units, and the moment it was computed for."""

    as_of: fields.Moment


class OfficerComplianceFilter(PageQuery):
    """Named filters of the list of officers."""

    year: fields.QueryYear
    unit_id: fields.Id | None = None
    status: Status | None = None
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
