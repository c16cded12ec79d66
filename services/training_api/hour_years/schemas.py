"""Bodies and answers of years of the ledger."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.training_api.hour_years.rules import State, Verb


class CloseIn(fields.In):
    """A remark on the closing, if any."""

    model_config = fields.example({"reason": "年度学时已核对"})

    reason: Annotated[fields.Line, Field(examples=["年度学时已核对"])] | None = None


class HourYearMoveOut(fields.Out):
    """A year closed or opened again, by whom, when and why."""

    state: State
    reason: fields.Line | None = None
    moved_by: fields.Id
    moved_at: fields.Moment


class HourYearOut(fields.Out):
    """A year of the district's ledger: how it stands, entries that still wait for a decision, and what was done with it."""

    year: fields.Year
    state: State
    pending: fields.Whole
    moves: list[HourYearMoveOut] = Field(max_length=1000)
    allowed_actions: list[Verb] = Field(max_length=10)
    version: fields.Whole


class HourYearPage(fields.Page[HourYearOut]):
    """Years, the latest first."""
