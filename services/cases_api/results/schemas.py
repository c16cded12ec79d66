"""Answers of results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.review_rounds.rules import Mode
from services.kit import fields
from services.kit.pagination import PageQuery


class ResultOut(fields.Out):
    """The final score of a file in a published round. Without a total it could not be reviewed, and counts in no average."""

    round_id: fields.Id
    campaign_id: fields.Id
    rubric_id: fields.Id
    mode: Mode
    case_file_id: fields.Id
    unit_id: fields.Id
    year: fields.Year
    total: fields.Points | None = None
    grade: fields.Code
    vetoes: Annotated[list[fields.Code], Field(description="认定的一票否决项。")]
    content_hash: fields.Hash
    structure_hash: fields.Hash
    review_ids: list[fields.Id]
    published_at: fields.Moment


class ResultPage(fields.Page[ResultOut]):
    """A page of results."""


class ResultFilter(PageQuery):
    """Named filters of the list; `year` is the campaign's."""

    round_id: fields.Id | None = None
    campaign_id: fields.Id | None = None
    case_file_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    mode: Mode | None = None
    year: fields.QueryYear | None = None
    grade: fields.Code | None = None
    sort: Literal["published_at", "-published_at"] = "-published_at"
