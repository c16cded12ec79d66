"""Answers about the chain of class hours."""

from __future__ import annotations

from typing import Literal

from services.kit import fields


class VerificationOut(fields.Out):
    """What recomputing the whole chain of the district came to."""

    checked: fields.Whole
    waiting: fields.Whole
    ok: fields.Flag
    first_bad: fields.Id | None
    fault: Literal["changed", "removed", "inserted", "chain"] | None
    at_sequence: fields.Whole | None


class HeadOut(fields.Out):
    """The newest link. Kept outside, it proves that nothing before it was bent or cut off."""

    sequence: fields.Whole
    chain_hash: fields.Hash | None
    sealed_at: fields.Moment | None
