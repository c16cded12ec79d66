"""Bodies and answers of the pool of reviewers."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.kinds import CaseKind
from services.kit import fields
from services.kit.pagination import PageQuery

Expertise = Annotated[list[CaseKind], Field(max_length=10, description="熟悉的案卷类别。")]
LegalReview = Annotated[fields.Flag, Field(description="具备法制审核资格（行政处罚法第58条）。")]
Active = Annotated[fields.Flag, Field(description="停用后不再分派。")]


class FormerUnitIn(fields.In):
    """A unit the reviewer worked in, and until when."""

    unit_id: fields.Id
    until: fields.Day


FormerUnits = Annotated[list[FormerUnitIn], Field(max_length=50, description="曾任职单位；登记了执法人员的另按其任职记录。")]


class ReviewerIn(fields.In):
    """An account with the reviewer's role enters the pool. `officer_id` is the same person among the enforcement officers."""

    model_config = fields.example(
        {
            "account_id": "0192f0c8-0000-7000-8000-000000000301",
            "kinds": ["penalty"],
            "legal_review": True,
            "former_units": [{"unit_id": "0192f0c8-0000-7000-8000-000000000102", "until": "2023-06-30"}],
        }
    )

    account_id: fields.Id
    officer_id: fields.Id | None = None
    kinds: Expertise = Field(default_factory=list)
    legal_review: LegalReview = False
    former_units: FormerUnits = Field(default_factory=list)
    absent_from: fields.Day | None = None
    absent_to: fields.Day | None = None


class ReviewerChange(fields.In):
    """What may change; null ends an absence or a link."""

    model_config = fields.example({"absent_from": "2025-07-01", "absent_to": "2025-07-15"})

    officer_id: fields.Id | None = None
    kinds: Expertise | None = None
    legal_review: LegalReview | None = None
    former_units: FormerUnits | None = None
    absent_from: fields.Day | None = None
    absent_to: fields.Day | None = None
    is_active: Active | None = None


class ReviewerOut(ReviewerIn):
    """A reviewer as read, with the unit the account works in now.

    Who is in the pool of legal reviewers (`/v1/legal-reviewers`) has qualification, areas, unit and absences from there; what was
    entered here counts for the others.
    """

    id: fields.Id
    district_id: fields.Id
    legal_reviewer_id: Annotated[fields.Id | None, Field(description="法制审核人才库中的登记。")] = None
    qualification: fields.Code | None = None
    areas: Annotated[list[fields.Line] | None, Field(max_length=30, description="熟悉的执法领域，取自人才库。")] = None
    unit_id: fields.Id | None = None
    display_name: fields.Line | None = None
    is_active: Active
    created_at: fields.Moment
    version: fields.Whole


class ReviewerPage(fields.Page[ReviewerOut]):
    """A page of reviewers."""


class ReviewerFilter(PageQuery):
    """Named filters of the list."""

    account_id: fields.Id | None = None
    legal_review: bool | None = None
    is_active: bool | None = None
    sort: Literal["created_at", "-created_at"] = "-created_at"
