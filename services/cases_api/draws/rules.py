"""Rules of draws: the order of the protocol, and what a seed makes of a frame. Pure.

The protocol: freeze the frame and publish its hash; only then a seed, from outside or from the nonces of two or more
witnesses; then the draw, once. Nothing is taken back: a draw may be voided with a reason and stays on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from services.kit import errors
from services.kit.draw_protocol import (
    BY_WITNESSES,
    LEAST_WITNESSES,
    AlreadyDrawn,
    AlreadyFrozen,
    ByWitnesses,
    CommitmentsOver,
    CommittedAlready,
    DoubledIds,
    DrawFacts,
    Drawn,
    FrameChanged,
    NoCommitment,
    NonceDiffers,
    NoSeed,
    NotDrawn,
    NotFrozen,
    RevealedAlready,
    SeedKnown,
    SeedUsedBefore,
    State,
    Terms,
    TooFewCommitments,
    Witness,
    canonical,
    faults_of_quota,
    sample,
    takes,
    terms_of,
    why_no_seed_yet,
    why_not_change_sample,
    why_not_commit,
    why_not_draw,
    why_not_reveal,
    why_not_seed,
)

# The protocol itself stands in the kit; a feature of draws calls it by these names.
__all__ = [
    "BY_WITNESSES",
    "LEAST_WITNESSES",
    "AlreadyDrawn",
    "AlreadyFrozen",
    "ByWitnesses",
    "CommitmentsOver",
    "CommittedAlready",
    "DoubledIds",
    "DrawFacts",
    "Drawn",
    "EmptyFrame",
    "FrameChanged",
    "How",
    "NoCommitment",
    "NoGrowth",
    "NoSeed",
    "NonceDiffers",
    "NotDrawn",
    "NotFrozen",
    "NotInSample",
    "Purpose",
    "RevealedAlready",
    "SeedKnown",
    "SeedUsedBefore",
    "State",
    "Terms",
    "TooFewCommitments",
    "Witness",
    "canonical",
    "faults_of_quota",
    "growth",
    "sample",
    "takes",
    "terms_of",
    "why_no_seed_yet",
    "why_not_change_sample",
    "why_not_commit",
    "why_not_draw",
    "why_not_reveal",
    "why_not_seed",
]


class Purpose(StrEnum):
    """What is drawn for: a round of reviews (抽评), or cases to be guided (跟案指导)."""

    REVIEW_ROUND = "review_round"
    GUIDANCE = "guidance"


class How(StrEnum):
    """How a file came into the sample: by the draw, by growth (补抽), or in place of another."""

    DRAW = "draw"
    GROWTH = "growth"
    SUBSTITUTE = "substitute"


class EmptyFrame(errors.Conflict):
    code = "draw.empty_frame"
    zh, en = "没有符合条件的案卷，无从抽取。", "No file fits, so there is nothing to draw from."


class NotInSample(errors.Conflict):
    code = "draw.not_in_sample"
    zh, en = "该案卷不在样本中。", "The file is not in the sample."


class NoGrowth(errors.Conflict):
    code = "draw.no_growth"
    zh, en = "按此比例没有可补抽的案卷；样本只增不减。", "These terms add no file, or take some away; a sample only grows."


# ---------------------------------------------------------------------------------------------- terms and samples


def growth(strata: Mapping[str, int], live: Mapping[str, int], used: Mapping[str, int], terms: Terms) -> dict[str, int]:
    """The places each stratum is used up to under new terms. Raises NoGrowth when nothing is added or something taken away.

    `live` counts the files in the sample now, `used` also those that were replaced.
    """
    wanted = takes(strata, terms)
    if any(wanted[stratum] < count for stratum, count in live.items()):
        raise NoGrowth
    reached = {s: min(size, wanted[s] + used.get(s, 0) - live.get(s, 0)) for s, size in strata.items()}
    if all(reached[stratum] <= used.get(stratum, 0) for stratum in strata):
        raise NoGrowth
    return reached
