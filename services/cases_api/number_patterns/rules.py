"""How a number of a case or of a document is written: a text with placeholders. Pure.

No public text of the provincial rule on case numbers (案件编号规则) was found; every pattern is therefore data, and the
one delivered is marked as assumed. A pattern is accepted only if no two cases can get the same number by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from services.kit import errors

# One placeholder, or a run of literal text; whatever matches neither is a brace out of place.
PIECE: Final = re.compile(r"\{(?P<name>region|unit_code|year|kind|sequence)(?::0(?P<width>[1-9]))?\}|(?P<literal>[^{}]+)")
POINTER: Final = "/body/pattern"


class UnreadablePattern(errors.BadInput):
    code = "number_pattern.unreadable"
    zh, en = "编号规则中的占位符无法识别或重复。", "A placeholder of the pattern is unknown or stands twice."


class AmbiguousPattern(errors.BadInput):
    code = "number_pattern.ambiguous"
    zh, en = "按此规则不同案件可能得到相同编号。", "By this pattern two cases could get the same number."


class Series(StrEnum):
    """Numbers of cases (案号) and of their documents (文号)."""

    CASE = "case"
    DOCUMENT = "document"


@dataclass(frozen=True, slots=True)
class Piece:
    """A placeholder by its name (and least width of the sequence), or literal text when the name is empty."""

    name: str
    text: str = ""
    width: int = 1


@dataclass(frozen=True, slots=True)
class Facts:
    """What a number is made of: district code, unit code, year, the letters of its kind or type, the place in the unit's row."""

    region: str
    unit_code: str
    year: int
    letters: str
    sequence: int


def pieces_of(pattern: str) -> list[Piece]:
    """The parts of a pattern in their order. Raises UnreadablePattern."""
    found: list[Piece] = []
    end = 0
    for match in PIECE.finditer(pattern):
        if match.start() != end or (match["width"] and match["name"] != "sequence"):
            raise UnreadablePattern(errors.Fault(POINTER, "wrong_format"))
        found.append(Piece(match["name"] or "", match["literal"] or "", int(match["width"] or 1)))
        end = match.end()
    names = [piece.name for piece in found if piece.name]
    if end != len(pattern) or len(names) != len(set(names)):
        raise UnreadablePattern(errors.Fault(POINTER, "wrong_format"))
    return found


def rendered(pattern: str, facts: Facts) -> str:
    """The number of a case: `{unit_code}-{year}-{kind}-{sequence:05}` gives `350111102-2024-CF-00001`."""
    return "".join(_written(piece, facts) for piece in pieces_of(pattern))


def _written(piece: Piece, facts: Facts) -> str:
    values = {
        "region": facts.region,
        "unit_code": facts.unit_code,
        "year": f"{facts.year:04}",
        "kind": facts.letters,
        "sequence": f"{facts.sequence:0{piece.width}}",
    }
    return values.get(piece.name, piece.text)


def sequence_of(pattern: str, facts: Facts, number: str) -> int | None:
    """The place in the series of a number written by its pattern; None for one that is written otherwise."""
    parts = ("([0-9]{1,9})" if piece.name == "sequence" else re.escape(_written(piece, facts)) for piece in pieces_of(pattern))
    read = re.fullmatch("".join(parts), number)
    sequence = int(read[1]) if read is not None else 0
    return sequence if sequence and rendered(pattern, replace(facts, sequence=sequence)) == number else None


def why_not_pattern(pattern: str, *, one_unit: bool, one_kind: bool, one_year: bool) -> errors.DomainError | None:
    """A pattern must tell all cases apart for which it holds.

    What it does not fix (unit, kind, year) must stand in it, as must the sequence; and the unit code, whose length is
    free, must be parted from the sequence by something that is no digit.
    """
    try:
        pieces = pieces_of(pattern)
    except UnreadablePattern as error:
        return error
    names = {piece.name for piece in pieces}
    needed = {"sequence": True, "unit_code": not one_unit, "kind": not one_kind, "year": not one_year}
    lacking = [name for name, must in needed.items() if must and name not in names]
    if lacking or not _parted(pieces):
        return AmbiguousPattern(errors.Fault(POINTER, "number_pattern.ambiguous"))
    return None


def faults_of_scope(series: Series, kind: str | None, document_type: str | None) -> Iterator[errors.Fault]:
    """Case numbers have kinds, document numbers have types."""
    if series is Series.CASE and document_type is not None:
        yield errors.Fault("/body/document_type", "not_allowed")
    if series is Series.DOCUMENT and kind is not None:
        yield errors.Fault("/body/kind", "not_allowed")


def _parted(pieces: Sequence[Piece]) -> bool:
    names = [piece.name for piece in pieces]
    if "unit_code" not in names:
        return True
    start, end = sorted((names.index("unit_code"), names.index("sequence")))
    return any(piece.name == "kind" or re.search(r"[^0-9]", piece.text) for piece in pieces[start + 1 : end])
