"""Bodies and answers of enrolments."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.classes.rules import Seat

OfficerIds = Annotated[list[fields.Id], Field(max_length=500)]


class EnrolmentIn(fields.In):
    """Officers to enrol, in the order in which they get the free seats; those enrolled or waiting already stay so."""

    model_config = fields.example({"officer_ids": ["01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e11"]})

    officer_ids: Annotated[OfficerIds, Field(min_length=1)]


class WithdrawalIn(fields.In):
    """Officers who withdraw; those not enrolled or waiting stay as they are."""

    model_config = fields.example({"officer_ids": ["01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01"], "reason": "因公出差"})

    officer_ids: Annotated[OfficerIds, Field(min_length=1)]
    reason: fields.Line | None = None


class EnrolledOut(fields.Out):
    """How a class stands: enrolled, waiting for a seat, present."""

    model_config = fields.example(
        {"class_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e21", "enrolled": 20, "waiting": 5, "present": 0}
    )

    class_id: fields.Id
    enrolled: fields.Whole
    waiting: fields.Whole
    present: fields.Whole


class EnrolmentOut(fields.Out):
    """One enrolment. `earns_hours` is false for whoever missed more than the settings allow."""

    class_id: fields.Id
    officer_id: fields.Id
    unit_id: fields.Id
    state: Seat
    turn: Annotated[fields.Whole, Field(description="报名次序，候补按此递补。")]
    present: fields.Flag | None = None
    missed_minutes: fields.Whole | None = None
    earns_hours: fields.Flag | None = None
    sessions_signed: fields.Whole
    enrolled_at: fields.Moment


class EnrolmentPage(fields.Page[EnrolmentOut]):
    """A page of enrolments."""


class EnrolmentFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    state: Seat | None = None
    present: bool | None = None
    sort: Literal["officer_id", "turn"] = "officer_id"
