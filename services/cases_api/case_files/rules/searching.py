"""What is looked for in case files: words of a query, pairs of signs, and what stands beside them in the index. Pure.

Chinese is written without spaces and most of its words have two signs, so text is looked up by pairs of signs. The
database makes the same numbers of the public columns (`cases.write_search_words`); of a person's name they are made with a
key, so that whoever holds a copy of the database cannot look a name up.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any, Final

from services.kit import errors, identity
from services.kit.errors import Fault

MOST_WORDS: Final = 3
AT: Final = "/query/q"
Digest = Callable[[str], bytes]


def normal(text: str) -> str:
    """One form for full-width and half-width signs, capitals and small letters (NFKC); spaces go."""
    return "".join(unicodedata.normalize("NFKC", text).lower().split())


def words_of(query: str) -> list[str]:
    """The words of a query, each of which must be found. Raises BadInput for what is too short, too much, or a person's number.

    An identity number has no place in an address (docs/decisions/0009).
    """
    words = [normal(word) for word in unicodedata.normalize("NFKC", query).split()]
    if identity.is_resident_id(identity.compact("".join(words))):
        raise errors.BadInput(Fault(AT, "not_allowed"))
    if not 1 <= len(words) <= MOST_WORDS or any(len(word) < 2 for word in words):
        raise errors.BadInput(Fault(AT, "wrong_format"))
    return words


def pairs(text: str) -> Iterator[str]:
    """Every two signs that stand side by side."""
    return (text[place : place + 2] for place in range(len(text) - 1))


def sign(told: str) -> int:
    """A pair, or what stands beside the pairs, as the index holds it."""
    digest = hashlib.md5(told.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big", signed=True)


def public_signs(word: str, facets: Mapping[str, Any]) -> list[int]:
    """What a row must hold in which a word stands publicly."""
    return sorted({sign(pair) for pair in pairs(word)} | {sign(f"{name}:{value}") for name, value in facets.items()})


def facets_of(unit_id: Any, kind: str | None, first: date | None, last: date | None) -> dict[str, Any]:
    """Filters that the index knows as well: unit, kind, and the year when the days asked for lie within one."""
    found = {"unit": unit_id, "kind": kind}
    if first is not None and last is not None and first.year == last.year:
        found["year"] = first.year
    return {name: value for name, value in found.items() if value is not None}


def name_signs(name: str, digest: Digest) -> list[int]:
    """A person's name, or a piece of it, as pairs made with the key."""
    return sorted({int.from_bytes(digest(pair)[-4:], "big", signed=True) for pair in pairs(normal(name))})
