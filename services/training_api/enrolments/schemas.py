"""Bodies and answers of enrolments and attendance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.kit import fields
from services.kit.pagination import PageQuery

OfficerIds = Annotated[list[fields.Id], Field(max_length=500)]


class EnrolmentIn(fields.In):
    """Officers to enrol; those enrolled already stay so."""

    officer_ids: Annotated[OfficerIds, Field(min_length=1)]


class AttendanceIn(fields.In):
    """Who was present, and who was marked so by mistake."""

    officer_ids: OfficerIds
    absent_officer_ids: OfficerIds = Field(default=[], max_length=500)

    @model_validator(mode="after")
    def _nobody_in_both(self) -> AttendanceIn:
        if set(self.officer_ids) & set(self.absent_officer_ids):
            raise ValueError("both present and absent")
        if not self.officer_ids and not self.absent_officer_ids:
            raise ValueError("nobody named")
        return self


class EnrolledOut(fields.Out):
    """How many officers an enrolment or a record of attendance reached."""

    class_id: fields.Id
    enrolled: fields.Whole
    present: fields.Whole


class EnrolmentOut(fields.Out):
    """One enrolment."""

    class_id: fields.Id
    officer_id: fields.Id
    unit_id: fields.Id
    present: fields.Flag | None = None
    enrolled_at: fields.Moment


class EnrolmentPage(fields.Page[EnrolmentOut]):
    """A page of enrolments."""


class EnrolmentFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    present: bool | None = None
    sort: Literal["officer_id"] = "officer_id"
