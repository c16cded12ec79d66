"""Items of the outline → chapters with their tasks, and work requirements, by what each part is. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple

from services.tasks_api.plan_imports.rules import characters
from services.tasks_api.plan_imports.rules.clauses import Clause
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.outline import Item, Mark, Passage

MAX_TITLE: Final = 60


class PartKind(StrEnum):
    """What a part is about, told by its title."""

    OPENING = "opening"
    TASKS = "tasks"
    SCHEDULE = "schedule"
    REQUIREMENTS = "requirements"


_KINDS: Final = (
    (PartKind.REQUIREMENTS, re.compile("保障措施|组织(?:领导|保障|实施)|^(?:工作|有关|相关|具体|落实|实施)?(?:要求|保障)$")),
    (PartKind.TASKS, re.compile("任务|措施|举措")),
    (
        PartKind.OPENING,
        re.compile("总体(?:要求|思路|目标)|指导思想|(?:工作|主要|行动|阶段|预期)目标|目标要求|^目标$|原则|背景|意义|适用范围"),
    ),
    (PartKind.SCHEDULE, re.compile("步骤|进度|时间安排|阶段")),
)


@dataclass(slots=True)
class Draft:
    """A task or requirement before its text is read. `number` is the printed one, None where none was printed."""

    number: int | None
    label: str
    title: str
    body: list[str]
    roles: list[Clause]
    line: int


@dataclass(slots=True)
class ChapterDraft:
    """A heading with its tasks; the one without a title holds tasks under no heading."""

    label: str
    title: str
    line: int
    tasks: list[Draft] = field(default_factory=list)


@dataclass(slots=True)
class Structure:
    chapters: list[ChapterDraft] = field(default_factory=list)
    requirements: list[Draft] = field(default_factory=list)
    goals: list[str] = field(default_factory=list)
    parts: int = 0


class _Section(NamedTuple):
    """A part with the items beneath it; `part` is None for what stands in front of the first part."""

    part: Item | None
    items: list[Item]


def read(items: list[Item], notes: Notes) -> Structure:
    """The structure of an outline. Numbered lines in front of the first part are no tasks when there are parts."""
    sections = _sections(items)
    structure = Structure(parts=len(sections) - 1)
    counts_chapters = not any(item.mark is Mark.NUMBERED for section in sections[1:] for item in section.items)
    for section in sections[1:] if structure.parts else sections:
        kind = kind_of(section.part.rest) if section.part else PartKind.TASKS
        if kind is PartKind.OPENING:
            structure.goals += [text for item in _all(section) for text in _texts(item)]
        elif kind is PartKind.REQUIREMENTS:
            structure.requirements += _requirements(section)
        elif kind is PartKind.TASKS:
            structure.chapters += _chapters(section, notes, counts_chapters=counts_chapters)
    return structure


def kind_of(title: str) -> PartKind:
    """What a part is; one with a title of its own subject (加强培训) holds tasks."""
    bare = characters.joined(title).split("。")[0].rstrip("：:")
    return next((kind for kind, pattern in _KINDS if pattern.search(bare[:MAX_TITLE])), PartKind.TASKS)


def _sections(items: list[Item]) -> list[_Section]:
    sections = [_Section(None, [])]
    for item in items[1:]:
        if item.mark is Mark.PART:
            sections.append(_Section(item, []))
        else:
            sections[-1].items.append(item)
    return sections


def _all(section: _Section) -> Iterator[Item]:
    if section.part:
        yield section.part
    yield from section.items


def _texts(item: Item) -> Iterator[str]:
    if item.mark is not Mark.PART:
        yield item.rest
    yield from (passage.text for passage in item.passages)


def _requirements(section: _Section) -> list[Draft]:
    """（一） items, or numbered ones where there are no （一）, or the part itself when it has neither."""
    mark = Mark.CHAPTER if any(item.mark is Mark.CHAPTER for item in section.items) else Mark.NUMBERED
    found: list[Item] = []
    for item in section.items:
        if item.mark is mark:
            found.append(item)
        elif found:
            found[-1].passages += [Passage(item.line, item.label + item.rest), *item.passages]
            found[-1].roles += item.roles
    if not found and section.part and section.part.passages:
        found = [section.part]
    return [draft(item) for item in found]


def _chapters(section: _Section, notes: Notes, *, counts_chapters: bool) -> list[ChapterDraft]:
    """Numbered items are the tasks. Where there are none, （一） items are; then the part is their chapter."""
    if any(item.mark is Mark.NUMBERED for item in section.items):
        return _numbered_chapters(section, notes)
    tasks = [item for item in section.items if counts_chapters or item.roles]
    for item in section.items:
        if item not in tasks:
            notes.add("chapter_without_tasks", item.line, item.rest)
    part = section.part
    if part and part.roles and not section.items:
        return [ChapterDraft("", "", part.line, [draft(part)])]
    if part:
        _warn_of_text(part, notes)
    head = ChapterDraft(part.label, _heading(part), part.line) if part else ChapterDraft("", "", 0)
    head.tasks = [draft(item) for item in tasks]
    return [head] if head.tasks else []


def _numbered_chapters(section: _Section, notes: Notes) -> list[ChapterDraft]:
    part = section.part
    chapters = [ChapterDraft(part.label, _heading(part), part.line) if part else ChapterDraft("", "", 0)]
    for item in section.items:
        if item.mark is Mark.CHAPTER:
            chapters.append(ChapterDraft(item.label, _heading(item), item.line))
        else:
            chapters[-1].tasks.append(draft(item))
    for heading in (item for item in _all(section) if item.mark is not Mark.NUMBERED):
        _warn_of_text(heading, notes)
    for chapter in chapters[1:]:
        if not chapter.tasks:
            notes.add("chapter_without_tasks", chapter.line, chapter.title)
    return [chapter for chapter in chapters if chapter.tasks]


def _warn_of_text(item: Item, notes: Notes) -> None:
    """Text and roles under a heading that belong to none of its tasks."""
    skipped = 1 if _is_cut_heading(item) else 0
    for passage in item.passages[skipped:]:
        notes.add("line_not_placed", passage.line, passage.text)
    for role in item.roles:
        notes.add("line_not_placed", role.line, role.text)


def _is_cut_heading(item: Item) -> bool:
    """Whether a page break cut the heading: a short line without an end right behind it."""
    if not item.passages or "。" in item.rest:
        return False
    first = item.passages[0]
    return first.line - item.line <= 3 and len(first.text) <= 30 and first.text[-1] not in "。！？；：:;,，"


def _heading(item: Item) -> str:
    text = item.rest + item.passages[0].text if _is_cut_heading(item) else item.rest
    return characters.joined(text).split("。")[0].rstrip("：:")


def draft(item: Item) -> Draft:
    """A numbered item, its title apart from its text."""
    title, body = split_title(item.rest, [passage.text for passage in item.passages])
    return Draft(item.number, item.label, title, body, item.roles, item.line)


def split_title(first: str, following: list[str]) -> tuple[str, list[str]]:
    """The title up to the first full stop, else to a colon, else the whole line; it may be cut by a page break."""
    stop = first.find("。")
    colon = next((place for place, sign in enumerate(first[:31]) if sign in "：:"), -1)
    if colon > 0 and not 0 < stop <= 40:
        stop = colon
    if stop < 0 and following and _ends_title(following[0]):
        first, following = first + following[0], following[1:]
        stop = first.find("。")
    if stop < 0:
        return characters.joined(first), following
    rest = first[stop + 1 :].strip()
    return characters.joined(first[:stop]), ([rest] if rest else []) + following


def _ends_title(text: str) -> bool:
    """A few words, a full stop, then the text: the second half of a cut title."""
    stop = text.find("。")
    return 0 < stop <= 25 and not set(text[:stop]) & set("，、；：,;:") and len(text) - stop > 10
