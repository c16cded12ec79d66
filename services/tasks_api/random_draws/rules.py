"""Rules of random draws: what is drawn from, and how many. The protocol itself stands in `kit.draw_protocol`. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, Final

from services.kit import draw_protocol as protocol
from services.kit import errors, sampling
from services.kit.draw_protocol import State
from services.kit.sampling import Entry

OBJECTS: Final = "objects"
INSPECTORS: Final = "inspectors"
# Two persons at least make an inspection (行政处罚法第42条).
LEAST_INSPECTORS: Final = 2


class Side(StrEnum):
    """What is drawn: the objects to be inspected, and who inspects them."""

    OBJECTS = "objects"
    INSPECTORS = "inspectors"


class Verb(StrEnum):
    """What may be done to a draw."""

    SEED = "seed"
    COMMIT = "commit"
    REVEAL = "reveal"
    DRAW = "draw"
    SUBSTITUTE = "substitute"
    VOID = "void"


class How(StrEnum):
    """How an entry came into the sample: by the draw, or in place of another."""

    DRAW = "draw"
    SUBSTITUTE = "substitute"


class NotInSample(errors.Conflict):
    code = "random_draw.not_in_sample"
    zh, en = "该对象或人员不在抽取结果中。", "The object or inspector is not in the sample."


class NobodyLeft(errors.Conflict):
    code = "random_draw.nobody_left"
    zh, en = "该组已无可替换的对象或人员。", "Nobody is left of this group to take the place."


class AlreadyVoid(errors.Conflict):
    code = "random_draw.already_void"
    zh, en = "该抽取已作废。", "The draw is void already."


def stratum(unit_code: str, side: Side, group: str) -> str:
    """Which entries are drawn among themselves: of one organiser and side, objects also by their category."""
    return f"{unit_code}/{side}/{sampling.normalised(group)}"


def entries(unit_code: str, objects: Sequence[tuple[str, str]], inspectors: Sequence[str]) -> list[Entry]:
    """The frame: objects by code and category, inspectors by their number. `O:` and `I:` keep the two sides' ids apart."""
    found = [Entry(f"O:{sampling.normalised(code)}", stratum(unit_code, Side.OBJECTS, group)) for code, group in objects]
    found += [Entry(f"I:{sampling.normalised(code)}", stratum(unit_code, Side.INSPECTORS, "all")) for code in inspectors]
    return sorted(found)


def terms(share_per_10000: int, least_objects: int, inspectors: int) -> dict[str, Any]:
    """What decides the size of the sample, as it is hashed and published with the frame."""
    quota = {"share_per_10000": share_per_10000, "min": least_objects}
    crew = {"match": {"kind": INSPECTORS}, "share_per_10000": 0, "min": inspectors, "max": inspectors}
    return protocol.terms_of(quota, [crew])


def repeated(codes: Sequence[str], pointer: str) -> list[errors.Fault]:
    """Codes that are the same once normalised."""
    times = Counter(sampling.normalised(code) for code in codes)
    return [
        errors.Fault(f"{pointer}/{place}/code", "repeated")
        for place, code in enumerate(codes)
        if times[sampling.normalised(code)] > 1
    ]


def strata(found: Sequence[Entry]) -> Mapping[str, int]:
    """How many entries each stratum has."""
    return {name: len(places) for name, places in sampling.strata_of(found).items()}


def why_not_void(state: str) -> errors.DomainError | None:
    """A draw is voided once."""
    return AlreadyVoid() if state == State.VOID else None
