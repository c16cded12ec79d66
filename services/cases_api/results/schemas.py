"""Answers of results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.results import rules
from services.cases_api.review_rounds.rules import Mode
from services.kit import fields
from services.kit.pagination import PageQuery

Final = Annotated[bool, Field(description="本次评查活动中该案卷的最终结果：复核＞抽评＞互评＞自评。")]


class ResultOut(fields.Out):
    """What stands of a file of a published round. Without a total it could not be reviewed, and counts in no average."""

    id: fields.Id
    round_id: fields.Id
    campaign_id: fields.Id
    rubric_id: fields.Id
    mode: Mode
    case_file_id: fields.Id
    unit_id: fields.Id
    year: fields.Year
    basis: rules.Basis
    is_final: Final
    total: fields.Points | None = None
    grade: fields.Code
    vetoes: Annotated[list[fields.Code], Field(description="认定的一票否决项。")]
    content_hash: fields.Hash
    structure_hash: fields.Hash
    review_ids: list[fields.Id]
    arbitration_id: fields.Id | None = None
    objection_id: fields.Id | None = None
    published_at: fields.Moment
    voided_at: fields.Moment | None = None
    version: fields.Whole


class ResultPage(fields.Page[ResultOut]):
    """A page of results."""


class ResultFilter(PageQuery):
    """Named filters of the list; `year` is the campaign's. `is_final=true` leaves one result for each file of a campaign."""

    round_id: fields.Id | None = None
    campaign_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    mode: Mode | None = None
    basis: rules.Basis | None = None
    is_final: bool | None = None
    year: fields.QueryYear | None = None
    grade: fields.Code | None = None
    sort: Literal["published_at", "-published_at"] = "-published_at"


class ResultVersionOut(fields.Out):
    """What a result was from a moment on, and why it changed."""

    result_id: fields.Id
    number: fields.Whole
    cause: rules.Cause
    basis: rules.Basis
    is_final: Final
    total: fields.Points | None = None
    grade: fields.Code
    vetoes: list[fields.Code]
    reason: fields.Prose | None = None
    account_id: fields.Id
    recorded_at: fields.Moment


class ResultVersionPage(fields.Page[ResultVersionOut]):
    """A page of versions."""


class ResultVersionFilter(PageQuery):
    """Versions come in the order they came about, the newest first."""

    sort: Literal["number", "-number"] = "-number"
