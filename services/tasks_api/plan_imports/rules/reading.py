"""The whole document → a parsed plan, or a refusal. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from services.tasks_api.plan_imports.rules import characters, deadlines, header, limits, outline, structure, tables, tasks
from services.tasks_api.plan_imports.rules.document import Document, Paragraph, Table
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.plan import Kind, ParsedChapter, ParsedPlan, ParsedTask
from services.tasks_api.plan_imports.rules.refusals import Empty, NotAPlan, TooLong
from services.tasks_api.plan_imports.rules.structure import ChapterDraft, Draft, Structure
from services.tasks_api.plan_imports.rules.units import KnownUnits
from services.tasks_api.plan_imports.rules.words import SHIPPED, Words

MAX_TASKS: Final = 500
MAX_LINES: Final = 50_000


def parse(document: Document, known: KnownUnits, words: Words = SHIPPED) -> ParsedPlan:
    """A plan document as data: every task as printed, nothing invented, a warning for each doubt; `words` read open dates.

    Linear in the length of the text. Raises Empty, NotAPlan or TooLong.
    """
    paragraphs = _paragraphs(document)
    notes = Notes()
    sketch = outline.read(paragraphs, known, notes)
    found = structure.read(sketch.items, notes)
    _add_tables(found, document, notes)
    if sum(len(chapter.tasks) for chapter in found.chapters) + len(found.requirements) > MAX_TASKS:
        raise TooLong
    return _plan(sketch, found, tasks.Surroundings(known, None, notes, words))


def _paragraphs(document: Document) -> list[Paragraph]:
    """The paragraphs with text. Raises Empty when the document has none and no table, TooLong beyond `MAX_LINES`."""
    paragraphs = [block for block in document.blocks if isinstance(block, Paragraph) and block.text.strip()]
    rows = [row for block in document.blocks if isinstance(block, Table) for row in block.rows]
    if not paragraphs and not any(cell.text.strip() for row in rows for cell in row.cells):
        raise Empty
    if len(paragraphs) + len(rows) > MAX_LINES:
        raise TooLong
    return paragraphs


def _add_tables(found: Structure, document: Document, notes: Notes) -> None:
    """Tasks of tables; one that only repeats a task of the text adds the roles the text left out."""
    reader = tables.Reader(notes)
    for block in document.blocks:
        if isinstance(block, Table):
            reader.take(block)
    by_title = {_key(task): task for chapter in found.chapters for task in chapter.tasks}
    for chapter in reader.chapters:
        fresh = [task for task in chapter.tasks if not _completes(task, by_title)]
        if fresh:
            found.chapters.append(ChapterDraft(chapter.label, chapter.title, chapter.line, fresh))


def _key(task: Draft) -> str:
    return characters.folded(task.title)


def _completes(task: Draft, by_title: dict[str, Draft]) -> bool:
    """Adds to the text's task of the same title the roles it has none of."""
    known = by_title.get(_key(task))
    if known is None:
        return False
    named = {clause.role for clause in known.roles}
    known.roles += [clause for clause in task.roles if clause.role not in named]
    return True


def _plan(sketch: outline.Outline, found: Structure, here: tasks.Surroundings) -> ParsedPlan:
    known, notes = here.known, here.notes
    head = sketch.items[0].passages
    title = header.title(head)
    goals = characters.joined(characters.healed(found.goals))
    period = header.period(title, [*(passage.text for passage in head), goals])
    years = (period.first_year, period.last_year) if period else None
    around = replace(here, years=years)
    chapters, read = _tasks(found, around)
    if not _is_plan(title, found, read):
        raise NotAPlan
    region = header.region(title, known.region_name, known.prefixes)
    _warn_of_head(title, period, region, known, notes)
    goal_deadlines = deadlines.read(goals[: tasks.MAX_SEARCHED], around.context(0)).deadlines if goals else (deadlines.NONE,)
    return ParsedPlan(
        title=title,
        region_name=region,
        period_as_written=period.as_written if period else None,
        period_start=period.first_day if period else None,
        period_end=period.last_day if period else None,
        document_no=header.document_no(head),
        issued_on=sketch.issued_on,
        goals=limits.kept_goals(goals, notes),
        goal_deadlines=goal_deadlines,
        chapters=chapters,
        tasks=read,
        requirements=_requirements(found, around),
        warnings=notes.all(),
    )


def _tasks(found: Structure, around: tasks.Surroundings) -> tuple[tuple[ParsedChapter, ...], tuple[ParsedTask, ...]]:
    """Chapters and tasks; chapters are numbered as printed where that is unique, else in order, and so are tasks."""
    titled = [chapter for chapter in found.chapters if chapter.title]
    ordinals = _chapter_numbers(titled)
    numbers = _numbers([task for chapter in found.chapters for task in chapter.tasks], around.notes)
    chapters, read = [], []
    for chapter in found.chapters:
        ordinal = ordinals[titled.index(chapter)] if chapter.title else None
        own = [tasks.read(task, Kind.TASK, next(numbers), ordinal, around) for task in chapter.tasks]
        read += own
        if ordinal:
            named = ParsedChapter(ordinal, chapter.label, chapter.title, chapter.line, tuple(task.number for task in own))
            chapters.append(limits.kept_chapter(named, around.notes))
    return tuple(chapters), tuple(read)


def _chapter_numbers(chapters: list[ChapterDraft]) -> list[int]:
    printed = [characters.number(characters.folded(chapter.label).strip("第部分()、. ")) or 0 for chapter in chapters]
    return printed if _rises(printed) else list(range(1, len(chapters) + 1))


def _rises(numbers: list[int]) -> bool:
    return all(before < after for before, after in zip([0, *numbers], numbers, strict=False))


def _numbers(drafts: list[Draft], notes: Notes) -> Iterator[int]:
    """Printed numbers while they rise; else all tasks are numbered in order, with a warning."""
    printed = [draft.number or 0 for draft in drafts]
    if not _rises(printed):
        if any(printed):
            at = next(place for place in range(len(printed)) if not _rises(printed[: place + 1]))
            notes.add("numbers_restart", drafts[at].line, drafts[at].label)
        return iter(range(1, len(drafts) + 1))
    for before, after, draft in zip([0, *printed], printed, drafts, strict=False):
        if after > before + 1:
            notes.add("number_missing", draft.line, draft.label)
    return iter(printed)


def _requirements(found: Structure, around: tasks.Surroundings) -> tuple[ParsedTask, ...]:
    return tuple(
        tasks.read(draft, Kind.REQUIREMENT, number, None, around) for number, draft in enumerate(found.requirements, start=1)
    )


def _is_plan(title: str, found: Structure, read: tuple[ParsedTask, ...]) -> bool:
    """Tasks, and two of: a title that names a plan, headings, a unit named for a task."""
    named = any(task.leads or task.responsibles for task in read)
    return bool(read) and sum((bool(title), found.parts > 0 or bool(found.chapters[0].title), named)) >= 2


def _warn_of_head(title: str, period: header.Period | None, region: str | None, known: KnownUnits, notes: Notes) -> None:
    for code, is_there in (("title_not_found", title), ("period_not_found", period), ("region_not_found", region)):
        if not is_there:
            notes.add(code, 1, "")
    if region and known.region_name and region not in known.prefixes:
        notes.add("region_differs", 1, region)
