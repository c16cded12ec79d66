"""Draws that outsiders can repeat: tickets, frames, quotas and joint seeds. Pure.

The order is that of the public `consistent_sampler` algorithm without replacement. The ticket of an id is the SHA-256 of the
seed's SHA-256 in hex followed by the id, written as a decimal number whose digits are reversed and stand behind `0.`; the
smallest tickets are drawn. A ticket depends on seed and id alone, so growing a sample keeps what was drawn before.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

ALGORITHM: Final = "consistent_sampler, without replacement"
# Shares are whole parts of ten thousand, so that no binary fraction decides on a file.
WHOLE: Final = 10_000
# Below so many ids, writing all tickets out is quicker than looking for the smallest first.
FEW: Final = 500
_REVERSED: Final = tuple(int(f"{number:03}"[::-1]) for number in range(1000))


class Ticket(NamedTuple):
    """A ticket: its number as text (a fraction between 0 and 1), the id it belongs to, and the id's place in the list given."""

    number: str
    id: str
    place: int


class Entry(NamedTuple):
    """One object of a frame and the stratum it is drawn from."""

    id: str
    stratum: str


@dataclass(frozen=True, slots=True)
class Quota:
    """How many of a stratum are drawn: a share in ten-thousandths, rounded up, no fewer than `least`, no more than `most`."""

    share: int
    least: int = 0
    most: int | None = None

    def take(self, size: int) -> int:
        """How many of so many; all when there are fewer than wanted."""
        wanted = max(self.least, -(-size * self.share // WHOLE))
        return min(size, wanted if self.most is None else min(wanted, self.most))


def ticket(seed: str, id_: str) -> str:
    """The ticket number of one id."""
    return _written(_number(_hashed_seed(seed), id_))


def first(ids: Sequence[str], seed: str, take: int) -> list[Ticket]:
    """The `take` smallest tickets of these ids, in their order; all when there are fewer."""
    base = _hashed_seed(seed)
    numbers = [_number(base, id_) for id_ in ids]
    places: Iterable[int] = range(len(ids))
    if FEW < take < len(ids) or take <= FEW < len(ids):
        # The leading digits of a ticket are the last ones of its number: they leave few to be written out.
        leading = [_leading(number) for number in numbers]
        limit = sorted(leading)[max(take, 1) - 1]
        places = [place for place, digits in enumerate(leading) if digits <= limit]
    return sorted(Ticket(_written(numbers[place]), ids[place], place) for place in places)[:take]


def _hashed_seed(seed: str) -> hashlib._Hash:
    return hashlib.sha256(hashlib.sha256(seed.encode()).hexdigest().encode())


def _number(base: hashlib._Hash, id_: str) -> int:
    made = base.copy()
    made.update(id_.encode())
    return int.from_bytes(made.digest())


def _written(number: int) -> str:
    return "0." + f"{number:064}"[::-1]


def _leading(number: int) -> int:
    digits = number % 1_000_000
    return _REVERSED[digits % 1000] * 1000 + _REVERSED[digits // 1000]


# ---------------------------------------------------------------------------------------------- frames and strata


def normalised(text: str) -> str:
    """An id as it enters a frame: Unicode form NFKC, without any white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def frame_of(entries: Iterable[Entry]) -> bytes:
    """The frame as canonical JSON (RFC 8785), sorted by id; its SHA-256 is what is published before the seed."""
    files = [{"id": entry.id, "stratum": entry.stratum} for entry in sorted(entries)]
    # Texts under names of ASCII letters in their order: what RFC 8785 asks for, at a quarter of the general serialiser's time.
    return json.dumps({"files": files}, ensure_ascii=False, separators=(",", ":")).encode()


def entries_of(frame: bytes) -> list[Entry]:
    """The entries of a frame, in its order."""
    return [Entry(each["id"], each["stratum"]) for each in json.loads(frame)["files"]]


def sha256(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def strata_of(entries: Sequence[Entry]) -> dict[str, list[int]]:
    """The places of each stratum's entries; strata in the order of their names."""
    found: dict[str, list[int]] = {}
    for place, entry in enumerate(entries):
        found.setdefault(entry.stratum, []).append(place)
    return dict(sorted(found.items()))


def draw(entries: Sequence[Entry], seed: str, takes: Mapping[str, int]) -> Iterator[tuple[str, list[Ticket]]]:
    """Each stratum with its first `takes[stratum]` tickets; their places are those in `entries`."""
    for stratum, places in strata_of(entries).items():
        drawn = first([entries[place].id for place in places], seed, takes.get(stratum, 0))
        yield stratum, [each._replace(place=places[each.place]) for each in drawn]


# ---------------------------------------------------------------------------------------------- joint seeds


def commitment(nonce: str) -> str:
    """What a witness publishes before the others' nonces are known: the nonce's SHA-256 in hex."""
    return sha256(nonce.encode())


def joint_seed(nonces: Iterable[str]) -> str:
    """The seed of witnesses who revealed their nonces: SHA-256 in hex of the nonces, sorted by their commitments, one a line."""
    return sha256("\n".join(sorted(nonces, key=commitment)).encode())
