"""Bodies of deciding and reversing class hours."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import fields
from services.training_api.hour_entries.rules import Effective


class ReasonIn(fields.In):
    """Why hours are refused."""

    model_config = fields.example({"reason": "无学习记录"})

    reason: Annotated[fields.Line, Field(examples=["未附学习笔记"])]


class ConfirmIn(fields.In):
    """A remark on the confirmation, if any."""

    model_config = fields.example({"reason": "已核对学习记录"})

    reason: fields.Line | None = None


class ReversalIn(fields.In):
    """Why hours are undone, and whether the year of the original or this year loses them."""

    model_config = fields.example({"reason": "误登他人学时", "effective": "original"})

    reason: Annotated[fields.Line, Field(examples=["误登他人学时"])]
    effective: Effective
