"""Bodies of entries of certificates."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from services.kit import fields
from services.training_api.certificates.schemas import LastDay, Number


class EntryIn(fields.In):
    """A certificate as it was issued, of an officer named by id or by external id."""

    officer_id: fields.Id | None = None
    officer_external_system: fields.Code | None = None
    officer_external_id: fields.Code | None = None
    number: Number
    valid_from: fields.Day
    valid_to: LastDay = None
    external_system: Annotated[fields.Code | None, Field(description="外部系统；给出 external_id 而未给出时为 platform。")] = None
    external_id: fields.Code | None = None

    @model_validator(mode="after")
    def _one_officer(self) -> EntryIn:
        if (self.officer_id is None) == (self.officer_external_id is None):
            raise ValueError("one of two")
        return self


class EntriesIn(fields.In):
    """Certificates to enter. One whose external id is known already is corrected instead."""

    model_config = fields.example(
        {
            "items": [
                {
                    "officer_external_system": "demo",
                    "officer_external_id": "people-001",
                    "number": "13010024001",
                    "valid_from": "2021-07-01",
                    "valid_to": "2026-06-30",
                    "external_system": "demo",
                    "external_id": "certificate-001",
                }
            ]
        }
    )

    atomic: fields.Flag = False
    items: list[EntryIn] = Field(min_length=1, max_length=500)
