"""Who does a task and until when, as the document writes it: labelled lines, brackets at the end, sentences. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.tasks_api.plan_imports.rules import characters
from services.tasks_api.plan_imports.rules.units import KnownUnits, pieces


class Role(StrEnum):
    LEAD = "lead"
    RESPONSIBLE = "responsible"
    DEADLINE = "deadline"
    PERSON = "person"


# The document's own words for each role; a person's name (责任人) is never taken into a plan.
LABELS: Final = (
    dict.fromkeys(("牵头单位", "牵头部门", "牵头责任单位", "主办单位", "主办部门", "主责单位", "主责部门", "牵头"), Role.LEAD)
    | {
        first + last: Role.RESPONSIBLE
        for first in ("责任", "配合", "协同", "协办", "协助", "参与", "参加", "实施", "落实", "承办", "协作", "配合责任")
        for last in ("单位", "部门")
    }
    | dict.fromkeys(("责任主体", "实施主体", "配合", "负责单位", "负责部门"), Role.RESPONSIBLE)
    | dict.fromkeys(
        ("完成时限", "完成时间", "完成期限", "时限要求", "时间要求", "时间安排", "办理时限", "时间节点", "实施时间", "时限"),
        Role.DEADLINE,
    )
    | dict.fromkeys(("责任领导", "责任人", "联系人", "分管领导", "牵头领导", "包保领导"), Role.PERSON)
)
_WORDS = "|".join(r" *".join(word) for word in sorted(LABELS, key=len, reverse=True))
_LABEL = re.compile(rf"【 *({_WORDS}) *】 *:?|({_WORDS}) *(?:\([^()]{{0,12}}\))? *:")
_OPENING = re.compile(rf"[(\[【〔] *(?:{_WORDS}) *:")
_BRACKETS: Final = {"(": ")", "[": "]", "【": "】", "〔": "〕"}

_DUTY = (
    r"(?:按照?|依照?|根据)?(?:各自)?(?:职责分工|职能分工|职责|职能|分工)?(?:分别|共同|具体|密切|积极|协同)?"
    r"(?:负责落实|配合落实|组织实施|负责|配合|落实|参与|协同|协助|实施|参加)"
)
_LED = re.compile(
    r"由?(?P<leads>[^。]{2,200}?)(?:共同)?(?P<word>牵头)(?:负责|落实|组织实施|组织|实施|推进)?"
    rf"(?:[,;](?:会同|联合)?(?P<others>[^。]{{2,400}}?)(?P<duty>{_DUTY}))?"
)
_SHARED = re.compile(rf"由?(?P<others>[^。]{{2,400}}?)(?P<duty>(?:按照?|依照?|根据)(?:各自)?(?:职责|职能|分工)(?:分工)?{_DUTY})")
_BORNE = re.compile(rf"由?(?P<others>[^。]{{2,400}}?)(?P<duty>{_DUTY})")
_UNIT_LIKE = re.compile(
    r"(?!.{0,40}(?:发挥|建立|加强|推进|推动|落实|完善|强化|健全|坚持|开展|做好|确保|形成|要求|[对将把]))"
    r"[^、,;:]{0,40}(?:[局委办院队室部会所组镇乡]|部门|单位|政府|办事处|街道|乡镇|中心|公司|机关|组织|分局|\(街道\))(?:\(牵头\))?"
)
MAX_SENTENCE: Final = 600
MAX_SENTENCES: Final = 4


@dataclass(frozen=True, slots=True)
class Clause:
    """One statement of the document: a role, the document's word for it, and the units or the time named."""

    role: Role
    word: str
    text: str
    line: int


def of_line(text: str, line: int) -> list[Clause]:
    """The labelled parts of a line that begins with a label (责任单位：…); none when it does not."""
    return labelled(text, line) if _LABEL.match(characters.folded(text)) else []


def labelled(text: str, line: int) -> list[Clause]:
    """Every labelled part of a text, each up to the next label."""
    marks = list(_LABEL.finditer(characters.folded(text)))
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [_labelled(mark, text[mark.end() : end], line) for mark, end in zip(marks, ends, strict=True)]


def _labelled(mark: re.Match[str], text: str, line: int) -> Clause:
    word = (mark.group(1) or mark.group(2)).replace(" ", "")
    return Clause(LABELS[word], word, text.strip(), line)


def take_from(text: str, known: KnownUnits, line: int) -> tuple[str, list[Clause]]:
    """The text without its statements of roles in brackets or closing sentences, and these statements."""
    rest, found = _take_brackets(text, line)
    rest, closing = _take_closing_bracket(rest, known, line)
    rest, sentences = _take_sentences(rest, known, line)
    return rest, found + closing + sentences


def _take_brackets(text: str, line: int) -> tuple[str, list[Clause]]:
    """Brackets that begin with a label: （牵头单位：…；责任单位：…）. One never closed goes to the end."""
    folded = characters.folded(text)
    openings = [match.start() for match in _OPENING.finditer(folded)]
    if not openings:
        return text, []
    closers = _closers(folded)
    kept, found, place = [], [], 0
    for start in openings:
        if start < place:
            continue
        end = closers.get(start, len(text))
        found += labelled(text[start + 1 : end], line)
        kept.append(text[place:start])
        place = end + 1
    return _mended(kept, text[place:]), found


def _mended(kept: list[str], rest: str) -> str:
    """The text around what was taken, without a full stop printed twice or alone."""
    before = "".join(kept)
    after = rest[1:] if rest.startswith("。") and (not before.strip() or before.rstrip().endswith("。")) else rest
    return before + after


def _closers(folded: str) -> dict[int, int]:
    """Place of each opening bracket → place of its closing one; one pass."""
    waiting: list[int] = []
    closers: dict[int, int] = {}
    for place, sign in enumerate(folded):
        if sign in _BRACKETS:
            waiting.append(place)
        elif waiting and sign == _BRACKETS[folded[waiting[-1]]]:
            closers[waiting.pop()] = place
    return closers


def _take_closing_bracket(text: str, known: KnownUnits, line: int) -> tuple[str, list[Clause]]:
    """A last bracket that is a sentence of roles: （区司法局牵头，各部门配合）."""
    end = len(text.rstrip("。 \n"))
    folded = characters.folded(text[:end])
    if not folded.endswith(")"):
        return text, []
    start = next((opened for opened, closed in _closers(folded).items() if closed == end - 1), None)
    if start is None:
        return text, []
    found = _sentence(text[start + 1 : end - 1], known, line, in_brackets=True)
    return (_mended([text[:start]], text[end:]), found) if found else (text, [])


def _take_sentences(text: str, known: KnownUnits, line: int) -> tuple[str, list[Clause]]:
    """The last sentences, as long as they do nothing but name roles."""
    found: list[Clause] = []
    for _ in range(MAX_SENTENCES):
        end = len(text.rstrip("。 \n"))
        start = max(text.rfind("。", 0, end), text.rfind("\n", 0, end)) + 1
        clauses = _sentence(text[start:end], known, line, in_brackets=False)
        if not clauses:
            break
        text, found = text[:start], clauses + found
    return text, found


def _sentence(text: str, known: KnownUnits, line: int, *, in_brackets: bool) -> list[Clause]:
    """The roles of a sentence like …牵头，…按职责分工负责; nothing when it says more than that."""
    sentence = text.strip()
    if not 2 < len(sentence) <= MAX_SENTENCE:
        return []
    folded = characters.folded(sentence)
    for pattern in (_LED, _SHARED, _BORNE) if in_brackets else (_LED, _SHARED):
        match = pattern.fullmatch(folded)
        clauses = _matched(match, sentence, line) if match else []
        if clauses and all(_are_units(clause.text, known) for clause in clauses):
            return clauses
    return []


def _matched(match: re.Match[str], sentence: str, line: int) -> list[Clause]:
    clauses = []
    groups = match.groupdict()
    if groups.get("leads"):
        clauses.append(Clause(Role.LEAD, "牵头", sentence[slice(*match.span("leads"))], line))
    if groups.get("others"):
        clauses.append(Clause(Role.RESPONSIBLE, groups["duty"], sentence[slice(*match.span("others"))], line))
    return clauses


def _are_units(text: str, known: KnownUnits) -> bool:
    """Whether every piece of a list is a known unit or is at least named like one; else the sentence is no list of roles."""
    found = pieces(text)
    return bool(found) and all(known.find(piece.text) or _UNIT_LIKE.fullmatch(characters.folded(piece.text)) for piece in found)
