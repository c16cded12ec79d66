"""Draws that outsiders can repeat: tickets, frames, quotas and joint seeds. Pure.

The order is that of the public `consistent_sampler` algorithm without replacement. The ticket of an id is the SHA-256 of the
seed's SHA-256 in hex followed by the id, written as a decimal number whose digits are reversed and stand behind `0.`; the
smallest tickets are drawn. A ticket depends on seed and id alone, so growing a sample keeps what was drawn before.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Final, NamedTuple

ALGORITHM: Final = "consistent_sampler, without replacement"
# Shares are whole parts of ten thousand, so that no binary fraction decides on a file.
WHOLE: Final = 10_000
# Below so many ids, writing all tickets out is quicker than looking for the smallest first.
FEW: Final = 500
# How a frame is written around its texts.
_HEAD, _MIDDLE, _NEXT, _TAIL = '{"files":[{"id":"', '","stratum":"', '"},{"id":"', '"}]}'
_REVERSED: Final = tuple(int(f"{number:03}"[::-1]) for number in range(1000))
# What each of the eight words of a hash, the first one first, is worth modulo a million.
_POWERS: Final = tuple(pow(2, 32 * place, 1_000_000) for place in range(7, -1, -1))


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
    return _written(int.from_bytes(_digests([id_], seed)[0]))


def first(ids: Sequence[str], seed: str, take: int) -> list[Ticket]:
    """The `take` smallest tickets of these ids, in their order; all when there are fewer."""
    digests = _digests(ids, seed)
    places: Iterable[int] = range(len(ids))
    if len(ids) > FEW and take < len(ids):
        places = _smallest(digests, take)
    whole, written = int.from_bytes, _written
    return list(map(Ticket._make, sorted([(written(whole(digests[place])), ids[place], place) for place in places])[:take]))


def _digests(ids: Iterable[str], seed: str) -> list[bytes]:
    start, sha = hashlib.sha256(seed.encode()).hexdigest().encode(), hashlib.sha256
    return [sha(start + id_.encode()).digest() for id_ in ids]


def _smallest(digests: Sequence[bytes], take: int) -> list[int]:
    """Places of the smallest tickets, and of those that agree with the last one in the leading digits.

    The leading digits of a ticket are the last ones of its number: they leave few to be written out.
    """
    import numpy as np

    words = np.frombuffer(b"".join(digests), dtype=">u4").reshape(-1, 8).astype(np.int64)
    # The number modulo a million, word by word: each product stays below 2 to the 52nd.
    last = (words @ np.array(_POWERS, dtype=np.int64)) % 1_000_000
    turned = np.array(_REVERSED, dtype=np.int64)
    leading = turned[last % 1000] * 1000 + turned[last // 1000]
    limit = np.partition(leading, max(take, 1) - 1)[max(take, 1) - 1]
    places: list[int] = np.flatnonzero(leading <= limit).tolist()
    return places


def _written(number: int) -> str:
    return "0." + f"{number:064}"[::-1]


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
    return list(map(Entry._make, _read(frame)))


def _read(frame: bytes) -> list[Sequence[str]]:
    """Ids and strata of a frame, in its order."""
    text = frame.decode()
    if "\\" in text or not (text.startswith(_HEAD) and text.endswith(_TAIL)):
        return list(map(itemgetter("id", "stratum"), json.loads(text)["files"]))
    # Without an escape no quotation mark stands inside a text, so cutting at the marks is reading; a third of the time.
    return [each.split(_MIDDLE) for each in text[len(_HEAD) : -len(_TAIL)].split(_NEXT)]


def sha256(content: bytes) -> str:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def strata_of(entries: Iterable[Sequence[str]]) -> dict[str, list[int]]:
    """The places of each stratum's entries; strata in the order of their names."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, (_, stratum) in enumerate(entries):
        found[stratum].append(place)
    return dict(sorted(found.items()))


def draw(frame: bytes, seed: str, takes: Mapping[str, int]) -> Iterator[tuple[str, list[Ticket]]]:
    """Each stratum of a frame with its first `takes[stratum]` tickets; their places are those in the frame, from 0."""
    entries = _read(frame)
    for stratum, places in strata_of(entries).items():
        drawn = first([entries[place][0] for place in places], seed, takes.get(stratum, 0))
        yield stratum, [Ticket(number, id_, places[place]) for number, id_, place in drawn]


# ---------------------------------------------------------------------------------------------- joint seeds


def commitment(nonce: str) -> str:
    """What a witness publishes before the others' nonces are known: the nonce's SHA-256 in hex."""
    return sha256(nonce.encode())


def joint_seed(nonces: Iterable[str]) -> str:
    """The seed of witnesses who revealed their nonces: SHA-256 in hex of the nonces, sorted by their commitments, one a line."""
    return sha256("\n".join(sorted(nonces, key=commitment)).encode())
