"""Deadlines (完成时限) and words of time in a text. Dates are calendar days; windows are MM-DD. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, NamedTuple

from services.tasks_api.plan_imports.rules import characters, fixed_days, yearly
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.plan import ParsedDeadline, Shape
from services.tasks_api.plan_imports.rules.words import SHIPPED, Words

MAX_DEADLINES: Final = 200
NONE: Final = ParsedDeadline(Shape.NONE)

_IRREGULAR = re.compile("不定期")
_TIME_WORDS = re.compile(
    r"按规定时间|及时|动态|常态化|逐步|实时|经常性|(?<![不、])定期|适时|随时|长期|持续推进|尽快|立即|按时|按期|(?<![\d每])年度"
)


class Reading(NamedTuple):
    """The deadlines of a text in order, one NONE when it has none, and its words of time, each once."""

    deadlines: tuple[ParsedDeadline, ...]
    time_words: tuple[str, ...]


class _Found(NamedTuple):
    start: int
    end: int
    deadline: ParsedDeadline


class Context(NamedTuple):
    """What a reading may know beside the text: the years of the plan, where the text stands, how open words are read."""

    years: tuple[int, int] | None
    notes: Notes
    line: int
    words: Words = SHIPPED


def read(text: str, context: Context) -> Reading:
    """The deadlines of a running text: only what is said to be one (…前, 到…底, 每…, 不定期)."""
    folded = characters.folded(characters.joined(text))
    found = _chosen(_candidates(folded, context))
    _warn_of_open_ones(found, context)
    deadlines = tuple(dict.fromkeys(_kept(found)))
    return Reading(deadlines or (NONE,), _time_words(folded, found))


def read_stated(text: str, context: Context) -> Reading:
    """A deadline stated under its own label or column: there a bare date (2024年6月) is a deadline too."""
    folded = characters.folded(characters.joined(text))
    reading = read(text, context)
    if reading.deadlines != (NONE,):
        return reading
    stated = next(fixed_days.stated(folded, context.words), None)
    if stated:
        return Reading((stated,), reading.time_words)
    if folded.strip(" -/无") and not reading.time_words and not re.search("长期|持续|贯穿|全年", folded):
        context.notes.add("deadline_not_read", context.line, text)
    return reading


def _candidates(text: str, context: Context) -> Iterator[_Found]:
    readers: tuple[tuple[re.Pattern[str], fixed_days.Reader], ...] = (
        *fixed_days.READERS,
        (yearly.WINDOW, yearly.window),
        (yearly.ANNUAL, yearly.annual),
        (_IRREGULAR, lambda match, _: ParsedDeadline(Shape.IRREGULAR, match.group())),
        (fixed_days.NO_YEAR, lambda match, _: _without_year(match, context)),
    )
    for pattern, reader in readers:
        for match in islice(pattern.finditer(text), MAX_DEADLINES):
            deadline = reader(match, context.words)
            if deadline:
                yield _Found(match.start(), match.end(), deadline)
    yield from (_Found(*counted) for counted in islice(yearly.counts(text), MAX_DEADLINES))


def _chosen(candidates: Iterator[_Found]) -> list[_Found]:
    """In order of the text; of two that overlap the earlier and longer one."""
    chosen: list[_Found] = []
    for found in sorted(candidates, key=lambda each: (each.start, -each.end)):
        if not chosen or found.start >= chosen[-1].end:
            chosen.append(found)
    return chosen[:MAX_DEADLINES]


def _kept(found: list[_Found]) -> Iterator[ParsedDeadline]:
    """Each of them; an annual plan already counted by 每年 right before it is not counted twice."""
    for place, each in enumerate(found):
        previous = found[place - 1] if place else None
        is_annual = each.deadline.as_written.startswith("年度")
        repeats = is_annual and previous and previous.deadline.shape is Shape.YEARLY_COUNT and each.start - previous.end <= 20
        if not (repeats and previous and previous.deadline.as_written.endswith("每年")):
            yield each.deadline


def _time_words(text: str, found: list[_Found]) -> tuple[str, ...]:
    """Words of time without a date or figure, outside the deadlines themselves."""
    taken = [(each.start, each.end) for each in found]
    words: dict[str, None] = {}
    at = 0
    for match in _TIME_WORDS.finditer(text):
        while at < len(taken) and taken[at][1] <= match.start():
            at += 1
        if at == len(taken) or match.start() < taken[at][0]:
            words[match.group()] = None
    return tuple(words)


def _warn_of_open_ones(found: list[_Found], context: Context) -> None:
    for each in found:
        if each.deadline.assumed and each.deadline.shape is not Shape.YEARLY_WINDOW:
            context.notes.add("deadline_ambiguous", context.line, each.deadline.as_written)


def _without_year(match: re.Match[str], context: Context) -> ParsedDeadline | None:
    """年底前 without a year: the plan's only year, if it has but one; else a warning."""
    if context.years and context.years[0] == context.years[1]:
        return fixed_days.without_year(match, context.years[0], context.words)
    context.notes.add("deadline_without_year", context.line, match.group())
    return None
