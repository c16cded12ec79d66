"""Bodies and answers of the pool."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from services.kit import fields
from services.kit.pagination import PageQuery
from services.training_api.legal_reviewers.rules import Qualification, State, Verb

Areas = Annotated[
    tuple[fields.Line, ...],
    Field(min_length=1, max_length=30, description="熟悉的执法领域。", examples=[["城市管理", "市场监管"]]),
]


class AbsenceIn(fields.In):
    """Days on which somebody cannot be asked."""

    from_on: fields.Day
    to_on: fields.Day | None = None


class LegalReviewerIn(fields.In):
    """Somebody for the pool: an officer of the register, or a name with a unit."""

    model_config = fields.example(
        {
            "unit_id": "01932c4e-7a10-7c3e-9b1d-2f6a5d0c8e01",
            "name": "示例丙",
            "qualification": "legal_professional",
            "qualified_on": "2015-03-01",
            "areas": ["城市管理", "市场监管"],
        }
    )

    unit_id: fields.Id
    officer_id: Annotated[fields.Id | None, Field(description="执法人员名册中的人员；其他人员填 name。")] = None
    name: Annotated[fields.Line | None, Field(examples=["示例丙"])] = None
    account_id: Annotated[fields.Id | None, Field(description="办理法制审核所用的账号。")] = None
    qualification: Qualification
    qualified_on: fields.Day | None = None
    areas: Areas

    @model_validator(mode="after")
    def _one_of_two(self) -> LegalReviewerIn:
        if (self.officer_id is None) == (self.name is None):
            raise ValueError("one of two")
        return self


class LegalReviewerChange(fields.In):
    """What may be corrected; `absences` replace the earlier ones."""

    model_config = fields.example({"absences": [{"from_on": "2024-07-01", "to_on": "2024-07-31"}]})

    account_id: fields.Id | None = None
    qualification: Qualification | None = None
    qualified_on: fields.Day | None = None
    areas: Areas | None = None
    absences: Annotated[list[AbsenceIn] | None, Field(max_length=50)] = None


class ReasonIn(fields.In):
    """Why."""

    model_config = fields.example({"reason": "调离"})

    reason: Annotated[fields.Line, Field(examples=["调离法制岗位"])]


class AbsenceOut(fields.Out):
    """Days on which somebody cannot be asked."""

    from_on: fields.Day
    to_on: fields.Day | None = None


class LegalReviewerOut(fields.Out):
    """A member of the pool as read. `available` says whether the person can be asked today."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    officer_id: fields.Id | None = None
    account_id: fields.Id | None = None
    name: fields.Line
    qualification: Qualification
    qualified_on: fields.Day | None = None
    areas: Areas
    state: State
    available: fields.Flag
    absences: list[AbsenceOut] = Field(max_length=50)
    admitted_on: fields.Day | None = None
    removed_on: fields.Day | None = None
    removal_reason: fields.Line | None = None
    allowed_actions: list[Verb] = Field(max_length=10)
    version: fields.Whole
    created_at: fields.Moment


class LegalReviewerPage(fields.Page[LegalReviewerOut]):
    """A page of the pool."""


class LegalReviewerFilter(PageQuery):
    """Named filters of the list. `available_on` leaves listed members who can be asked on that day."""

    unit_id: fields.Id | None = None
    state: State | None = None
    qualification: Qualification | None = None
    area: Annotated[fields.Line | None, Field(description="熟悉此领域者。")] = None
    available_on: fields.Day | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
