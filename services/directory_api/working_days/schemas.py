"""Bodies and answers of the working-day calendar."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from services.directory_api.working_days.rules import MOST_DAYS_AHEAD, DayKind
from services.kit import fields


class Holiday(fields.In):
    """A day off by the notice."""

    day: fields.Day
    name: Annotated[fields.Line, Field(examples=["国庆节"])]


class CalendarYearIn(fields.In):
    """A year's notice; weekends follow from the calendar."""

    model_config = fields.example(
        {
            "source": "国务院办公厅节假日安排通知",
            "holidays": [{"day": "2025-10-01", "name": "国庆节"}, {"day": "2025-10-02", "name": "国庆节"}],
            "make_up_days": ["2025-09-28", "2025-10-11"],
        }
    )

    source: Annotated[fields.Line, Field(description="依据的通知。", examples=["国务院办公厅节假日安排通知"])]
    holidays: Annotated[list[Holiday], Field(max_length=100)]
    make_up_days: Annotated[list[fields.Day], Field(max_length=60)]


class WorkingDayOut(fields.Out):
    """A day of the year."""

    day: fields.Day
    working: fields.Flag
    kind: DayKind
    name: fields.Line | None = None


class CalendarYearOut(fields.Out):
    """A year with all its days."""

    year: fields.Year
    source: fields.Line
    working_days: fields.Whole
    items: list[WorkingDayOut] = Field(max_length=366)
    version: fields.Whole
    created_at: fields.Moment


class CheckQuery(BaseModel):
    """One day."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: fields.Day


class CheckOut(fields.Out):
    """Whether people work on the day."""

    on: fields.Day
    working: fields.Flag


class AddQuery(BaseModel):
    """A start and a number of working days."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    start: Annotated[fields.Day, Field(alias="from")]
    days: Annotated[int, Field(ge=0, le=MOST_DAYS_AHEAD, json_schema_extra={"format": "int32"})]


class AddOut(fields.Out):
    """The day so many working days after the start, the start not counted."""

    on: fields.Day


class YearQuery(BaseModel):
    """One year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: fields.QueryYear
