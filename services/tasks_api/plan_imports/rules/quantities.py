"""Figures a text demands (数量): 不少于60学时, 2次以上, 30%, 至少开展一次. Pure."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice
from typing import Final

from services.tasks_api.plan_imports.rules import characters
from services.tasks_api.plan_imports.rules.plan import ParsedQuantity

MAX_QUANTITIES: Final = 200

_AT_LEAST = "不得?少于|不得?低于|至少|达到|不小于"
_AT_MOST = "不得?超过|不得?高于|不得?多于|不大于|最多|控制在"
_UNIT = "个?(?:学时|课时|小时)|个?工作日|个月|人次|场次|[次场期个家件份项名人天日年元轮批]|%"
_QUANTITY = re.compile(
    rf"(?:(?P<before>{_AT_LEAST}|{_AT_MOST})[\u4e00-\u9fff]{{0,6}}?)?"
    r"(?<![0-9.第〇零一二三四五六七八九十百])"
    rf"(?:(?P<value>\d{{1,9}}(?:\.\d{{1,4}})?|{characters.NUMERAL}{{1,6}})(?P<scale>[万亿]?)(?P<unit>{_UNIT})"
    rf"|百分之(?P<share>{characters.NUMERAL}{{1,4}}))"
    r"(?:及?(?P<after>以上|以内|以下|之内))?(?![”’」性])"
)
_SCALES: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_BARE_UNITS: Final = frozenset({"学时", "课时", "次", "场", "期", "%"})
_PERIOD = re.compile("每(?:年|个?自然年)|年度|每个?季度?|每半年|每个?月")
_PERIOD_NAMES: Final = (("半年", "half_year"), ("年", "year"), ("季", "quarter"), ("月", "month"))
_OBJECT = re.compile(r"[^,。;:!?、\n()]{0,60}")
_LINKS = re.compile("的|开展|组织|举办|完成|进行|比例")
_SENTENCE = re.compile(r"[^。;!?\n]+")


def read(text: str) -> tuple[ParsedQuantity, ...]:
    """The demanded figures in order. A bare Chinese count (综合查一次) is a word, not a demand.

    以上 and 以下 include the figure (民法典 art. 1259). Percentages are shares.
    """
    folded = characters.folded(characters.joined(text))
    found = (quantity for sentence in _SENTENCE.finditer(folded) for quantity in _of_sentence(sentence.group()))
    return tuple(islice(found, MAX_QUANTITIES))


def _of_sentence(sentence: str) -> Iterator[ParsedQuantity]:
    periods = list(_PERIOD.finditer(sentence))
    starts = [period.start() for period in periods]
    for match in _QUANTITY.finditer(sentence):
        before = bisect_left(starts, match.start())
        period = _period(periods[before - 1].group()) if before else "plan"
        if _is_demand(match, period):
            yield _quantity(match, sentence, period)


def _period(word: str) -> str:
    return next(name for sign, name in _PERIOD_NAMES if sign in word)


def _is_demand(match: re.Match[str], period: str) -> bool:
    """A comparing word makes any figure a demand; without one, occasions and shares in digits or with a period do."""
    if match["before"] or match["after"] or match["share"]:
        return True
    return match["unit"].removeprefix("个") in _BARE_UNITS and (match["value"][0].isdigit() or period != "plan")


def _quantity(match: re.Match[str], sentence: str, period: str) -> ParsedQuantity:
    unit = "%" if match["share"] else match["unit"].removeprefix("个") or "个"
    return ParsedQuantity(
        what=unit if unit.endswith("时") else _object(sentence, match.end()) or unit,
        comparison=_comparison(match),
        value=_value(match, unit),
        unit=unit,
        period=period,
        as_written=match.group(),
    )


def _comparison(match: re.Match[str]) -> str:
    if match["after"]:
        return ">=" if match["after"] == "以上" else "<="
    if match["before"]:
        return ">=" if re.fullmatch(_AT_LEAST, match["before"]) else "<="
    return "="


def _value(match: re.Match[str], unit: str) -> Decimal:
    numeral = match["share"] or match["value"]
    figure = Decimal(numeral) if numeral[0].isdigit() and numeral.isascii() else Decimal(characters.number(numeral) or 0)
    return figure / 100 if unit == "%" else figure * _SCALES[match["scale"]]


def _object(sentence: str, start: int) -> str:
    """What is counted: the words behind the figure, after the last 的 or verb."""
    words = _OBJECT.match(sentence, start)
    return _LINKS.split(words.group())[-1] if words else ""
