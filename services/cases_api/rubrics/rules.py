"""Rules of rubrics: their parts, what makes one sound, and the two hashes they are known by. Pure.

Points are whole hundredths inside and numbers with at most two decimals in the content as stored, shown and hashed.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

import rfc8785

from services.kit import errors

# Fields of the content that only word or illustrate it; all others decide points, grades or applicability.
WORDING: Final = frozenset({"title", "text", "source", "basis", "assumed", "checks"})
# Stands where a grade would for a file that cannot be reviewed (不符合评查条件).
NOT_REVIEWABLE: Final = "not_reviewable"
FULL: Final = 100_00


class State(StrEnum):
    """A rubric is written as a draft, published once, and superseded when a newer one takes its place."""

    DRAFT = "draft"
    PUBLISHED = "published"
    SUPERSEDED = "superseded"


class Level(StrEnum):
    """What a veto (一票否决项) does: total 0 and the worst grade; the worst grade; no best grade."""

    ZERO = "zero"
    FAIL = "fail"
    NO_EXCELLENT = "no_excellent"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "change": {State.DRAFT: State.DRAFT},
    "publish": {State.DRAFT: State.PUBLISHED},
    "supersede": {State.PUBLISHED: State.SUPERSEDED},
}


class IllegalMove(errors.Conflict):
    code = "rubric.illegal_move"
    zh, en = (
        "评查标准当前状态不允许此操作；发布后不变。",
        "The rubric's state does not allow this; a published one never changes.",
    )


class NotPublished(errors.Conflict):
    code = "rubric.not_published"
    zh, en = "所选评查标准尚未发布或已被取代。", "The rubric is not published, or is superseded."


@dataclass(frozen=True, slots=True)
class Reach:
    """The kinds and procedures of case files something applies to; None stands for all."""

    kinds: frozenset[str] | None
    procedures: frozenset[str] | None

    def covers(self, kind: str, procedure: str | None) -> bool:
        """Whether it applies to a file of this kind and procedure."""
        return (self.kinds is None or kind in self.kinds) and (self.procedures is None or procedure in self.procedures)


@dataclass(frozen=True, slots=True)
class Item:
    """One scored item. `deductions` maps the key of each deduction rule to the most it takes."""

    key: str
    points: int
    may_not_apply: bool
    reach: Reach
    deductions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Block:
    """Items under one heading; its deductions stop at its points (扣完为止)."""

    key: str
    points: int
    items: Sequence[Item]


@dataclass(frozen=True, slots=True)
class Veto:
    """A defect that overrides the points."""

    key: str
    level: Level
    reach: Reach


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade (等次) and the least total it takes."""

    key: str
    threshold: int


@dataclass(frozen=True, slots=True)
class Rubric:
    """A whole rubric; grades run from the best to the worst."""

    reach: Reach
    blocks: Sequence[Block]
    vetoes: Sequence[Veto]
    grades: Sequence[Grade]

    @property
    def items(self) -> Iterator[Item]:
        """All items, in order."""
        return (item for block in self.blocks for item in block.items)


def rubric_of(content: Mapping[str, Any]) -> Rubric:
    """The rubric that a content stands for."""
    return Rubric(
        reach=_reach_of(content),
        blocks=[Block(b["key"], hundredths(b["points"]), [_item_of(i) for i in b["items"]]) for b in content["blocks"]],
        vetoes=[Veto(v["key"], Level(v["level"]), _reach_of(v)) for v in content["vetoes"]],
        grades=[Grade(g["key"], hundredths(g["threshold"])) for g in content["grades"]],
    )


def _item_of(item: Mapping[str, Any]) -> Item:
    rules = {rule["key"]: hundredths(rule["points"]) for rule in item["deductions"]}
    return Item(item["key"], hundredths(item["points"]), item["may_not_apply"], _reach_of(item), rules)


def _reach_of(part: Mapping[str, Any]) -> Reach:
    kinds, procedures = part.get("kinds"), part.get("procedures")
    return Reach(frozenset(kinds) if kinds else None, frozenset(procedures) if procedures else None)


def hundredths(points: float) -> int:
    """Points as shown (3, 2.5) in whole hundredths, without passing through a binary fraction."""
    return int(Decimal(str(points)) * 100)


def content_hash(content: Mapping[str, Any]) -> str:
    """SHA-256 in hex of the content as canonical JSON (RFC 8785): equal for equal rubrics, to the last word."""
    return hashlib.sha256(canonical(content)).hexdigest()


def structure_hash(content: Mapping[str, Any]) -> str:
    """The same over the content without its wording: equal when keys, points, order, vetoes and grades are."""
    return hashlib.sha256(canonical(_without_wording(content))).hexdigest()


def canonical(content: Any) -> bytes:
    """Canonical JSON (RFC 8785)."""
    return rfc8785.dumps(content)


def _without_wording(part: Any) -> Any:
    if isinstance(part, Mapping):
        return {name: _without_wording(value) for name, value in part.items() if name not in WORDING}
    return [_without_wording(value) for value in part] if isinstance(part, list) else part


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()


def faults_of(content: Mapping[str, Any]) -> list[errors.Fault]:
    """Everything unsound in a content, with pointers into the body it was sent in."""
    rubric = rubric_of(content)
    return [*_repeated(content), *_points(rubric), *_deductions(content), *_reaches(rubric), *_grades(rubric.grades)]


def _repeated(content: Mapping[str, Any]) -> Iterator[errors.Fault]:
    blocks, vetoes, grades = content["blocks"], content["vetoes"], content["grades"]
    keyed = [(f"/body/blocks/{b}/items/{i}", item) for b, block in enumerate(blocks) for i, item in enumerate(block["items"])]
    yield from _twice(keyed)
    for name, parts in (("blocks", blocks), ("vetoes", vetoes), ("grades", grades)):
        yield from _twice((f"/body/{name}/{place}", part) for place, part in enumerate(parts))
    for pointer, item in keyed:
        yield from _twice((f"{pointer}/deductions/{place}", rule) for place, rule in enumerate(item["deductions"]))


def _twice(parts: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[errors.Fault]:
    seen: Counter[str] = Counter()
    for pointer, part in parts:
        seen[part["key"]] += 1
        if seen[part["key"]] > 1:
            yield errors.Fault(f"{pointer}/key", "repeated")


def _points(rubric: Rubric) -> Iterator[errors.Fault]:
    for b, block in enumerate(rubric.blocks):
        offered = sum(item.points for item in block.items)
        if not 0 < block.points <= offered:
            yield errors.Fault(f"/body/blocks/{b}/points", "rubric.block_points", {"limit": shown(offered)})
        for i, item in enumerate(block.items):
            if item.points == 0:
                yield errors.Fault(f"/body/blocks/{b}/items/{i}/points", "too_small", {"limit": "0.01"})


def _deductions(content: Mapping[str, Any]) -> Iterator[errors.Fault]:
    for b, block in enumerate(content["blocks"]):
        for i, item in enumerate(block["items"]):
            for d, rule in enumerate(item["deductions"]):
                if rule["points"] > item["points"]:
                    pointer = f"/body/blocks/{b}/items/{i}/deductions/{d}/points"
                    yield errors.Fault(pointer, "too_great", {"limit": str(item["points"])})


def _reaches(rubric: Rubric) -> Iterator[errors.Fault]:
    parts = [
        (f"/body/blocks/{b}/items/{i}", item.reach) for b, block in enumerate(rubric.blocks) for i, item in enumerate(block.items)
    ] + [(f"/body/vetoes/{v}", veto.reach) for v, veto in enumerate(rubric.vetoes)]
    for pointer, reach in parts:
        for name in ("kinds", "procedures"):
            own, whole = getattr(reach, name), getattr(rubric.reach, name)
            if own is not None and whole is not None and not own <= whole:
                yield errors.Fault(f"{pointer}/{name}", "not_allowed")


def _grades(grades: Sequence[Grade]) -> Iterator[errors.Fault]:
    for place, grade in enumerate(grades):
        if grade.key == NOT_REVIEWABLE:
            yield errors.Fault(f"/body/grades/{place}/key", "not_allowed")
        above = grades[place - 1].threshold if place else FULL + 1
        if grade.threshold >= above:
            yield errors.Fault(f"/body/grades/{place}/threshold", "rubric.grades_descend")
    if grades[-1].threshold != 0:
        yield errors.Fault(f"/body/grades/{len(grades) - 1}/threshold", "rubric.lowest_grade")


def shown(points: int) -> str:
    """Hundredths as text: 3, 2.5."""
    return f"{Decimal(points) / 100:f}"
