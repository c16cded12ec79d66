"""Deadlines on one day: a date, the end of a month or year, a part of a year. Calendar days. Pure."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from typing import Final

from services.tasks_api.plan_imports.rules import characters
from services.tasks_api.plan_imports.rules.plan import ParsedDeadline, Shape
from services.tasks_api.plan_imports.rules.words import Words

YEAR: Final = r"(?<!\d)(?P<year>(?:19|20)\d\d)年"
BEFORE: Final = "(?:之前|以前|前)"
MONTH: Final = r"(?P<month>\d{1,2})月"
HALF: Final = "(?P<half>上半年|下半年)|第?(?P<quarter>[一二三四1-4])季度"

_DAY = re.compile(rf"{YEAR}{MONTH}(?P<day>\d{{1,2}})日(?:{BEFORE}|止)")
_END = re.compile(rf"(?<!截至)(?<!截止)到?{YEAR}(?:{MONTH})?年?(?P<end>底|末)(?:{BEFORE})?")
_SPAN = re.compile(rf"{YEAR}(?:{MONTH}(?P<part>初|上旬|中旬|下旬)|{HALF})(?:末|底)?(?:{BEFORE}|内|完成)")
_OPEN = re.compile(rf"{YEAR}(?:{MONTH})?{BEFORE}(?![^。;!?\n]{{0,40}}?每年)")
NO_YEAR: Final = re.compile(rf"(?<![\d年月每])(?:(?:今年|当年|年内)?(?:(?P<month>\d{{1,2}})月(?:底|末)?|年底){BEFORE})")

_STATED_DAY = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[年./-](?P<month>\d{1,2})[月./-](?P<day>\d{1,2})日?")
_STATED_SPAN = re.compile(rf"{YEAR}(?:{MONTH}(?P<part>初|上旬|中旬|下旬)|{HALF})")
_STATED_MONTH = re.compile(r"(?<!\d)(?P<year>(?:19|20)\d\d)[年./-](?P<month>\d{1,2})(?!\d)月?")
_STATED_YEARS = re.compile(r"(?<!\d)(?:(?:19|20)\d\d年?[-至到])?(?P<year>(?:19|20)\d\d)年?(?!\d)")

Reader = Callable[[re.Match[str], Words], ParsedDeadline | None]


def day(year: int, month: int, number: int) -> date | None:
    """A real day; 31 stands for the last day of the month."""
    if not (1 <= month <= 12 and 1 <= number <= 31):
        return None
    last = monthrange(year, month)[1]
    return date(year, month, last if number == 31 else number) if number <= last or number == 31 else None


def last_month(match: re.Match[str]) -> int:
    """The last month of a half-year or a quarter."""
    if match["half"]:
        return 6 if match["half"] == "上半年" else 12
    return 3 * (characters.number(match["quarter"]) or 4)


def without_year(match: re.Match[str], year: int, words: Words) -> ParsedDeadline | None:
    """年底前 in the only year of a plan, which is assumed."""
    return _fixed(match.group(), _last_day(year, match["month"], words), assumed=True)


def stated(text: str, words: Words) -> Iterator[ParsedDeadline]:
    """Bare dates, the most exact first: a day, a part of a month or year, a month, a year or the last of several years."""
    makers: tuple[tuple[re.Pattern[str], Reader], ...] = (
        (_STATED_DAY, _fixed_day),
        (_STATED_SPAN, _fixed_span),
        (_STATED_MONTH, lambda match, _: _fixed(match.group(), day(int(match["year"]), int(match["month"]), 31))),
        (_STATED_YEARS, lambda match, _: _fixed(match.group(), day(int(match["year"]), 12, 31))),
    )
    for pattern, maker in makers:
        for match in islice(pattern.finditer(text), 1):
            deadline = maker(match, words)
            if deadline:
                yield deadline


def _fixed(as_written: str, due_on: date | None, *, assumed: bool = False) -> ParsedDeadline | None:
    return ParsedDeadline(Shape.FIXED, as_written, due_on=due_on, assumed=assumed) if due_on else None


def _last_day(year: int, month: str | None, words: Words) -> date | None:
    """The last day of a month, or of a year as its end is read."""
    return day(year, int(month), 31) if month else day(year, *words.last_of_year)


def _fixed_day(match: re.Match[str], _: Words) -> ParsedDeadline | None:
    return _fixed(match.group(), day(int(match["year"]), int(match["month"]), int(match["day"])))


def _fixed_end(match: re.Match[str], words: Words) -> ParsedDeadline | None:
    return _fixed(match.group(), _last_day(int(match["year"]), match["month"], words))


def _fixed_span(match: re.Match[str], words: Words) -> ParsedDeadline | None:
    month, last = _end_of(match, words)
    return _fixed(match.group(), day(int(match["year"]), month, last))


def _end_of(match: re.Match[str], words: Words) -> tuple[int, int]:
    """Month and last day of a part of a month, a half-year or a quarter."""
    if match["month"]:
        return int(match["month"]), words.part(match["part"])[1]
    return last_month(match), 31


def _before_open(match: re.Match[str], words: Words) -> ParsedDeadline | None:
    """2025年前: to the letter the last day before the year or month, or that of the year itself; assumed either way."""
    year = int(match["year"])
    if match["month"]:
        month = int(match["month"])
        last = day(year - 1, 12, 31) if month == 1 else day(year, month - 1, 31)
    else:
        last = _last_day(year if words.before_year_once == "through_year" else year - 1, None, words)
    return _fixed(match.group(), last, assumed=True)


# What makes a date in running text a deadline (…前, 到…底, …内), and how each is read.
READERS: Final[tuple[tuple[re.Pattern[str], Reader], ...]] = (
    (_DAY, _fixed_day),
    (_END, _fixed_end),
    (_SPAN, _fixed_span),
    (_OPEN, _before_open),
)
