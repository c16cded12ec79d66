"""The protocol of draws that outsiders can repeat, whatever is drawn: its order, and what a seed makes of a frame. Pure.

Freeze the frame and publish its hash; only then a seed, from outside or from the nonces of two or more witnesses; then the
draw, once. Nothing is taken back: a draw may be voided with a reason and stays on record.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Protocol

import rfc8785

from services.kit import errors, sampling

LEAST_WITNESSES: Final = 2
BY_WITNESSES: Final = "commitments"
Terms = Mapping[str, Any]


class State(StrEnum):
    """Frozen, with or without a seed; drawn; void, with everything kept."""

    FROZEN = "frozen"
    DRAWN = "drawn"
    VOID = "void"


class NotFrozen(errors.Conflict):
    code = "draw.not_frozen"
    zh, en = "抽样范围尚未冻结，须先冻结并公布其哈希值。", "The frame is not frozen; freeze it and publish its hash first."


class AlreadyFrozen(errors.Conflict):
    code = "draw.already_frozen"
    zh, en = "抽样范围已冻结。", "The frame is frozen already."


class DoubledIds(errors.Conflict):
    code = "draw.doubled_ids"
    zh, en = (
        "规范化后有 {count} 个编号重复，不能冻结。",
        "{count} ids are the same once normalised; nothing is frozen.",
    )


class SeedKnown(errors.Conflict):
    code = "draw.seed_known"
    zh, en = "种子已确定，不能再改。", "The seed is known and does not change."


class SeedUsedBefore(errors.Conflict):
    code = "draw.seed_used_before"
    zh, en = "该种子已用于另一次抽取，每次须用新种子。", "The seed was used for another draw; each takes a fresh one."


class ByWitnesses(errors.Conflict):
    code = "draw.by_witnesses"
    zh, en = (
        "已有见证人提交承诺，种子须由承诺揭示产生。",
        "Witnesses have committed themselves; the seed comes from their nonces.",
    )


class CommittedAlready(errors.Conflict):
    code = "draw.committed_already"
    zh, en = "您已提交过承诺，或该承诺与他人相同。", "You have committed yourself already, or somebody to the same nonce."


class CommitmentsOver(errors.Conflict):
    code = "draw.commitments_over"
    zh, en = "已有人揭示随机数，不再接受新的承诺。", "A nonce is revealed already, so no more commitments are taken."


class TooFewCommitments(errors.Conflict):
    code = "draw.too_few_commitments"
    zh, en = "至少须有两名见证人先提交承诺。", "At least two witnesses must commit themselves first."


class NoCommitment(errors.Conflict):
    code = "draw.no_commitment"
    zh, en = "您没有提交过承诺。", "You have made no commitment."


class NonceDiffers(errors.Conflict):
    code = "draw.nonce_differs"
    zh, en = "随机数与您提交的承诺不符。", "The nonce is not the one you committed to."


class RevealedAlready(errors.Conflict):
    code = "draw.revealed_already"
    zh, en = "您已揭示过随机数。", "You have revealed your nonce already."


class NoSeed(errors.Conflict):
    code = "draw.no_seed"
    zh, en = "种子尚未确定，不能抽取。", "The seed is not known yet, so nothing can be drawn."


class AlreadyDrawn(errors.Conflict):
    code = "draw.already_drawn"
    zh, en = "该抽样范围已抽取过，不能再抽。", "This frame was drawn from already; there is no second draw."


class NotDrawn(errors.Conflict):
    code = "draw.not_drawn"
    zh, en = "尚未抽取。", "Nothing is drawn yet."


class FrameChanged(errors.Conflict):
    code = "draw.frame_changed"
    zh, en = "抽样范围与公布的哈希值不符，不能抽取。", "The frame is not the one whose hash was published; nothing is drawn."


class DrawFacts(Protocol):
    """What the rules ask of a draw."""

    @property
    def state(self) -> str: ...
    @property
    def seed(self) -> str | None: ...
    @property
    def frozen_at(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Witness:
    """What an account has done as a witness of a draw, and what all have done together."""

    committed: str | None
    has_revealed: bool
    commitments: int
    reveals: int


def why_not_seed(draw: DrawFacts | None, witness: Witness) -> errors.DomainError | None:
    """A seed from outside comes after the freeze, once, and not beside commitments."""
    if (refusal := why_no_seed_yet(draw)) is not None:
        return refusal
    return ByWitnesses() if witness.commitments else None


def why_no_seed_yet(draw: DrawFacts | None) -> errors.DomainError | None:
    """The frame must be frozen and the seed unknown."""
    if draw is None:
        return NotFrozen()
    if draw.state == State.DRAWN:
        return AlreadyDrawn()
    return SeedKnown() if draw.seed is not None else None


def why_not_commit(draw: DrawFacts | None, witness: Witness) -> errors.DomainError | None:
    """Each witness once, before the first nonce is known."""
    if (refusal := why_no_seed_yet(draw)) is not None:
        return refusal
    if witness.reveals:
        return CommitmentsOver()
    return CommittedAlready() if witness.committed is not None else None


def why_not_reveal(draw: DrawFacts | None, witness: Witness, nonce: str) -> errors.DomainError | None:
    """Two commitments first; then each witness the nonce committed to."""
    if (refusal := why_no_seed_yet(draw)) is not None:
        return refusal
    if witness.committed is None:
        return NoCommitment()
    if witness.commitments < LEAST_WITNESSES:
        return TooFewCommitments()
    if witness.has_revealed:
        return RevealedAlready()
    return None if sampling.commitment(nonce) == witness.committed else NonceDiffers()


def why_not_draw(draw: DrawFacts | None) -> errors.DomainError | None:
    """A frozen frame with a seed, not yet drawn from."""
    if draw is None:
        return NotFrozen()
    if draw.state == State.DRAWN:
        return AlreadyDrawn()
    return NoSeed() if draw.seed is None else None


def why_not_change_sample(draw: DrawFacts | None) -> errors.DomainError | None:
    """A sample is grown or mended once it is drawn."""
    return None if draw is not None and draw.state == State.DRAWN else NotDrawn()


# ---------------------------------------------------------------------------------------------- terms and samples


def terms_of(quota: Mapping[str, Any], overrides: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """What decides the size of a sample, as it is hashed and published with the frame."""
    return {"algorithm": sampling.ALGORITHM, "quota": dict(quota), "overrides": [dict(each) for each in overrides]}


def canonical(value: Any) -> bytes:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(value)


def takes(strata: Mapping[str, int], terms: Terms) -> dict[str, int]:
    """How many are drawn of each stratum, by the first override that fits it or else by the general quota."""
    return {stratum: _quota(stratum, terms).take(size) for stratum, size in sorted(strata.items())}


def _quota(stratum: str, terms: Terms) -> sampling.Quota:
    parts = dict(zip(("unit", "kind", "procedure"), stratum.rsplit("/", 2), strict=False))
    fits = (each for each in terms["overrides"] if all(parts.get(name) == value for name, value in each["match"].items()))
    found = next(fits, terms["quota"])
    return sampling.Quota(found["share_per_10000"], found["min"], found.get("max"))


def faults_of_quota(quota: Mapping[str, Any], at: str) -> Iterator[errors.Fault]:
    """The least is not above the most."""
    if quota.get("max") is not None and quota["min"] > quota["max"]:
        yield errors.Fault(f"{at}/min", "too_great", {"limit": quota["max"]})


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file of the sample: its place in the order of its stratum and, from 0, in the frame."""

    stratum: str
    place: int
    id: str
    ticket: str
    frame_place: int


def sample(frame: bytes, frame_sha256: str, seed: str, used: Mapping[str, int], wanted: Mapping[str, int]) -> list[Drawn]:
    """The objects from place `used + 1` to `wanted` in the order of each stratum. Raises FrameChanged.

    With nothing used yet this is the draw; later it is what comes next in the same order. Takes a while on large frames.
    """
    if sampling.sha256(frame) != frame_sha256:
        raise FrameChanged
    return [
        Drawn(stratum, place, ticket.id, ticket.number, ticket.place)
        for stratum, tickets in sampling.draw(frame, seed, wanted)
        for place, ticket in enumerate(tickets, 1)
        if place > used.get(stratum, 0)
    ]
