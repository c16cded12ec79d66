"""Answers about rotations."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.compliance.schemas import AsOf


class RotationOut(fields.Out):
    """How far an organ's rotation of the year has come. `owed` is false for organs the plan does not ask it of."""

    unit_id: fields.Id
    year: fields.Year
    officers: Annotated[fields.Whole, Field(description="年末（或当日）在职、当年有学时任务的执法人员。")]
    covered: Annotated[fields.Whole, Field(description="已参加轮训并取得学时的人数。")]
    missing: fields.Whole
    rate: Annotated[float, Field(ge=0, le=1, description="覆盖率；没有人员时为 0。")]
    complete: fields.Flag
    owed: fields.Flag


class RotationPage(fields.Page[RotationOut]):
    """A page of organs, and the moment it was computed for."""

    as_of: fields.Moment


class RotationDetailOut(RotationOut):
    """One organ with those who have not taken part."""

    as_of: fields.Moment
    missing_officer_ids: list[fields.Id] = Field(max_length=100_000)


class RotationFilter(PageQuery):
    """Named filters of the list."""

    year: fields.QueryYear
    unit_id: fields.Id | None = None
    complete: bool | None = None
    owed: bool | None = None
    as_of: AsOf | None = None
    sort: Literal["unit_id"] = "unit_id"


class RotationQuery(BaseModel):
    """The year and the moment asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    year: fields.QueryYear
    as_of: AsOf | None = None
