"""Bodies and answers of calibration."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.review_statistics.schemas import Alpha, Difference, Warned
from services.cases_api.reviews.schemas import EXAMPLE as SHEET
from services.cases_api.reviews.schemas import ReviewIn
from services.kit import fields
from services.kit.pagination import PageQuery

Differing = Annotated[list[fields.Code], Field(description="与标准答案不一致的评查项和否决项。")]


class CalibrationFileIn(fields.In):
    """A closed file and the review that is held right; its score follows from the campaign's rubric."""

    model_config = fields.example({"case_file_id": "0192f0c8-0000-7000-8000-000000000201", "known": SHEET})

    case_file_id: fields.Id
    known: ReviewIn


class CalibrationFileOut(fields.Out):
    """A calibration file. What is held right is shown to the bureau, and to a reviewer who has handed in."""

    id: fields.Id
    campaign_id: fields.Id
    case_file_id: fields.Id
    content_hash: fields.Hash
    reviews: fields.Whole
    known: ReviewIn | None = None
    known_total: fields.Points | None = None
    known_grade: fields.Code | None = None
    created_at: fields.Moment
    version: fields.Whole


class CalibrationFilePage(fields.Page[CalibrationFileOut]):
    """A page of calibration files."""


class CalibrationFileFilter(PageQuery):
    """In the order they were added."""

    sort: Literal["created_at", "-created_at"] = "created_at"


class CalibrationReviewOut(fields.Out):
    """What came of a calibration review: own and known score, and where they differ."""

    id: fields.Id
    calibration_file_id: fields.Id
    account_id: fields.Id
    total: fields.Points | None = None
    grade: fields.Code
    known_total: fields.Points
    known_grade: fields.Code
    severity: Difference | None = None
    differs: Differing
    submitted_at: fields.Moment
    version: fields.Whole


class CalibratedReviewer(fields.Out):
    """One reviewer beside the known scores. `severity`: own minus known, below nought stricter."""

    account_id: fields.Id
    reviews: fields.Whole
    severity: Difference | None = None
    distance: fields.Points | None = None
    same_grade: fields.Whole
    warnings: list[Warned]


class CalibrationOut(fields.Out):
    """A campaign's calibration: agreement of all, figures of each. Warnings are for the organiser; no score ever changes."""

    files: fields.Whole
    reviews: fields.Whole
    alpha_total: Alpha | None = None
    alpha_grade: Alpha | None = None
    low_agreement: Annotated[bool, Field(description="一致性低于 0.667。")]
    reviewers: list[CalibratedReviewer]
