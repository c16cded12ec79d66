"""How far something to be put right has come, what it consists of, and when it weighs more. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.kit import errors


class State(StrEnum):
    """Owed by the unit, reported as done, or checked and struck off (销号)."""

    OPEN = "open"
    REPORTED = "reported"
    CLOSED = "closed"


class About(StrEnum):
    """Where an item comes from: an item or a veto of the rubric, a rule of the legal check, or else."""

    ITEM = "item"
    VETO = "veto"
    DEFECT = "defect"
    OTHER = "other"


class Priority(StrEnum):
    """High where the same was found in an earlier year."""

    NORMAL = "normal"
    HIGH = "high"


MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "report": {State.OPEN: State.REPORTED, State.REPORTED: State.REPORTED},
    "close": {State.REPORTED: State.CLOSED},
    "return": {State.REPORTED: State.OPEN},
}


class IllegalMove(errors.Conflict):
    code = "rectification.illegal_move"
    zh, en = "该整改事项当前状态不允许此操作。", "The rectification's state does not allow this."


class AlreadyOrdered(errors.Conflict):
    code = "rectification.already_ordered"
    zh, en = "该结果已有整改事项。", "The result has a rectification already."


class NothingToRectify(errors.Conflict):
    code = "rectification.nothing"
    zh, en = "该结果没有扣分或否决项，无须整改。", "The result has neither deductions nor vetoes to put right."


class SamePerson(errors.Conflict):
    code = "rectification.same_person"
    zh, en = "报送整改情况的人员不得自行验收。", "Whoever reported it does not check it."


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()


def why_not_check(verb: str, state: State, reported_by: UUID | None, by: UUID) -> errors.DomainError | None:
    """Checked by another person than reported it."""
    return why_not(verb, state) or (SamePerson() if reported_by == by else None)


def items_of(contents: Iterable[Mapping[str, Any]], titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """One item for each key the sheets deduct from or veto by, with the reasons given, in the order they come."""
    found: dict[tuple[About, str], list[str]] = {}
    for content in contents:
        for each in content.get("items", ()):
            if each["deduction"]:
                found.setdefault((About.ITEM, each["item_key"]), []).append(each.get("reason") or "")
        for each in content.get("vetoes", ()):
            found.setdefault((About.VETO, each["key"]), []).append(each.get("reason") or "")
    return [
        {"about": about.value, "key": key, "text": _text(titles.get(key, key), reasons)}
        for (about, key), reasons in found.items()
    ]


def titles_of(rubric: Mapping[str, Any]) -> dict[str, str]:
    """The texts of a rubric's items and vetoes, as it stands written."""
    items = [item for block in rubric["blocks"] for item in block["items"]]
    return {each["key"]: each["text"] for each in (*items, *rubric.get("vetoes", ()))}


def _text(title: str, reasons: Sequence[str]) -> str:
    told = "；".join(dict.fromkeys(reason for reason in reasons if reason))
    return f"{title}：{told}"[:10_000] if told else title


def keys_of(items: Iterable[Mapping[str, Any]]) -> list[str]:
    """What items are recognised by in other years; free text is not."""
    return sorted({f"{each['about']}:{each['key']}" for each in items if each.get("key")})


def priority(repeated: Sequence[str]) -> Priority:
    """What was found before weighs more."""
    return Priority.HIGH if repeated else Priority.NORMAL
