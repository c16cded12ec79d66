"""Numbers that Word itself puts in front of paragraphs (自动编号): they stand in no text, so they are counted here."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Any, Final, NamedTuple

from docx.document import Document as WordDocument
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P

MAX_LEVELS: Final = 9
MAX_STYLES: Final = 12
_CHINESE: Final = ("chinese", "ideograph", "taiwanese", "japanese")
_DIGITS: Final = "〇一二三四五六七八九"
_PLACE = re.compile(r"%([1-9])")


class _Level(NamedTuple):
    format: str
    text: str
    start: int


class Numbering:
    """Counts the numbered paragraphs of one document, in order."""

    def __init__(self, document: WordDocument) -> None:
        root = _numbering_root(document)
        self._styles: dict[str, Any] = {style.get(qn("w:styleId")): style for style in _found(document.styles.element, "w:style")}
        self._levels = {each.get(qn("w:abstractNumId")): _levels(each) for each in _found(root, "w:abstractNum")}
        self._lists = {each.get(qn("w:numId")): _value(each, "w:abstractNumId") for each in _found(root, "w:num")}
        self._counts: dict[str, list[int]] = defaultdict(lambda: [0] * MAX_LEVELS)

    def label(self, paragraph: CT_P) -> str:
        """The number as Word shows it (1. | （一） | 一、), or nothing."""
        number_id, level = self._place(paragraph)
        abstract = self._lists.get(number_id, "")
        levels = self._levels.get(abstract, {})
        if level not in levels or levels[level].format in {"bullet", "none"}:
            return ""
        counts = self._counts[abstract]
        counts[level] = counts[level] + 1 if counts[level] else levels[level].start
        counts[level + 1 :] = [0] * (MAX_LEVELS - level - 1)
        return _PLACE.sub(lambda match: _shown(levels, counts, int(match[1]) - 1), levels[level].text)

    def _place(self, paragraph: CT_P) -> tuple[str, int]:
        """List and level of a paragraph, its own or its style's."""
        properties = paragraph.find(qn("w:pPr"))
        style = _value(properties, "w:pStyle")
        number_id, level = _list_of(properties)
        for _ in range(MAX_STYLES):
            if number_id or style not in self._styles:
                break
            number_id, level = _list_of(self._styles[style].find(qn("w:pPr")))
            style = _value(self._styles[style], "w:basedOn")
        return number_id, level


def _numbering_root(document: WordDocument) -> Any:
    """The numbering part, or None: asked for directly, python-docx would make one up."""
    parts = (relation.target_part for relation in document.part.rels.values() if relation.reltype.endswith("/numbering"))
    return getattr(next(parts, None), "element", None)


def _found(root: Any, name: str) -> list[Any]:
    return [] if root is None else list(root.findall(qn(name)))


def _value(parent: Any, name: str) -> str:
    child = None if parent is None else parent.find(qn(name))
    return "" if child is None else child.get(qn("w:val")) or ""


def _list_of(properties: Any) -> tuple[str, int]:
    place = None if properties is None else properties.find(qn("w:numPr"))
    level = _value(place, "w:ilvl")
    return _value(place, "w:numId"), int(level) if level in set("012345678") else 0


def _levels(abstract: Any) -> dict[int, _Level]:
    levels = {}
    for each in _found(abstract, "w:lvl"):
        start = _value(each, "w:start")
        first = int(start) if start.isascii() and start.isdigit() and len(start) < 4 else 1
        levels[int(each.get(qn("w:ilvl")))] = _Level(_value(each, "w:numFmt"), _value(each, "w:lvlText")[:20], first)
    return levels


def _shown(levels: dict[int, _Level], counts: list[int], level: int) -> str:
    count = counts[level] or 1
    is_chinese = level in levels and levels[level].format.startswith(_CHINESE)
    return chinese(count) if is_chinese and count < 100 else str(count)


def chinese(count: int) -> str:
    """1 … 99 in Chinese digits: 十二, 二十."""
    tens, ones = divmod(count, 10)
    front = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return front + (_DIGITS[ones] if ones else "")
