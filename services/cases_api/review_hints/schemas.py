"""Answers of hints."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.cases_api.legal_checks.schemas import OutcomeOut, RuleId
from services.kit import fields


class HintOut(fields.Out):
    """What the rules an item points to came to: found or undecidable with its reasons, or clean."""

    about: Literal["item", "veto"]
    key: fields.Code
    findings: list[OutcomeOut] = Field(max_length=26)
    clean: list[RuleId] = Field(max_length=26)


class HintsOut(fields.Out):
    """The machine's findings beside the items of a sheet, computed as they are read. They are hints, never scores."""

    review_id: fields.Id
    case_file_id: fields.Id
    checked_on: fields.Day
    items: list[HintOut] = Field(max_length=1_000)
