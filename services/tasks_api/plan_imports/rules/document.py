"""A document as plain rows: what the file formats hand to the rules. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of a text file, or one paragraph of a word document. `line` counts from 1."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One grid place of a table. A merged cell (合并单元格) repeats its owner's text and says where the owner lies."""

    text: str
    from_above: bool = False
    from_left: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[Row, ...]


Block: TypeAlias = Paragraph | Table


@dataclass(frozen=True, slots=True)
class Document:
    """Paragraphs and tables in the order of the document."""

    blocks: tuple[Block, ...]

    @classmethod
    def of_text(cls, text: str) -> Document:
        """The lines that are not blank, with their numbers; a form feed ends a line too."""
        lines = enumerate(text.splitlines(), start=1)
        return cls(tuple(Paragraph(number, line) for number, line in lines if line and not line.isspace()))
