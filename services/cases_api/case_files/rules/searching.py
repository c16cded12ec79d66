"""What is looked for in case files: words of a query, pairs of signs, and what stands beside them in the index. Pure.

Chinese is written without spaces and most of its words have two signs, so text is looked up by pairs of signs. The
database makes the same numbers of the public columns (`cases.write_search_words`); of a person's name they are made with a
key, so that whoever holds a copy of the database cannot look a name up.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, Final

from services.kit import errors, identity
from services.kit.errors import Fault

MOST_WORDS: Final = 3
AT: Final = "/query/q"
DIGITS: Final = re.compile("[0-9]{3,}")
# Filters beside the words, by what the index calls them.
FACETS: Final = {"unit_id": "unit", "kind": "kind", "procedure": "procedure", "state": "state"}
# Signs that no file holds: what is asked for while there is but one key, so that nothing is looked up twice.
NOWHERE: Final = [-1, 0, 1]
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
    """A pair, or what stands beside the pairs, as the index holds it: four bytes of its MD5 as a signed number."""
    digest = hashlib.md5(told.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big", signed=True)


def runs(text: str) -> Iterator[str]:
    """Runs of digits as wholes, and each three digits of them: pairs of digits stand in every number."""
    for run in DIGITS.finditer(text):
        yield f"run:{run[0]}"
        yield from (run[0][place : place + 3] for place in range(len(run[0]) - 2))


def signs_of(text: str) -> set[int]:
    """What the index holds of a text."""
    return {sign(told) for told in (*pairs(text), *runs(text))}


def public_signs(word: str) -> list[int]:
    """What a row must hold in which a word stands publicly: pairs side by side that cover the word, since each further one must
    be read from the index as well. A run at either end of a word may be longer in the text."""
    cover = dict.fromkeys([*list(pairs(word))[::2], word[-2:]])
    inner = [run[0] for run in DIGITS.finditer(word) if run.start() > 0 and run.end() < len(word)]
    outer = [f"run:{run[0]}" for run in DIGITS.finditer(word) if run[0] not in inner]
    return sorted({sign(told) for told in (*cover, *runs(word)) if told not in outer})


def facet(name: str, value: Any) -> int:
    """A filter that the index knows as well, as a sign. Months and years of filing it knows too: those the statement makes."""
    return sign(f"{FACETS[name]}:{value}")


def name_signs(name: str, digest: Digest) -> list[int]:
    """A person's name, or a piece of it, as pairs made with the key."""
    return sorted({int.from_bytes(digest(pair)[-4:], "big", signed=True) for pair in pairs(normal(name))})
