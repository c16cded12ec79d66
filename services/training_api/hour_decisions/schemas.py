"""Bodies of deciding and reversing class hours."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.training_api.hour_entries.rules import Effective


class ReasonIn(fields.In):
    """Why hours are refused."""

    reason: Annotated[fields.Line, Field(examples=["未附学习笔记"])]


class ConfirmIn(fields.In):
    """A remark on the confirmation, if any."""

    reason: fields.Line | None = None


class ReversalIn(fields.In):
    """Why hours are undone, and whether the year of the original or this year loses them."""

    reason: Annotated[fields.Line, Field(examples=["误登他人学时"])]
    effective: Effective
