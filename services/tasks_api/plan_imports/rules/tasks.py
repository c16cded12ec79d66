"""Drafts → tasks: roles, units, deadlines and figures read from the text. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from services.tasks_api.plan_imports.rules import characters, clauses, deadlines, limits, quantities, structure, units
from services.tasks_api.plan_imports.rules.clauses import Clause, Role
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.plan import Kind, ParsedDeadline, ParsedTask, ParsedUnit
from services.tasks_api.plan_imports.rules.structure import Draft
from services.tasks_api.plan_imports.rules.units import KnownUnits
from services.tasks_api.plan_imports.rules.words import SHIPPED, Words

# Far beyond any task of a plan; what stands behind these limits is kept as text, but not searched.
MAX_SEARCHED: Final = 100_000
MAX_CLAUSES: Final = 50


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the reading of every task shares."""

    known: KnownUnits
    years: tuple[int, int] | None
    notes: Notes
    words: Words = SHIPPED

    def context(self, line: int) -> deadlines.Context:
        """What the reading of a text on a line may know."""
        return deadlines.Context(self.years, self.notes, line, self.words)


def read(draft: Draft, kind: Kind, number: int, chapter: int | None, around: Surroundings) -> ParsedTask:
    """A task with everything its text, its labelled lines, brackets and closing sentences say."""
    body, said = clauses.take_from(characters.healed(draft.body), around.known, draft.line)
    roles = [*draft.roles, *said][:MAX_CLAUSES]
    summary = characters.joined(body.strip())
    _warn_of_length(draft, summary, len(draft.roles) + len(said), around.notes)
    leads, responsibles = _units(roles, around)
    searched = f"{draft.title}。\n{summary}"[:MAX_SEARCHED]
    reading = deadlines.read(searched, around.context(draft.line))
    stated = [_stated(clause, around) for clause in roles if clause.role is Role.DEADLINE]
    task = ParsedTask(
        kind=kind,
        number=number,
        label=draft.label,
        title=draft.title,
        chapter=chapter,
        summary=summary,
        leads=leads,
        responsibles=responsibles,
        deadlines=_all_deadlines([*stated, reading]),
        quantities=quantities.read(searched),
        time_words=tuple(dict.fromkeys(word for each in (reading, *stated) for word in each.time_words)),
        line=draft.line,
    )
    return limits.kept(task, around.notes)


def _warn_of_length(draft: Draft, summary: str, roles: int, notes: Notes) -> None:
    if len(draft.title) > structure.MAX_TITLE:
        notes.add("title_long", draft.line, draft.title)
    if len(summary) + len(draft.title) > MAX_SEARCHED or roles > MAX_CLAUSES:
        notes.add("text_too_long", draft.line, summary)


def _units(roles: list[Clause], around: Surroundings) -> tuple[tuple[ParsedUnit, ...], tuple[ParsedUnit, ...]]:
    leads: list[ParsedUnit] = []
    responsibles: list[ParsedUnit] = []
    for clause in roles:
        if clause.role is Role.PERSON:
            around.notes.add("line_not_placed", clause.line, "")
        elif clause.role is not Role.DEADLINE:
            found = units.read(clause.text, clause.word, around.known, around.notes, clause.line)
            leads += found.leading
            target = leads if clause.role is Role.LEAD else responsibles
            target += found.named
    return _once(leads), _once(responsibles)


def _once(named: Iterable[ParsedUnit]) -> tuple[ParsedUnit, ...]:
    """Each unit once, in the role it is first named in."""
    first: dict[str, ParsedUnit] = {}
    for unit in named:
        first.setdefault(unit.key or unit.as_written, unit)
    return tuple(first.values())


def _stated(clause: Clause, around: Surroundings) -> deadlines.Reading:
    return deadlines.read_stated(clause.text[:MAX_SEARCHED], around.context(clause.line))


def _all_deadlines(readings: list[deadlines.Reading]) -> tuple[ParsedDeadline, ...]:
    """Those under a label first; the same day named twice counts once."""
    found: dict[object, ParsedDeadline] = {}
    for place, reading in enumerate(readings):
        for deadline in reading.deadlines:
            if deadline != deadlines.NONE:
                found.setdefault(deadline.due_on or (place, deadline), deadline)
    return tuple(found.values()) or (deadlines.NONE,)
