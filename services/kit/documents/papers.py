"""What a paper says, whatever it is printed with: head, title, numbered headings, paragraphs, tables, figures, signature.

All of it is text and numbers. Nothing in a paper is ever read as markup, formula, field or link. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Literal

# Signs of 22 pt in a line of 156 mm, and what a word of a title ends or begins with.
TITLE_WIDTH: Final = 20
WORD_ENDS: Final = "年度区县市镇乡的于和及》）”、，"
WORD_STARTS: Final = ("行政执法", "工作情况", "案卷评查", "实施方案", "突出问题", "情况", "总结", "报告", "关于", "《", "（", "“")
OPENING: Final = "《（“"
CLOSING: Final = "》）”、，。"

Align = Literal["left", "center", "right"]
Grade = Literal[1, 2, 3, 4]
DIGITS: Final = "零一二三四五六七八九"
# Signs that no XML and no typesetter takes; what separates lines stays.
CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of the first to the fourth grade; its number (一、 （一） 1. （1）) is given by its place."""

    text: str
    level: Grade = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `lead` is its first words, set bold."""

    text: str
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, how its cells stand, and its share of the width."""

    title: str
    align: Align = "center"
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A table under its caption, if it has one; the headings come again on each page."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing (SVG, from `charts`) above its caption; `told` says in words what is to be seen, for those who cannot see it."""

    caption: str
    svg: str
    told: str = ""


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper in the layout of GB/T 9704-2012. What is None is left out.

    `issuer` is the mark in red above the line, `number` the number of the document (文号), `addressee` whom it is sent to,
    `signature` and `signed_on` stand at the end, `annexes` are named before them, `copies` and `printed` in the imprint.
    """

    title: str
    blocks: Sequence[Block]
    issuer: str | None = None
    number: str | None = None
    addressee: str | None = None
    annexes: Sequence[str] = ()
    signature: str | None = None
    signed_on: date | None = None
    copies: str | None = None
    printed: str | None = None


def plain(paper: Paper) -> dict[str, Any]:
    """The paper as the child processes take it: JSON without control signs, headings numbered, the date written out."""
    whole = asdict(paper) | {"title": broken(paper.title), "blocks": list(_numbered(paper.blocks)), "signed_on": None}
    if paper.signed_on is not None:
        whole["signed_on"] = day(paper.signed_on)
    return _cleaned({name: value for name, value in whole.items() if value is not None})  # type: ignore[no-any-return]  # a dict


def broken(title: str) -> str:
    """A title of more than one line in two of like length, parted between words as far as their signs tell."""
    if "\n" in title or not TITLE_WIDTH < _width(title) <= 2 * TITLE_WIDTH:
        return title
    fitting = [place for place in range(1, len(title)) if max(_width(title[:place]), _width(title[place:])) <= TITLE_WIDTH]
    best = min(fitting, key=lambda place: _unevenness(title, place), default=None)
    return title if best is None else f"{title[:best]}\n{title[best:]}"


def _width(text: str) -> float:
    return sum(0.6 if sign.isascii() else 1 for sign in text)


def _unevenness(title: str, place: int) -> float:
    # Between words rather than in the middle; never before a closing mark or behind an opening one.
    uneven = abs(_width(title[:place]) - _width(title[place:]))
    if title[place] in CLOSING or title[place - 1] in OPENING or (title[place - 1] + title[place]).isdigit():
        return uneven + 100
    return uneven if title[place - 1] in WORD_ENDS or title[place:].startswith(WORD_STARTS) else uneven + 12


def day(on: date) -> str:
    """A day as papers write it."""
    return f"{on.year}年{on.month}月{on.day}日"


def numeral(number: int) -> str:
    """A number from 1 to 99 in Chinese."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return ("" if tens == 1 else DIGITS[tens]) + "十" + (DIGITS[ones] if ones else "")


def _numbered(blocks: Sequence[Block]) -> Iterator[dict[str, Any]]:
    counts = [0, 0, 0, 0]
    for block in blocks:
        said = {"kind": type(block).__name__.lower(), **asdict(block)}
        if isinstance(block, Heading):
            counts[block.level - 1] += 1
            counts[block.level :] = [0] * (4 - block.level)
            said["text"] = _number(block.level, counts[block.level - 1]) + block.text
        yield said


def _number(level: int, place: int) -> str:
    if level <= 2:
        return f"{numeral(place)}、" if level == 1 else f"（{numeral(place)}）"
    return f"{place}. " if level == 3 else f"（{place}）"


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return CONTROLS.sub("", value)
    if isinstance(value, dict):
        return {name: _cleaned(each) for name, each in value.items()}
    return [_cleaned(each) for each in value] if isinstance(value, list | tuple) else value
