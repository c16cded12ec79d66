"""Bodies and answers of entering class hours."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.kit import batches, fields
from services.training_api.classes.rules import Category
from services.training_api.hour_entries.rules import Source

PLATFORM = "platform"


class EntryIn(fields.In):
    """Hours of an officer. Self-study stays pending until the unit's leader confirms it."""

    model_config = fields.example(
        {
            "officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e11",
            "category": "business",
            "hours": 4,
            "occurred_on": "2025-05-06",
            "starts_at": "2025-05-06T01:00:00Z",
            "ends_at": "2025-05-06T04:00:00Z",
            "source": "teaching",
            "note": "讲授行政处罚程序（演示）",
        }
    )

    officer_id: fields.Id
    category: Category
    hours: fields.Hours
    occurred_on: fields.Day
    starts_at: fields.Moment | None = None
    ends_at: fields.Moment | None = None
    source: Source
    class_id: fields.Id | None = None
    course: Annotated[fields.Line | None, Field(description="网络课程名称；同一课程一年只计一次。")] = None
    note: Annotated[fields.Prose, Field(max_length=2000)] | None = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None


class BatchIn(fields.In):
    """Hours to enter. `atomic`: all or none."""

    model_config = fields.example(
        {
            "items": [
                {
                    "officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
                    "category": "business",
                    "hours": 4,
                    "occurred_on": "2024-05-06",
                    "source": "class",
                    "external_system": "demo",
                    "external_id": "hours-001",
                }
            ]
        }
    )

    items: list[EntryIn] = Field(min_length=1, max_length=batches.MOST)
    atomic: fields.Flag = False


class RefusedOfficer(fields.Out):
    """An officer whose hours could not be posted, and the rule that forbade it."""

    officer_id: fields.Id
    code: Annotated[str, Field(max_length=64, pattern="^[a-z0-9_.]+$", examples=["hours.overlap"])]


class PostedOut(fields.Out):
    """What posting a class came to."""

    model_config = fields.example(
        {
            "class_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e21",
            "posted": 174,
            "already_posted": 0,
            "refused": [{"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e11", "code": "class.missed_too_much"}],
        }
    )

    class_id: fields.Id
    posted: fields.Whole
    already_posted: fields.Whole
    refused: list[RefusedOfficer] = Field(max_length=10_000)
