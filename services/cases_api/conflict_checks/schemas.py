"""Bodies and answers of conflict checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.cases_api.conflict_checks import rules
from services.kit import fields


class ConflictCheckIn(fields.In):
    """Reviewers and files to check against each other, without assigning anything. `year` is that of the review campaign."""

    model_config = fields.example(
        {
            "account_ids": ["0192f0c8-0000-7000-8000-000000000301"],
            "case_file_ids": ["0192f0c8-0000-7000-8000-000000000201", "0192f0c8-0000-7000-8000-000000000202"],
            "year": 2025,
        }
    )

    account_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=100)]
    case_file_ids: Annotated[list[fields.Id], Field(min_length=1, max_length=500)]
    year: fields.Year | None = None


class ConflictOut(fields.Out):
    """A reviewer who may not review a file, and why."""

    account_id: fields.Id
    case_file_id: fields.Id
    unit_id: fields.Id
    kinds: list[rules.Kind]


class ConflictCheckOut(fields.Out):
    """Pairs in conflict; all others of those named are free."""

    checked: fields.Whole
    items: Annotated[list[ConflictOut], Field(max_length=50_000)]
