"""Who comes next for a file. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Candidate:
    """A stand-in as things are now. `in_conflict` holds whatever its ground, mutual pairs included."""

    account_id: UUID
    is_there: bool
    is_legal: bool
    in_conflict: bool
    load: int


def next_one(
    ranked: Iterable[UUID], known: Mapping[UUID, Candidate], had: Collection[UUID], *, most: int, legal: bool
) -> tuple[int, UUID] | None:
    """Rank (from 1) and account of the first stand-in who may take the file; None when nobody may.

    `had` are those who had the file in this round; `legal` asks for somebody qualified for legal review.
    """
    for rank, account_id in enumerate(ranked, 1):
        found = known.get(account_id)
        if found is None or account_id in had or not found.is_there or found.in_conflict:
            continue
        if found.load < most and (found.is_legal or not legal):
            return rank, account_id
    return None
