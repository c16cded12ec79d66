"""What stands in front of the parts: title, years, region, number of the document. Pure."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from services.tasks_api.plan_imports.rules import characters
from services.tasks_api.plan_imports.rules.outline import Passage

_BRACKET = r"(?:\([^()]{1,20}\))?"
_TITLE = re.compile(rf".{{0,70}}(?:方案|计划|要点|意见|规划|安排|分工|清单|台账){_BRACKET}")
_SUBTITLE = re.compile(r"\([^()]{2,20}\)")
_NOTICE = re.compile(r"[《<]([^《》]{4,80}(?:方案|计划|要点|意见|规划)[^《》]{0,20})[》>]的通知")
_DOCUMENT_NO = re.compile(r"[\u4e00-\u9fff]{1,12} *[〔\[(] *\d{4} *[〕\])] *\d{1,4} *号")
_NO_TITLE = re.compile("附件|为|根据|按照|现将")
_RANGE = re.compile(r"(?<!\d)((?:19|20)\d\d)年?(?:-{1,3}|至|到)((?:19|20)\d\d)年?(?!\d)")
_ONE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年度?")
_CITED = re.compile("《[^《》]{0,200}》|〔[^〔〕]{0,20}〕")
_REGION = re.compile(
    r"(?:[\u4e00-\u9fff]{2,6}?(?:省|自治区))?(?:[\u4e00-\u9fff]{2,6}?(?:市|自治州|地区|盟))?[\u4e00-\u9fff]{1,6}?(?:区|县|市|旗)"
)
_NOT_A_REGION = re.compile("城市|地区|辖区|社区|园区|片区|关于|加强|提升|推进|规范|深化|行政|全面|开展")
_HEADS = 40


class Period(NamedTuple):
    as_written: str
    first_year: int
    last_year: int

    @property
    def first_day(self) -> date:
        return date(self.first_year, 1, 1)

    @property
    def last_day(self) -> date:
        return date(self.last_year, 12, 31)


def title(passages: list[Passage]) -> str:
    """The last line in front of the parts that names a plan, with the lines it is broken over; else what a notice announces."""
    head = passages[:_HEADS]
    for at in range(len(head) - 1, -1, -1):
        if _names_a_plan(head[at].text):
            return _whole_title(head, at)
    notices = (_NOTICE.search(passage.text[:200]) for passage in head)
    return next((characters.joined(notice[1]) for notice in notices if notice), "")


def _names_a_plan(text: str) -> bool:
    folded = characters.folded(text)
    return len(text) <= 100 and bool(_TITLE.fullmatch(folded)) and not _NO_TITLE.match(folded)


def _whole_title(head: list[Passage], at: int) -> str:
    first = at
    while first and _leads_into(head[first - 1], head[first]):
        first -= 1
    words = [passage.text for passage in head[first : at + 1]]
    if at + 1 < len(head) and _SUBTITLE.fullmatch(characters.folded(head[at + 1].text)):
        words.append(head[at + 1].text)
    return characters.joined("".join(words))


def _leads_into(before: Passage, after: Passage) -> bool:
    """Whether a line is the first half of a title broken over two lines."""
    text = before.text
    if after.line - before.line > 2 or len(text) > 40 or _DOCUMENT_NO.fullmatch(characters.folded(text)):
        return False
    if text.endswith(("。", "：", ":", "；", "，", "通知", "文件")) or text.startswith("附件"):
        return False
    return not _names_a_plan(text) or len(after.text) <= 20


def document_no(passages: list[Passage]) -> str | None:
    """The document's own number (文号), printed on a line of its own."""
    texts = (passage.text for passage in passages[:_HEADS] if len(passage.text) <= 40)
    return next((characters.joined(text) for text in texts if _DOCUMENT_NO.fullmatch(characters.folded(text))), None)


def period(plan_title: str, texts: list[str]) -> Period | None:
    """The years of the plan, from its title, else from its opening text; titles of other documents are left out."""
    found = _range(plan_title) or _one_year(plan_title)
    return found or next((each for each in (_range(_uncited(text)) for text in texts) if each), None)


def _uncited(text: str) -> str:
    return _CITED.sub("", text[:5000])


def _range(text: str) -> Period | None:
    match = _RANGE.search(characters.folded(text))
    if not match or int(match[1]) > int(match[2]):
        return None
    return Period(text[match.start() : match.end()], int(match[1]), int(match[2]))


def _one_year(text: str) -> Period | None:
    match = _ONE_YEAR.search(characters.folded(text))
    return Period(text[match.start() : match.end()], int(match[1]), int(match[1])) if match else None


def region(plan_title: str, known: str, tails: tuple[str, ...]) -> str | None:
    """The region's name in front of the title; `known` and its last parts are recognised first."""
    bare = plan_title.removeprefix("中共")
    ours = next((tail for tail in tails if len(tail) > 1 and bare.startswith(tail)), None)
    if ours:
        return known if ours == known else ours
    match = _REGION.match(bare)
    return match.group() if match and not _NOT_A_REGION.search(match.group()) else None
