"""Deadlines (完成时限) and words of time in a text. Dates are calendar days; windows are MM-DD. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Final, NamedTuple

from services.tasks_api.plan_imports.rules import characters
from services.tasks_api.plan_imports.rules.notes import Notes
from services.tasks_api.plan_imports.rules.plan import ParsedDeadline, Shape

MAX_DEADLINES: Final = 200
NONE: Final = ParsedDeadline(Shape.NONE)

_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)年"
_BEFORE = "(?:之前|以前|前)"
_MONTH = r"(?P<month>\d{1,2})月"
_PART = "(?P<part>初|上旬|中旬|下旬|底|末)"
_HALF = "(?P<half>上半年|下半年)|第?(?P<quarter>[一二三四1-4])季度"

_DAY = re.compile(rf"{_YEAR}{_MONTH}(?P<day>\d{{1,2}})日(?:{_BEFORE}|止)")
_END = re.compile(rf"(?<!截至)(?<!截止)到?{_YEAR}(?:{_MONTH})?年?(?P<end>底|末)(?:{_BEFORE})?")
_SPAN = re.compile(rf"{_YEAR}(?:{_MONTH}(?P<part>初|上旬|中旬|下旬)|{_HALF})(?:末|底)?(?:{_BEFORE}|内|完成)")
_OPEN = re.compile(rf"{_YEAR}(?:{_MONTH})?{_BEFORE}(?![^。;!?\n]{{0,40}}?每年)")
_BOUND = re.compile(rf"(?:19|20)\d\d年{_BEFORE}(?=[^。;!?\n]{{0,40}}$)")
_NO_YEAR = re.compile(rf"(?<![\d年月每])(?:(?:今年|当年|年内)?(?:(?P<month>\d{{1,2}})月(?:底|末)?|年底){_BEFORE})")
_WINDOW = re.compile(
    rf"(?:每人)?(?:每年度?|次年|翌年)的?(?:{_MONTH}(?:(?P<day>\d{{1,2}})日|{_PART})?|年(?P<turn>初|底|末)|{_HALF})"
    rf"(?:(?:至|到|-)(?:(?P<month2>\d{{1,2}})月)?(?P<day2>\d{{1,2}})日)?(?P<before>{_BEFORE})?"
)
_COUNT = re.compile(
    rf"(?P<every>(?:每人)?每(?:年|个?自然年)|每半年|每个?季度?|每个?月|每周)|(?P<stop>[。;!?\n])"
    rf"|(?<![\d.第〇零一二三四五六七八九十百])(?P<times>\d{{1,3}}|{characters.NUMERAL}{{1,3}})(?:场次|次|场|期)(?:及?以上)?(?![”’」性])"
)
_ANNUAL = re.compile("(?:制定|编制|拟定|拟订|制订|印发)(?P<plan>年度[^,。;、\n]{0,20}?(?:计划|方案|要点|清单|报告))")
_IRREGULAR = re.compile("不定期")
_TIME_WORDS = re.compile(
    r"按规定时间|及时|动态|常态化|逐步|实时|经常性|(?<![不、])定期|适时|随时|长期|持续推进|尽快|立即|按时|按期|(?<![\d每])年度"
)

_STATED_DAY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?")
_STATED_SPAN = re.compile(rf"{_YEAR}(?:{_MONTH}(?P<part>初|上旬|中旬|下旬)|{_HALF})")
_STATED_MONTH = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[年./-](?P<month>\d{1,2})(?!\d)月?")
_STATED_YEARS = re.compile(r"(?<!\d)(?:(?:19|20)\d\d年?[-至到])?(?P<year>(?:19|20)\d\d)年?(?!\d)")

_FREQUENCIES: Final = (("半年", 2), ("年", 1), ("季", 4), ("月", 12), ("周", 52))
_PARTS: Final = {"初": (1, 10), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "末": (21, 31)}
_GUESSED_PARTS: Final = frozenset({"初", "底", "末"})


class Reading(NamedTuple):
    """The deadlines of a text in order, one NONE when it has none, and its words of time, each once."""

    deadlines: tuple[ParsedDeadline, ...]
    time_words: tuple[str, ...]


class _Found(NamedTuple):
    start: int
    end: int
    deadline: ParsedDeadline


class Context(NamedTuple):
    """What a reading may know beside the text: the years of the plan and where the text stands."""

    years: tuple[int, int] | None
    notes: Notes
    line: int


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
    stated = next(_stated(folded), None)
    if stated:
        return Reading((stated,), reading.time_words)
    if folded.strip(" -/无") and not reading.time_words and not re.search("长期|持续|贯穿|全年", folded):
        context.notes.add("deadline_not_read", context.line, text)
    return reading


def _candidates(text: str, context: Context) -> Iterator[_Found]:
    readers: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], ParsedDeadline | None]], ...] = (
        (_DAY, _fixed_day),
        (_END, _fixed_end),
        (_SPAN, _fixed_span),
        (_OPEN, _before_open),
        (_WINDOW, _window),
        (_ANNUAL, lambda match: _count(match["plan"], 1)),
        (_IRREGULAR, lambda match: ParsedDeadline(Shape.IRREGULAR, match.group())),
        (_NO_YEAR, lambda match: _without_year(match, context)),
    )
    for pattern, reader in readers:
        for match in islice(pattern.finditer(text), MAX_DEADLINES):
            deadline = reader(match)
            if deadline:
                yield _Found(match.start(), match.end(), deadline)
    yield from islice(_counts(text), MAX_DEADLINES)


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


def _day(year: int, month: int, day: int) -> date | None:
    """A real day; 31 stands for the last day of the month."""
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    last = monthrange(year, month)[1]
    return date(year, month, last if day == 31 else day) if day <= last or day == 31 else None


def _fixed(as_written: str, due_on: date | None, *, assumed: bool = False) -> ParsedDeadline | None:
    return ParsedDeadline(Shape.FIXED, as_written, due_on=due_on, assumed=assumed) if due_on else None


def _fixed_day(match: re.Match[str]) -> ParsedDeadline | None:
    return _fixed(match.group(), _day(int(match["year"]), int(match["month"]), int(match["day"])))


def _fixed_end(match: re.Match[str]) -> ParsedDeadline | None:
    return _fixed(match.group(), _day(int(match["year"]), int(match["month"] or 12), 31))


def _fixed_span(match: re.Match[str]) -> ParsedDeadline | None:
    month, day = _end_of(match)
    return _fixed(match.group(), _day(int(match["year"]), month, day))


def _end_of(match: re.Match[str]) -> tuple[int, int]:
    """Month and last day of a part of a month, a half-year or a quarter."""
    if match["month"]:
        return int(match["month"]), _PARTS[match["part"]][1]
    return _last_month(match), 31


def _last_month(match: re.Match[str]) -> int:
    if match["half"]:
        return 6 if match["half"] == "上半年" else 12
    return 3 * (characters.number(match["quarter"]) or 4)


def _before_open(match: re.Match[str]) -> ParsedDeadline | None:
    """2025年前: to the letter the last day before the year or month, which is assumed."""
    year, month = int(match["year"]), int(match["month"] or 1)
    before = (year - 1, 12) if month == 1 else (year, month - 1)
    return _fixed(match.group(), _day(*before, 31), assumed=True)


def _without_year(match: re.Match[str], context: Context) -> ParsedDeadline | None:
    """年底前 without a year: the plan's only year, if it has but one; else a warning."""
    if context.years and context.years[0] == context.years[1]:
        return _fixed(match.group(), _day(context.years[0], int(match["month"] or 12), 31), assumed=True)
    context.notes.add("deadline_without_year", context.line, match.group())
    return None


def _window(match: re.Match[str]) -> ParsedDeadline | None:
    """每年1月初 and the like. 初 is read as the first ten days, 底 as the last; both are assumed."""
    start, end, assumed = _window_days(match)
    first, last = _month_day(*start), _month_day(*end)
    if not (first and last):
        return None
    return ParsedDeadline(Shape.YEARLY_WINDOW, match.group(), window_start=first, window_end=last, assumed=assumed)


def _window_days(match: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int], bool]:
    if match["turn"]:
        start, end, assumed = ((1, 1), (1, 31), True) if match["turn"] == "初" else ((12, 1), (12, 31), True)
    elif match["month"]:
        start, end, assumed = _month_window(match)
    else:
        last = _last_month(match)
        start, end, assumed = (last - (5 if match["half"] else 2), 1), (last, 31), False
    if match["day2"]:
        end = (int(match["month2"] or end[0]), int(match["day2"]))
    return ((1, 1), end, assumed) if match["before"] else (start, end, assumed)


def _month_window(match: re.Match[str]) -> tuple[tuple[int, int], tuple[int, int], bool]:
    month = int(match["month"])
    if match["day"]:
        day = int(match["day"])
        return (month, day), (month, day), False
    first, last = _PARTS[match["part"]] if match["part"] else (1, 31)
    return (month, first), (month, last), match["part"] in _GUESSED_PARTS


def _month_day(month: int, day: int) -> str | None:
    """MM-DD of any year: the end of February is the 28th."""
    found = _day(2023, month, day)
    return found.strftime("%m-%d") if found else None


def _count(as_written: str, times: int, *, assumed: bool = False) -> ParsedDeadline:
    return ParsedDeadline(Shape.YEARLY_COUNT, as_written, times_per_year=times, assumed=assumed)


def _counts(text: str) -> Iterator[_Found]:
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


def _counted(text: str, every: re.Match[str], times: re.Match[str] | None) -> _Found:
    """2025年前，…每年 leaves open which years are meant: assumed."""
    bound = _BOUND.search(text[max(0, every.start() - 50) : every.start()])
    per_year = _per_year(every) * (characters.number(times["times"]) or 1 if times else 1)
    words = bound.group() if bound else _words(text, every, times)
    return _Found(every.start(), every.end(), _count(words, per_year, assumed=bool(bound)))


def _words(text: str, every: re.Match[str], times: re.Match[str] | None) -> str:
    """From 每年 to the count when they are close, else the count alone, else 每年."""
    if not times:
        return every.group()
    between = text[every.end() : times.start()]
    return every.group() + between + times.group() if len(between) <= 8 and "," not in between else times.group()


def _per_year(every: re.Match[str]) -> int:
    return next(times for sign, times in _FREQUENCIES if sign in every.group())


def _stated(text: str) -> Iterator[ParsedDeadline]:
    """Bare dates, the most exact first: a day, a part of a month or year, a month, a year or the last of several years."""
    makers = (
        (_STATED_DAY, _fixed_day),
        (_STATED_SPAN, _fixed_span),
        (_STATED_MONTH, lambda match: _fixed(match.group(), _day(int(match["year"]), int(match["month"]), 31))),
        (_STATED_YEARS, lambda match: _fixed(match.group(), _day(int(match["year"]), 12, 31))),
    )
    for pattern, maker in makers:
        for match in islice(pattern.finditer(text), 1):
            deadline = maker(match)
            if deadline:
                yield deadline
