"""Lines of a document → parts, chapters and numbered items with the text and roles beneath them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Final

from services.tasks_api.plan_imports.rules import characters, clauses, units
from services.tasks_api.plan_imports.rules.document import Paragraph
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.refusals import TooLong
from services.tasks_api.plan_imports.rules.units import KnownUnits

MAX_ITEMS: Final = 1_000


class Mark(StrEnum):
    """What opens an item: 一、 | （一） | 1."""

    PART = "part"
    CHAPTER = "chapter"
    NUMBERED = "numbered"


_ORDINAL = "([一二三四五六七八九十百]{1,4})"
_MARKS: Final = (
    (Mark.PART, re.compile(rf"第 *{_ORDINAL} *部分 *[、.:]? *(?=\S)")),
    (Mark.PART, re.compile(rf"{_ORDINAL} *[、.] *(?=\S)")),
    (Mark.CHAPTER, re.compile(rf"\( *{_ORDINAL} *\) *[、.]? *(?=\S)")),
    (Mark.NUMBERED, re.compile(r"(\d(?: ?\d){0,2}) *[.、](?!\d) *(?=\S)")),
)
_PAGE_NUMBER = re.compile(r"[- ]*(?:第 *)?\d{1,4} *页?(?: *[/共,] *共? *\d{1,4} *页?)?[- ]*")
_CONTENTS_LINE = re.compile(r"[.…·]{3,} *\d{1,4}$")
_TAIL = re.compile(r"抄送|\(?此件")
_ATTACHMENT = re.compile(r"附件 *[0-9一二三四五六七八九十]{0,3} *(?:[:.、]|$)")
_DATE = re.compile(r"((?:19|20)\d\d)年(\d{1,2})月(\d{1,2})日")
_SIGNATURE = re.compile(r"[\u4e00-\u9fff ]{2,40}(?:政府|办公室|委员会|局|领导小组|办)")


@dataclass(frozen=True, slots=True)
class Passage:
    line: int
    text: str


@dataclass(slots=True)
class Item:
    """A heading with what stands beneath it, down to the next heading. The first item is the head of the document."""

    mark: Mark | None
    number: int
    label: str
    rest: str
    line: int
    passages: list[Passage] = field(default_factory=list)
    roles: list[clauses.Clause] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Outline:
    items: list[Item]
    issued_on: date | None


def read(paragraphs: Iterable[Paragraph], known: KnownUnits, notes: Notes) -> Outline:
    """The outline of a text. Raises TooLong beyond `MAX_ITEMS` headings."""
    lines, issued_on = _without_furniture(paragraphs)
    builder = _Builder(known, notes)
    for line in lines:
        builder.take(line)
    return Outline(builder.items, issued_on)


def _without_furniture(paragraphs: Iterable[Paragraph]) -> tuple[list[Passage], date | None]:
    """The lines that say something: no page numbers, contents, signature and date; and that date."""
    lines: list[Passage] = []
    issued_on = None
    for paragraph in paragraphs:
        text = characters.printed(paragraph.text)
        folded = characters.folded(text)
        if not text or _is_furniture(folded):
            continue
        signed = _date(folded) if len(folded) <= 20 else None
        if not signed:
            lines.append(Passage(paragraph.line, text))
            continue
        issued_on = signed
        if lines and _SIGNATURE.fullmatch(lines[-1].text):
            lines.pop()
    return lines, issued_on


def _is_furniture(folded: str) -> bool:
    return bool(
        (len(folded) <= 30 and _PAGE_NUMBER.fullmatch(folded)) or _CONTENTS_LINE.search(folded[-20:]) or _TAIL.match(folded)
    )


def _date(folded: str) -> date | None:
    """The day of a line that is nothing but a date."""
    match = _DATE.fullmatch(folded.replace(" ", ""))
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def heading(text: str, line: int) -> Item | None:
    """The item a line opens, if it begins with a mark."""
    folded = characters.folded(text[:40])
    for mark, pattern in _MARKS:
        match = pattern.match(folded)
        if match:
            number = characters.number(match[1].replace(" ", "")) or 0
            return Item(mark, number, characters.joined(text[: match.end()].strip()), text[match.end() :], line)
    return None


class _Builder:
    """Takes lines one by one. `_open` says the last text was cut, `_after_roles` that the last line named roles."""

    def __init__(self, known: KnownUnits, notes: Notes) -> None:
        self.items = [Item(None, 0, "", "", 0)]
        self._known, self._notes = known, notes
        self._last: dict[Mark, int] = {}
        self._sublist = 0
        self._open = self._after_roles = self._ended = False

    def take(self, line: Passage) -> None:
        if self._ended:
            return
        item = heading(line.text, line.line)
        if item and self._is_heading(item):
            self._start(item)
        elif self._ends(line):
            self._notes.add("attachment_not_read", line.line, line.text)
        elif not self._take_roles(line):
            self._take_text(line)

    def _ends(self, line: Passage) -> bool:
        """Attachments behind the last task are another document."""
        has_tasks = Mark.NUMBERED in self._last or Mark.CHAPTER in self._last
        self._ended = has_tasks and not self._open and bool(_ATTACHMENT.match(characters.folded(line.text)))
        return self._ended

    def _is_heading(self, item: Item) -> bool:
        """In the middle of a cut paragraph only the next number in turn is a heading; a list inside a task is none."""
        assert item.mark is not None
        following = self._last.get(item.mark, 0) + 1
        if self._open and item.number != following:
            return False
        return item.mark is not Mark.NUMBERED or not self._is_in_list(item.number)

    def _is_in_list(self, number: int) -> bool:
        """1. 2. 3. behind a colon inside a task, until the task's roles are named."""
        current = self.items[-1]
        opens = current.mark is Mark.NUMBERED and number == 1 and _text(current).rstrip().endswith(("：", ":"))
        continues = self._sublist and number == self._sublist + 1 and not self._after_roles
        self._sublist = number if opens or continues else 0
        return bool(self._sublist)

    def _start(self, item: Item) -> None:
        assert item.mark is not None
        self._last[item.mark] = item.number
        if item.mark is Mark.PART:
            self._last.pop(Mark.CHAPTER, None)
        self.items.append(item)
        if len(self.items) > MAX_ITEMS:
            raise TooLong
        self._sublist, self._after_roles = 0, False
        self._open = "。" in item.rest and not characters.is_finished(item.rest)

    def _take_roles(self, line: Passage) -> bool:
        found = clauses.of_line(line.text, line.line)
        item = self.items[-1]
        if not found and self._after_roles and item.roles and _goes_on(item.roles[-1], line.text, self._known):
            item.roles[-1] = _continued(item.roles[-1], line.text)
            return True
        if not found or not item.mark:
            return False
        # A labelled line never continues a sentence: the paragraph before merely lacks its full stop.
        item.roles += found
        self._open, self._after_roles = False, True
        return True

    def _take_text(self, line: Passage) -> None:
        item = self.items[-1]
        if self._after_roles and (item.passages or "。" in item.rest):
            self._notes.add("line_not_placed", line.line, line.text)
            return
        item.passages.append(line)
        self._open, self._after_roles = not characters.is_finished(line.text), False


def _text(item: Item) -> str:
    return item.passages[-1].text if item.passages else item.rest


def _goes_on(clause: clauses.Clause, text: str, known: KnownUnits) -> bool:
    """Whether a line continues the list of units cut before it: after a comma, or in the middle of a known name."""
    if len(text) > 200 or len(clause.text) > units.MAX_LIST or clause.role is clauses.Role.DEADLINE:
        return False
    if clause.text.endswith(("、", "，", ",", "；", ";")):
        return True
    before, after = units.pieces(clause.text), units.pieces(text)
    return bool(before and after and not known.find(before[-1].text) and known.find(before[-1].text + after[0].text))


def _continued(clause: clauses.Clause, text: str) -> clauses.Clause:
    return replace(clause, text=clause.text + text)
