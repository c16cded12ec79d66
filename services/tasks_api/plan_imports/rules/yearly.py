"""Deadlines of every year: windows (每年1月初, as MM-DD) and counts (每年2次以上). Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from services.tasks_api.plan_imports.rules import characters, fixed_days
from services.tasks_api.plan_imports.rules.plan import ParsedDeadline, Shape
from services.tasks_api.plan_imports.rules.words import Words

_PART = "(?P<part>初|上旬|中旬|下旬|底|末)"
_BOUND = re.compile(rf"(?:19|20)\d\d年{fixed_days.BEFORE}(?=[^。;!?\n]{{0,40}}$)")
WINDOW: Final = re.compile(
    rf"(?:每人)?(?:每年度?|次年|翌年)的?"
    rf"(?:{fixed_days.MONTH}(?:(?P<day>\d{{1,2}})日|{_PART})?|年(?P<turn>初|底|末)|{fixed_days.HALF})"
    rf"(?:(?:至|到|-)(?:(?P<month2>\d{{1,2}})月)?(?P<day2>\d{{1,2}})日)?(?P<before>{fixed_days.BEFORE})?"
)
_COUNT = re.compile(
    rf"(?P<every>(?:每人)?每(?:年|个?自然年)|每半年|每个?季度?|每个?月|每周)|(?P<stop>[。;!?\n])"
    rf"|(?<![\d.第〇零一二三四五六七八九十百])(?P<times>\d{{1,3}}|{characters.NUMERAL}{{1,3}})(?:场次|次|场|期)(?:及?以上)?(?![”’」性])"
)
ANNUAL: Final = re.compile("(?:制定|编制|拟定|拟订|制订|印发)(?P<plan>年度[^,。;、\n]{0,20}?(?:计划|方案|要点|清单|报告))")

_FREQUENCIES: Final = (("半年", 2), ("年", 1), ("季", 4), ("月", 12), ("周", 52))
_GUESSED_PARTS: Final = frozenset({"初", "底", "末"})


class Counted(NamedTuple):
    """A count and where in the text its 每年 stands."""

    start: int
    end: int
    deadline: ParsedDeadline


def window(match: re.Match[str], words: Words) -> ParsedDeadline | None:
    """每年1月初 and the like. How long 初 and 底 last is the reading's, so both are assumed."""
    start, end, assumed = _window_days(match, words)
    first, last = _month_day(*start), _month_day(*end)
    if not (first and last):
        return None
    return ParsedDeadline(Shape.YEARLY_WINDOW, match.group(), window_start=first, window_end=last, assumed=assumed)


def annual(match: re.Match[str], _: Words) -> ParsedDeadline:
    """制定年度…计划: once in each year."""
    return _count(match["plan"], 1)


def counts(text: str) -> Iterator[Counted]:
    """每年, 每季度 … with the next count of occasions of the same sentence, once when none follows."""
    waiting: re.Match[str] | None = None
    for match in _COUNT.finditer(text):
        if match["times"]:
            if waiting:
                yield _counted(text, waiting, match)
            waiting = None
            continue
        if waiting:
            yield _counted(text, waiting, None)
        waiting = match if match["every"] else None
    if waiting:
        yield _counted(text, waiting, None)


def _window_days(match: re.Match[str], words: Words) -> tuple[tuple[int, int], tuple[int, int], bool]:
    if match["turn"]:
        start, end, assumed = ((1, 1), (1, 31), True) if match["turn"] == "初" else ((12, 1), words.last_of_year, True)
    elif match["month"]:
        start, end, assumed = _month_window(match, words)
    else:
        last = fixed_days.last_month(match)
        start, end, assumed = (last - (5 if match["half"] else 2), 1), (last, 31), False
    if match["day2"]:
        end = (int(match["month2"] or end[0]), int(match["day2"]))
    return ((1, 1), end, assumed) if match["before"] else (start, end, assumed)


def _month_window(match: re.Match[str], words: Words) -> tuple[tuple[int, int], tuple[int, int], bool]:
    month = int(match["month"])
    if match["day"]:
        day = int(match["day"])
        return (month, day), (month, day), False
    first, last = words.part(match["part"]) if match["part"] else (1, 31)
    return (month, first), (month, last), match["part"] in _GUESSED_PARTS


def _month_day(month: int, day: int) -> str | None:
    """MM-DD of any year: the end of February is the 28th."""
    found = fixed_days.day(2023, month, day)
    return found.strftime("%m-%d") if found else None


def _count(as_written: str, times: int, *, assumed: bool = False) -> ParsedDeadline:
    return ParsedDeadline(Shape.YEARLY_COUNT, as_written, times_per_year=times, assumed=assumed)


def _counted(text: str, every: re.Match[str], times: re.Match[str] | None) -> Counted:
    """2025年前，…每年 leaves open which years are meant: assumed."""
    bound = _BOUND.search(text[max(0, every.start() - 50) : every.start()])
    per_year = _per_year(every) * (characters.number(times["times"]) or 1 if times else 1)
    words = bound.group() if bound else _words(text, every, times)
    return Counted(every.start(), every.end(), _count(words, per_year, assumed=bool(bound)))


def _words(text: str, every: re.Match[str], times: re.Match[str] | None) -> str:
    """From 每年 to the count when they are close, else the count alone, else 每年."""
    if not times:
        return every.group()
    between = text[every.end() : times.start()]
    return every.group() + between + times.group() if len(between) <= 8 and "," not in between else times.group()


def _per_year(every: re.Match[str]) -> int:
    return next(times for sign, times in _FREQUENCIES if sign in every.group())
