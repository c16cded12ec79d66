"""Cells of sheets as people fill them, read into what they mean, and as COPY takes them. Pure; a bad cell raises `NotSo`.

Full-width digits, Chinese dates and the spellings of spreadsheets are understood; nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from unicodedata import normalize

Read = Callable[[str], Any]

# Day 0 of spreadsheets, which believe that 1900 was a leap year; days before March 1900 are never meant.
EPOCH: Final = date(1899, 12, 30)
SERIALS: Final = range(36_526, 73_415)  # the years 2000 to 2100
CODE_SIGNS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.:/-")
DAY_SIGNS: Final = str.maketrans("年月/.", "----", "日号 ")
CLOCK_SIGNS: Final = str.maketrans("时点分", ":::", "秒")
MOST_HUNDREDTHS: Final = 1_000_000
MOST_FEN: Final = 99_999_999_999
SEPARATORS: Final = str.maketrans("、；;，,\n", "||||||")


class NotSo(Exception):
    """The cell is not what its column holds: the code of the fault, and the limit it breaks, if any."""

    def __init__(self, code: str, limit: int | None = None) -> None:
        super().__init__(code)
        self.code, self.limit = code, limit


def plain(text: str) -> str:
    """Full-width and other look-alike signs as the plain ones, without spaces around."""
    return normalize("NFKC", text).strip()


def line(most: int) -> Read:
    """One line of text of at most so many signs, as it stands."""

    def read(text: str) -> str:
        if len(text) > most:
            raise NotSo("too_long", most)
        if not text.isprintable():
            raise NotSo("wrong_format")
        return text

    return read


def code(most: int = 64) -> Read:
    """An identifier of another system: letters, digits and `_ . : / -`, a letter or digit first."""

    def read(text: str) -> str:
        if len(text) > most:
            raise NotSo("too_long", most)
        if is_bent(text):
            raise NotSo("sheet.bent_number")
        if not (CODE_SIGNS.issuperset(text) and text[0].isalnum()):
            raise NotSo("wrong_format")
        return text

    return read


def is_bent(text: str) -> bool:
    """Whether this is a long number that a spreadsheet took for a quantity, its last digits lost (3.50111E+17)."""
    front, sign, power = text.upper().partition("E+")
    return bool(sign) and power.isdigit() and front.replace(".", "", 1).isdigit()


def choice(names: Mapping[str, str]) -> Read:
    """One of some words, told by any of its names; the case of letters and spaces are of no matter."""
    known = {folded(name): value for name, value in names.items()}

    def read(text: str) -> str:
        if (found := known.get(folded(text))) is None:
            raise NotSo("not_allowed")
        return found

    return read


def folded(text: str) -> str:
    """A word for comparison: look-alikes, case, spaces and underscores levelled."""
    return "".join(plain(text).casefold().replace("_", "").split())


def day(text: str) -> date:
    """A day: 2024-05-06, 2024/5/6, 2024.5.6, 20240506, 2024年5月6日, also with midnight behind it, or a spreadsheet's serial."""
    found = plain(text).removesuffix("00:00:00").removesuffix("00:00").strip("T ")
    if found.isascii() and found.isdigit():
        return _day_of_digits(found)
    parts = found.translate(DAY_SIGNS).split("-")
    if len(parts) == 3 and all(part.isascii() and part.isdigit() for part in parts) and len(parts[0]) == 4:
        return _day(*map(int, parts))
    raise NotSo("wrong_format")


def _day_of_digits(found: str) -> date:
    if len(found) == 8:
        return _day(int(found[:4]), int(found[4:6]), int(found[6:]))
    if len(found) == 5 and int(found) in SERIALS:
        return EPOCH + timedelta(days=int(found))
    raise NotSo("wrong_format")


def _day(year: int, month: int, day_of_month: int) -> date:
    try:
        return date(year, month, day_of_month)
    except ValueError:
        raise NotSo("wrong_format") from None


def clock(text: str) -> time | datetime:
    """A time of day (9:00, 09:00:00, 9时30分), or one with its day before it (2024-05-06 09:00)."""
    found = plain(text).replace("T", " ")
    front, _, back = found.rpartition(" ")
    parts = back.translate(CLOCK_SIGNS).strip(":").split(":")
    if "时" in back or "点" in back:
        parts = [*parts, "00"][: max(len(parts), 2)]
    if not (2 <= len(parts) <= 3 and all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts)):
        raise NotSo("wrong_format")
    try:
        of_day = time(int(parts[0]), int(parts[1]), int(parts[2]) if len(parts) == 3 else 0)
    except ValueError:
        raise NotSo("wrong_format") from None
    return datetime.combine(day(front), of_day) if front else of_day


def hundredths(text: str, most: int = MOST_HUNDREDTHS) -> int:
    """A number with at most two decimals as whole hundredths: 4, 1.5, 8学时. No binary fraction enters."""
    found = plain(text).removesuffix("学时").removesuffix("小时").strip()
    whole, _, rest = found.partition(".")
    rest = rest.rstrip("0")
    digits = (whole + rest).isascii() and (whole + rest).isdigit()
    if not (whole and digits and len(whole) <= 9 and len(rest) <= 2):
        raise NotSo("wrong_format")
    value = int(whole) * 100 + int(rest.ljust(2, "0"))
    if value > most:
        raise NotSo("too_great", most // 100)
    return value


def fen(text: str) -> int:
    """Yuan with at most two decimals, as fen: 500, 1,200.50, 3000元."""
    return hundredths(plain(text).removesuffix("元").replace(",", ""), MOST_FEN)


def listed(read: Read, most: int) -> Read:
    """Several in one cell, between 、 ； commas or line ends."""

    def parts(text: str) -> tuple[Any, ...]:
        found = [part.strip() for part in text.translate(SEPARATORS).split("|")]
        told = tuple(read(part) for part in found if part)
        if not told or len(told) > most:
            raise NotSo("too_long" if told else "wrong_format", most)
        return told

    return parts


def copied(value: object) -> str:
    r"""A value in COPY's text format: \N for nothing, signs with a meaning of their own escaped."""
    if value is None:
        return "\\N"
    found = str(value)
    if "\\" in found or "\t" in found or "\n" in found or "\r" in found:
        return found.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    return found
