"""What a plan can hold. Longer texts and lists are cut, and each cut is told with the task it happened to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, TypeVar

from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.plan import ParsedChapter, ParsedTask, ParsedUnit

MAX_LINE: Final = 200
MAX_PROSE: Final = 10_000
MAX_UNITS: Final = 100
MAX_ITEMS: Final = 50

Item = TypeVar("Item")


def kept(task: ParsedTask, notes: Notes) -> ParsedTask:
    """The task as the plan can hold it; a warning names the task for whatever was cut."""
    found = dict(_changes(task))
    if not found:
        return task
    for code in dict.fromkeys(code for code, _ in found.values()):
        notes.add(code, task.line, f"{task.number}. {task.title}")
    return replace(task, **{name: value for name, (_, value) in found.items()})


def _changes(task: ParsedTask) -> Iterator[tuple[str, tuple[str, Any]]]:
    """By field: the warning and what is kept, for each field that does not fit."""
    fitting: dict[str, tuple[str, Any]] = {
        "title": ("title_cut", task.title[:MAX_LINE].strip()),
        "label": ("title_cut", task.label[:MAX_LINE].strip()),
        "summary": ("summary_cut", task.summary[:MAX_PROSE].strip()),
        "leads": ("units_cut", _units(task.leads)),
        "responsibles": ("units_cut", _units(task.responsibles)),
        "deadlines": ("figures_cut", _written(task.deadlines)),
        "quantities": ("figures_cut", _written(task.quantities)),
        "time_words": ("figures_cut", task.time_words[:MAX_ITEMS]),
    }
    yield from ((name, change) for name, change in fitting.items() if change[1] != getattr(task, name))


def _units(units: Sequence[ParsedUnit]) -> tuple[ParsedUnit, ...]:
    return tuple(replace(unit, as_written=unit.as_written[:MAX_LINE]) for unit in units[:MAX_UNITS])


def _written(items: Sequence[Any]) -> tuple[Any, ...]:
    return tuple(replace(item, as_written=item.as_written[:MAX_LINE]) for item in items[:MAX_ITEMS])


def kept_chapter(chapter: ParsedChapter, notes: Notes) -> ParsedChapter:
    """The chapter with a title the plan can hold."""
    if len(chapter.title) <= MAX_LINE:
        return chapter
    notes.add("title_cut", chapter.line, chapter.title)
    return replace(chapter, title=chapter.title[:MAX_LINE].strip())


def kept_goals(goals: str, notes: Notes) -> str:
    """The goals as far as the plan can hold them."""
    if len(goals) > MAX_PROSE:
        notes.add("summary_cut", 0, goals)
    return goals[:MAX_PROSE].strip()
