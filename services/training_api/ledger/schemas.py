"""Answers about the chain of class hours."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from services.kit import fields
from services.kit.pagination import PageQuery


class VerificationOut(fields.Out):
    """What recomputing the whole chain of the district came to."""

    checked: fields.Whole
    waiting: fields.Whole
    ok: fields.Flag
    first_bad: fields.Id | None
    fault: Literal["changed", "removed", "inserted", "chain", "head"] | None
    at_sequence: int | None = Field(json_schema_extra={"format": "int64"})


class HeadOut(fields.Out):
    """The newest link. Kept outside, it proves that nothing before it was bent or cut off."""

    district_id: fields.Id
    sequence: fields.Whole
    chain_hash: fields.Hash | None
    sealed_at: fields.Moment | None
    signed_at: fields.Moment
    signature: fields.Signature


class DailyHeadOut(fields.Out):
    """The last link sealed before a day was over."""

    district_id: fields.Id
    day: fields.Day
    sequence: fields.Whole
    chain_hash: fields.Hash
    sealed_at: fields.Moment
    signed_at: fields.Moment
    signature: fields.Signature


class DailyHeadPage(fields.Page[DailyHeadOut]):
    """A page of daily heads."""


class HeadFilter(PageQuery):
    """Named filters of the daily heads."""

    day: fields.Day | None = None
    day__gte: fields.Day | None = None
    day__lte: fields.Day | None = None
    sort: Literal["-day"] = "-day"
