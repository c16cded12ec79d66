"""When reviews of a file disagree, what then must be decided, and who decides it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

from services.cases_api.reviews.rules import Findings
from services.kit import errors


class State(StrEnum):
    """Nobody found yet; given out, looked into, begun, handed in; or void, with whatever was written kept."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    OPENED = "opened"
    DRAFT = "draft"
    SUBMITTED = "submitted"
    VOID = "void"


class Ground(StrEnum):
    """Why a file goes to a third person: totals too far apart, different grades, different vetoes."""

    SPREAD = "spread"
    GRADE = "grade"
    VETO = "veto"


class Ended(StrEnum):
    """How an arbitration came to be void. `overtaken`: a review it rests on was taken back."""

    DECLINED = "declined"
    RECUSED = "recused"
    CONFLICT = "conflict"
    OVERTAKEN = "overtaken"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class About(StrEnum):
    """What a decision is about: an item of the rubric, a veto, or whether the file can be reviewed at all."""

    ITEM = "item"
    VETO = "veto"
    REVIEWABLE = "reviewable"


OPEN: Final = (State.ASSIGNED, State.OPENED, State.DRAFT)
MOVES: Final[Mapping[str, Mapping[State, State]]] = {
    "assign": {State.WAITING: State.ASSIGNED},
    "open": {State.ASSIGNED: State.OPENED},
    "save": dict.fromkeys(OPEN, State.DRAFT),
    "submit": dict.fromkeys(OPEN, State.SUBMITTED),
    "decline": dict.fromkeys((State.ASSIGNED, State.OPENED), State.VOID),
    "recuse": dict.fromkeys(OPEN, State.VOID),
    "void": dict.fromkeys((State.WAITING, *OPEN, State.SUBMITTED), State.VOID),
}


class IllegalMove(errors.Conflict):
    code = "arbitration.illegal_move"
    zh, en = "该复核当前状态不允许此操作。", "The arbitration's state does not allow this."


class NoDisagreement(errors.Conflict):
    code = "arbitration.no_disagreement"
    zh, en = "该案卷的评查未全部提交或并无分歧。", "The file's reviews are not all in, or they agree."


class AlreadyOpen(errors.Conflict):
    code = "arbitration.already_open"
    zh, en = "该案卷已在复核或已复核。", "The file is under arbitration or has been decided already."


class NobodyFree(errors.Conflict):
    code = "arbitration.nobody_free"
    zh, en = (
        "没有可担任复核的人员：须具备法制审核资格、未评查过该案卷且无须回避。",
        "Nobody is free: it takes legal-review qualification, no earlier review of the file and no conflict.",
    )


class InConflict(errors.Conflict):
    code = "arbitration.in_conflict"
    zh, en = (
        "您与该案卷存在须回避的情形，本次复核已作废，由下一候补人接替。",
        "You are in conflict with this file; the arbitration is withdrawn and goes to the next in line.",
    )
    # That the arbitration is withdrawn is a fact to keep, though the call is refused.
    keeps_changes = True


class Decided(errors.Conflict):
    code = "arbitration.decided"
    zh, en = "该案卷已由第三人复核，评查不能再退回或作废。", "A third person has decided on the file; its reviews stand."


@dataclass(frozen=True, slots=True)
class Sheet:
    """One submitted review, as far as agreeing with another goes."""

    review_id: UUID
    grade: str
    total: int | None
    findings: Findings

    @property
    def vetoes(self) -> frozenset[str]:
        """Keys of the vetoes found."""
        return frozenset(remark.key for remark in self.findings.vetoes)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody qualified and free for the file, with the arbitrations already held in the round."""

    account_id: UUID
    load: int


def grounds_of(sheets: Sequence[Sheet], spread: int) -> list[Ground]:
    """Why these reviews disagree; nothing when they agree. `spread` in hundredths of a point: more than that is too far."""
    totals = [sheet.total for sheet in sheets if sheet.total is not None]
    apart = len(totals) > 1 and max(totals) - min(totals) > spread
    found = [Ground.SPREAD] if apart else []
    found += [Ground.GRADE] if len({sheet.grade for sheet in sheets}) > 1 else []
    return found + ([Ground.VETO] if len({sheet.vetoes for sheet in sheets}) > 1 else [])


def disputed(sheets: Iterable[Sheet]) -> list[tuple[About, str]]:
    """What the reviews differ in, in the order of the keys; each wants a decision with its reason."""
    each = [(_deducted(sheet.findings), sheet.vetoes, sheet.findings.not_reviewable is None) for sheet in sheets]
    keys = sorted({key for items, _, _ in each for key in items})
    found = [(About.ITEM, key) for key in keys if len({items.get(key, 0) for items, _, _ in each}) > 1]
    vetoes = sorted({key for _, named, _ in each for key in named})
    found += [(About.VETO, key) for key in vetoes if len({key in named for _, named, _ in each}) > 1]
    return found + ([(About.REVIEWABLE, "")] if len({reviewable for _, _, reviewable in each}) > 1 else [])


def _deducted(findings: Findings) -> dict[str, int]:
    """Points taken by item; an item left out counts as minus one, so that it differs from one without deduction."""
    taken: Counter[str] = Counter()
    for finding in findings.items:
        taken[finding.item_key] += finding.deduction
    return dict(taken) | {remark.key: -1 for remark in findings.not_applicable}


def decision_faults(wanted: Collection[tuple[About, str]], given: Sequence[tuple[About, str]]) -> Iterator[errors.Fault]:
    """Each disputed point is decided once, and nothing else is."""
    for place, decision in enumerate(given):
        if decision not in wanted:
            yield errors.Fault(f"/body/decisions/{place}", "arbitration.not_disputed")
        if decision in given[:place]:
            yield errors.Fault(f"/body/decisions/{place}", "repeated")
    for about, key in wanted:
        if (about, key) not in given:
            yield errors.Fault("/body/decisions", "arbitration.undecided", {"about": about.value, "key": key or "-"})


def ranked(candidates: Iterable[Candidate], seed: str) -> list[Candidate]:
    """Fewest arbitrations of the round first; of equals the smallest SHA-256 of seed and account, so anybody can repeat it."""
    return sorted(candidates, key=lambda each: (each.load, ticket(seed, each.account_id)))


def shuffled(review_ids: Iterable[UUID], seed: str) -> list[UUID]:
    """The order in which the sheets are shown, which tells nothing about who was assigned first."""
    return sorted(review_ids, key=lambda each: ticket(seed, each))


def ticket(seed: str, about: UUID) -> str:
    """The place in line: SHA-256 of seed, line feed and id, in hex."""
    return sha256(f"{seed}\n{about}".encode()).hexdigest()


def why_not(verb: str, state: State) -> errors.DomainError | None:
    """The state must allow the verb."""
    return None if state in MOVES[verb] else IllegalMove()


def decisions_in(content: Mapping[str, Any]) -> list[tuple[About, str]]:
    """The points a content as saved decides."""
    return [(About(each["about"]), each.get("key") or "") for each in content.get("decisions", ())]
