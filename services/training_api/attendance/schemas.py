"""Bodies of attendance."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from services.kit import batches, fields
from services.training_api.enrolments.schemas import OfficerIds

Places = Annotated[list[fields.Whole], Field(max_length=400, description="缺席的课次。")]


class PartlyPresent(fields.In):
    """Somebody who was present and missed a part: whole sessions, minutes, or both."""

    officer_id: fields.Id
    missed_sessions: Places = Field(default=[], max_length=400)
    missed_minutes: fields.Whole = 0


class AttendanceIn(fields.In):
    """Who was present, who missed a part, and who was absent."""

    model_config = fields.example(
        {
            "officer_ids": [],
            "partly": [{"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e11", "missed_minutes": 60}],
            "absent_officer_ids": [],
        }
    )

    officer_ids: OfficerIds = Field(default=[], max_length=500)
    partly: Annotated[list[PartlyPresent], Field(max_length=500, description="有缺课的人员。")] = Field(
        default=[], max_length=500
    )
    absent_officer_ids: OfficerIds = Field(default=[], max_length=500)

    @model_validator(mode="after")
    def _each_once(self) -> AttendanceIn:
        named = [*set(self.officer_ids), *(each.officer_id for each in self.partly), *set(self.absent_officer_ids)]
        if not named or len(named) != len(set(named)):
            raise ValueError("nobody, or somebody twice")
        return self


class AttendanceRow(fields.In):
    """A row of a sign-in sheet. The officer by id, or by the id another system knows."""

    officer_id: fields.Id | None = None
    external_system: fields.Code | None = None
    external_id: fields.Code | None = None
    present: fields.Flag = True
    missed_sessions: Places = Field(default=[], max_length=400)
    missed_minutes: fields.Whole = 0

    @model_validator(mode="after")
    def _names_somebody(self) -> AttendanceRow:
        if (self.officer_id is None) == (self.external_id is None):
            raise ValueError("one of officer_id and external_id")
        return self


class AttendanceRows(fields.In):
    """Rows of a sign-in sheet, at most 500."""

    model_config = fields.example(
        {
            "items": [
                {"officer_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01", "present": True},
                {"external_system": "demo", "external_id": "people-002", "present": True, "missed_minutes": 15},
            ]
        }
    )

    items: Annotated[list[AttendanceRow], Field(min_length=1, max_length=batches.MOST)]
    atomic: Annotated[fields.Flag, Field(description="有一行不能办理则全部不写入。")] = False


class SignInIn(fields.In):
    """Officers who sign in now."""

    model_config = fields.example({"officer_ids": ["01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01"]})

    officer_ids: Annotated[OfficerIds, Field(min_length=1)]
