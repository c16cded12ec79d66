"""Characters as printed and as compared: widths, punctuation, stray spaces, numerals. Pure."""

from __future__ import annotations

import re

_SPACES = "\t\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
_ORDINALS = "一二三四五六七八九十"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u301c\uff5e"

# One character may stand for a whole marker: ⒈ is "1.", ㈠ is "（一）".
_PRINTED = str.maketrans(
    dict.fromkeys(_SPACES, " ")
    | dict.fromkeys(_INVISIBLE)
    | {chr(0x2488 + n): f"{n + 1}." for n in range(20)}
    | {chr(0x3220 + n): f"（{ordinal}）" for n, ordinal in enumerate(_ORDINALS)}
)
# One to one, so that a place in the folded text is the same place in the printed text.
_FOLDED = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict.fromkeys(_DASHES, "-") | {"﹑": "、", "○": "〇"}
)
# Chinese signs and digits: a space beside one is the typesetter's, not the writer's.
_TIGHT = r"\u2018-\u201d\u3001-\u303f\u3400-\u9fff\uf900-\ufaff\uff01-\uff5e0-9"
_STRAY_SPACES = re.compile(rf"(?<=[{_TIGHT}%]) +(?=[{_TIGHT}%])")

_DIGITS = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
NUMERAL = "[〇零一二两三四五六七八九十百]"


def printed(raw: str) -> str:
    """A line as printed: one kind of space, no invisible characters, no space at either end."""
    return raw.translate(_PRINTED).strip()


def joined(text: str) -> str:
    """Without the stray spaces beside Chinese signs and digits; `2 次` is `2次`."""
    return _STRAY_SPACES.sub("", text)


def folded(text: str) -> str:
    """For comparison: full-width digits, letters and signs become half-width, dashes one dash; the length stays."""
    return text.translate(_FOLDED)


def number(numeral: str) -> int | None:
    """The value of Arabic or Chinese digits up to 999 (十二, 二十, 一百零五); None when it is no number."""
    if numeral.isascii() and numeral.isdigit():
        return int(numeral)
    total, digit = 0, 0
    for sign in numeral:
        if sign in "十百":
            total += max(digit, 1) * (10 if sign == "十" else 100)
            digit = 0
        elif sign in _DIGITS:
            digit = _DIGITS[sign]
        else:
            return None
    return total + digit if numeral else None


def is_finished(text: str) -> bool:
    """Whether a paragraph ends as sentences do; one that does not goes on after the page break."""
    return text.rstrip().endswith(tuple("。！？!?…：:”」』）)"))


def healed(passages: list[str]) -> str:
    """Paragraphs of one text: a cut one is joined again, finished ones stay apart by a line end."""
    parts: list[str] = []
    for passage in passages:
        if parts:
            parts.append(_seam(parts[-1], passage))
        parts.append(passage)
    return "".join(parts)


def _seam(before: str, after: str) -> str:
    """What stands between two passages: a line end, a space between Latin words, or nothing."""
    if is_finished(before):
        return "\n"
    return " " if before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha() else ""
