"""Bodies and answers of the dated settings of the ledger."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.hour_entries.rules import Source

MOST_OF_A_YEAR = 366 * 2400


def _within_a_year(hundredths: int) -> int:
    if hundredths < 0:
        raise PydanticCustomError("greater_than_equal", "too small", {"ge": 0})
    if hundredths > MOST_OF_A_YEAR:
        raise PydanticCustomError("less_than_equal", "too great", {"le": MOST_OF_A_YEAR // 100})
    return hundredths


YearHours = Annotated[fields.Hours, AfterValidator(_within_a_year)]
Times = Annotated[int, Field(strict=True, ge=1, le=100, json_schema_extra={"format": "int32"}, examples=[5])]


class SourceCaps(fields.In):
    """Most hours of each source that may be entered for an officer in a year; what is left out is not capped."""

    class_: Annotated[YearHours | None, Field(alias="class", description="面授。")] = None
    online: Annotated[YearHours | None, Field(description="网络。")] = None
    teaching: Annotated[YearHours | None, Field(description="授课。")] = None
    self_study: Annotated[YearHours | None, Field(description="自学。")] = None


class HourRuleIn(fields.In):
    """What holds from a day on. The row is whole: what is left out is as in a fresh system, not as in the row before."""

    model_config = fields.example(
        {
            "valid_from": "2025-01-01",
            "pending_sources": ["self_study"],
            "members_wait": False,
            "source_caps": {"online": 30},
            "carry_over_hours": 0,
        }
    )

    valid_from: fields.Day
    pending_sources: Annotated[tuple[Source, ...], Field(max_length=4, description="须经单位负责人确认的来源。")] = (
        Source.SELF_STUDY,
    )
    members_wait: Annotated[fields.Flag, Field(description="单位工作人员登记的学时均须确认。")] = False
    source_caps: SourceCaps = SourceCaps()
    teaching_times: Annotated[Times | None, Field(description="授课学时最多为该班学时的倍数；不填则不限。")] = None
    carry_over_hours: Annotated[YearHours, Field(description="可结转至下一年的最多学时；0 为不结转。")] = 0


class HourRuleOut(fields.Out):
    """A row of the settings; without a district it is what every system begins with."""

    id: fields.Id
    district_id: fields.Id | None = None
    valid_from: fields.Day
    pending_sources: list[Source] = Field(max_length=4)
    members_wait: fields.Flag
    source_caps: SourceCaps
    teaching_times: Times | None = None
    carry_over_hours: fields.Hours
    recorded_by: fields.Id | None = None
    recorded_at: fields.Moment


class HourRulePage(fields.Page[HourRuleOut]):
    """A page of rows."""


class HourRuleFilter(PageQuery):
    """`in_force_on` leaves the row that holds on that day; without it every row there ever was is listed."""

    in_force_on: fields.Day | None = None
    sort: Literal["-valid_from"] = "-valid_from"
