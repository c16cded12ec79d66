"""Rules of mappings between rubrics. Pure.

A deduction keeps its weight within its item: half of an old item's points is half of the new item's, rounded half up to
hundredths. An item or veto without a successor is dropped and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.cases_api.reviews import rules as reviews
from services.cases_api.reviews.rules import FileKind, Finding, Findings, Remark, Score
from services.cases_api.rubrics.rules import Item, Rubric
from services.kit import errors


class NoPredecessor(errors.Conflict):
    code = "rubric_mapping.no_predecessor"
    zh, en = (
        "该标准没有指明所取代的旧标准，无从对应。",
        "The rubric does not say which one it replaces.",
    )


class NotMapped(errors.Conflict):
    code = "rubric_mapping.not_mapped"
    zh, en = "尚未设定与旧标准的对应关系。", "No mapping from the old rubric is set yet."


# Old key → new key, or None.
Successors = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Successor:
    """What a part of the old rubric became; None stands for nothing."""

    old: str
    new: str | None


@dataclass(frozen=True, slots=True)
class Carried:
    """A finished review under the new rubric. `dropped` are the old keys that have no successor for this file.

    Without a score the new rubric does not cover the file, or nothing of it applies.
    """

    score: Score | None
    dropped: Sequence[str]


def faults(listed: Sequence[Successor], old: Sequence[str], new: Sequence[str], at: str) -> Iterator[errors.Fault]:
    """Old keys once, known; new keys known."""
    seen: set[str] = set()
    for place, each in enumerate(listed):
        if each.old not in old:
            yield errors.Fault(f"{at}/{place}/old", "not_found")
        elif each.old in seen:
            yield errors.Fault(f"{at}/{place}/old", "repeated")
        seen.add(each.old)
        if each.new is not None and each.new not in new:
            yield errors.Fault(f"{at}/{place}/new", "not_found")


def whole(listed: Sequence[Successor], old: Sequence[str], new: Sequence[str]) -> dict[str, str | None]:
    """The successor of every old key: as listed, else the same key where it still exists, else none."""
    told = {each.old: each.new for each in listed}
    return {key: told.get(key, key if key in new else None) for key in old}


def carried(
    findings: Findings,
    file: FileKind,
    old: Rubric,
    new: Rubric,
    items: Mapping[str, str | None],
    vetoes: Mapping[str, str | None],
) -> Carried:
    """The findings of a finished review, and the score they give under the new rubric."""
    if findings.not_reviewable is not None:
        return Carried(reviews.score(new, file, findings), [])
    olds = {item.key: item for item in old.items}
    news = {item.key: item for item in new.items if item.reach.covers(file.kind, file.procedure)}
    levels = {veto.key for veto in new.vetoes if veto.reach.covers(file.kind, file.procedure)}
    moved = Findings(
        items=[kept for each in findings.items if (kept := _finding(each, olds, news, items)) is not None],
        vetoes=[Remark(key, each.reason) for each in findings.vetoes if (key := vetoes.get(each.key)) in levels and key],
        not_applicable=_left_out(findings.not_applicable, news, items),
    )
    lost = {each.item_key for each in findings.items if items.get(each.item_key) not in news}
    lost |= {each.key for each in findings.vetoes if vetoes.get(each.key) not in levels}
    left_out = {remark.key for remark in moved.not_applicable}
    covered = new.reach.covers(file.kind, file.procedure) and news.keys() - left_out
    return Carried(reviews.score(new, file, moved) if covered else None, sorted(lost))


def _finding(each: Finding, olds: Mapping[str, Item], news: Mapping[str, Item], items: Successors) -> Finding | None:
    old, new = olds.get(each.item_key), news.get(items.get(each.item_key) or "")
    if old is None or new is None:
        return None
    return Finding(new.key, (2 * each.deduction * new.points + old.points) // (2 * old.points), each.reason)


def _left_out(remarks: Sequence[Remark], news: Mapping[str, Item], items: Successors) -> list[Remark]:
    successors = ((news.get(items.get(each.key) or ""), each) for each in remarks)
    found = {item.key: Remark(item.key, each.reason) for item, each in successors if item is not None and item.may_not_apply}
    return list(found.values())
