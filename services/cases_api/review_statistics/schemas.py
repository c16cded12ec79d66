"""Answers of review statistics."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.kinds import CaseKind
from services.cases_api.review_rounds.rules import Mode
from services.kit import fields

Share = Annotated[float, Field(ge=0, le=1, description="比例，0 至 1。", examples=[0.891])]
Difference = Annotated[float, Field(ge=-10_000, le=10_000, description="分差，可为负。", examples=[-1.25])]
Alpha = Annotated[
    float, Field(ge=-1_000_000, le=1, description="Krippendorff’s alpha：1 为完全一致，0 为与随机无异。", examples=[0.815])
]
Warned = Literal["severe", "lenient", "far_from_panel"]


class ReviewStatisticsQuery(fields.In):
    """Which reviews are counted: of a campaign, of a round, or of all campaigns of a year; one of the three must be named."""

    campaign_id: fields.Id | None = None
    round_id: fields.Id | None = None
    year: fields.QueryYear | None = None
    unit_id: Annotated[fields.Id | None, Field(description="只计该单位的案卷。")] = None
    mode: Mode | None = None
    kind: CaseKind | None = None
    as_of: Annotated[fields.Moment | None, Field(description="按该时刻的记录计算，不得晚于现在。")] = None


class Coverage(fields.Out):
    """How many of a unit's closed files of the year it has reviewed itself (自评覆盖率)."""

    unit_id: fields.Id
    closed_files: fields.Whole
    self_reviewed: fields.Whole
    rate: Share | None = None


class GradeCount(fields.Out):
    """Files of a unit and kind that got this grade, by mode, with the sum of their totals; `final` counts each file once."""

    mode: Literal["self", "cross", "sample", "final"]
    unit_id: fields.Id
    kind: CaseKind
    grade: fields.Code
    files: fields.Whole
    mean: fields.Points | None = None


class ItemLoss(fields.Out):
    """What an item costs: reviews with a deduction from it, points taken in all, and the share of all reviews."""

    item_key: fields.Code
    reviews: fields.Whole
    deducted: Annotated[float, Field(ge=0, le=1_000_000_000, description="累计扣分。")]
    share: Share


class VetoCount(fields.Out):
    """Files in which a veto item was found."""

    key: fields.Code
    files: fields.Whole


class CommonDefect(fields.Out):
    """A defect found in several files, the most frequent first. Without `rule_key` no deduction rule was named."""

    item_key: fields.Code
    rule_key: fields.Code | None = None
    files: fields.Whole
    units: fields.Whole


class Inflation(fields.Out):
    """Self-review beside what stood in the end, over a unit's files that have both; above nought the unit was generous."""

    unit_id: fields.Id
    files: fields.Whole
    self_mean: fields.Points
    final_mean: fields.Points
    inflation: Difference


class ReviewerFigures(fields.Out):
    """One reviewer. `severity`: own total minus the others' mean on the same files, below nought stricter; `distance`: how far
    from what stood in the end, on average. Warnings are for the organiser; no score ever changes by them.
    """

    account_id: fields.Id
    reviews: fields.Whole
    mean: fields.Points | None = None
    compared: fields.Whole
    severity: Difference | None = None
    distance: fields.Points | None = None
    warnings: list[Warned]


class Agreement(fields.Out):
    """How far reviewers of the same files agree, in totals (interval) and grades (ordinal)."""

    files: fields.Whole
    reviews: fields.Whole
    alpha_total: Alpha | None = None
    alpha_grade: Alpha | None = None


class ReviewStatisticsOut(fields.Out):
    """Figures of published rounds, as recorded at `as_of`. Reviewers' figures are for the organiser alone."""

    as_of: fields.Moment
    rounds: fields.Whole
    reviews: fields.Whole
    files: fields.Whole
    not_reviewable: fields.Whole
    coverage: list[Coverage]
    grades: list[GradeCount]
    items: list[ItemLoss]
    vetoes: list[VetoCount]
    defects: list[CommonDefect]
    inflation: list[Inflation]
    agreement: Agreement | None = None
    reviewers: list[ReviewerFigures] | None = None

    model_config = fields.Out.model_config | {
        "json_schema_extra": {
            "example": {
                "as_of": "2025-12-20T08:00:00Z",
                "rounds": 3,
                "reviews": 412,
                "files": 198,
                "not_reviewable": 1,
                "coverage": [
                    {
                        "unit_id": "0192f0c8-0000-7000-8000-000000000001",
                        "closed_files": 120,
                        "self_reviewed": 107,
                        "rate": 0.8917,
                    }
                ],
                "grades": [
                    {
                        "mode": "final",
                        "unit_id": "0192f0c8-0000-7000-8000-000000000001",
                        "kind": "penalty",
                        "grade": "excellent",
                        "files": 54,
                        "mean": 93.25,
                    }
                ],
                "items": [{"item_key": "documents.elements", "reviews": 88, "deducted": 164.5, "share": 0.2136}],
                "vetoes": [{"key": "no_legal_review", "files": 2}],
                "defects": [{"item_key": "documents.elements", "rule_key": "missing_date", "files": 41, "units": 9}],
                "inflation": [
                    {
                        "unit_id": "0192f0c8-0000-7000-8000-000000000001",
                        "files": 20,
                        "self_mean": 96.1,
                        "final_mean": 91.4,
                        "inflation": 4.7,
                    }
                ],
                "agreement": {"files": 60, "reviews": 120, "alpha_total": 0.8123, "alpha_grade": 0.7741},
                "reviewers": [
                    {
                        "account_id": "0192f0c8-0000-7000-8000-000000000002",
                        "reviews": 24,
                        "mean": 88.5,
                        "compared": 22,
                        "severity": -5.4,
                        "distance": 3.1,
                        "warnings": ["severe"],
                    }
                ],
            }
        }
    }
