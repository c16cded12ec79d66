"""Bodies and answers of rounds of guidance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.draws.schemas import Quota
from services.cases_api.guidance_rounds.rules import State
from services.cases_api.guidance_settings.schemas import BasisField
from services.kit import fields
from services.kit.pagination import PageQuery

GrantingUnit = Annotated[fields.Id, Field(description="赋权部门。")]


class GuidanceRoundIn(fields.In):
    """A new round of a granting department: it draws from the cases of the year that no earlier round drew from."""

    model_config = fields.example({"unit_id": "0192f0c8-0000-7000-8000-000000000102", "year": 2025})

    unit_id: GrantingUnit
    year: fields.Year
    quota: Annotated[Quota | None, Field(description="每个乡镇（街道）案件的比例；缺省且不得低于所设比例，不设上限。")] = None


class GuidanceRoundOut(fields.Out):
    """A round as read, with the number of its cases under guidance."""

    id: fields.Id
    district_id: fields.Id
    unit_id: GrantingUnit
    year: fields.Year
    state: State
    basis: BasisField
    quota: Quota
    draw_id: fields.Id | None = None
    created_by: fields.Id
    created_at: fields.Moment
    void_reason: fields.Line | None = None
    allowed_actions: list[Literal["freeze", "seed", "commit", "reveal", "draw", "void_draw", "substitute", "grow", "void"]] = (
        Field(max_length=9)
    )
    version: fields.Whole


class GuidanceRoundPage(fields.Page[GuidanceRoundOut]):
    """A page of rounds."""


class GuidanceRoundFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    state: State | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
