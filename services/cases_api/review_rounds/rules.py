"""Rules of review rounds: states, who may be given which file, and how files are dealt. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from services.cases_api.rubrics.rules import Reach
from services.kit import errors
from services.kit.principal import Role

# Only a case that has ended is reviewed (已办结).
REVIEWABLE: Final = frozenset({"closed", "archived"})


class Mode(StrEnum):
    """Self-review by the unit itself (全面自评), review by each other (交叉互评), and central sampling (集中抽评)."""

    SELF = "self"
    CROSS = "cross"
    SAMPLE = "sample"


class State(StrEnum):
    """States of a round; those between draft and assigned are of rounds whose files are drawn."""

    DRAFT = "draft"
    FROZEN = "frozen"
    DRAWN = "drawn"
    ASSIGNED = "assigned"
    REVIEWING = "reviewing"
    ARBITRATING = "arbitrating"
    PUBLISHED = "published"
    CLOSED = "closed"
    VOID = "void"


Moves = Mapping[str, Mapping[State, State]]
# A round is arbitrating from its first disagreement on; the reviews of its other files go on.
UNDER_WAY: Final = {state: state for state in (State.ASSIGNED, State.REVIEWING, State.ARBITRATING)}
WITH_SAMPLE: Final = {State.DRAWN: State.DRAWN, **UNDER_WAY}
# `begin` is no call of its own: the first review opened or saved begins the round.
LATER: Final[Moves] = {
    "begin": {State.ASSIGNED: State.REVIEWING},
    "publish": {State.REVIEWING: State.PUBLISHED},
    "close": {State.PUBLISHED: State.CLOSED},
}
SELF_MOVES: Final[Moves] = {
    "assign": {State.DRAFT: State.ASSIGNED, State.ASSIGNED: State.ASSIGNED, State.REVIEWING: State.REVIEWING},
    **LATER,
    "void": dict.fromkeys((State.DRAFT, State.ASSIGNED, State.REVIEWING, State.PUBLISHED), State.VOID),
}
# Of cross reviews and samples. The draw itself keeps the order between the freeze and the sample.
DRAWN_MOVES: Final[Moves] = {
    "change": {State.DRAFT: State.DRAFT},
    "freeze": {State.DRAFT: State.FROZEN},
    "seed": {State.FROZEN: State.FROZEN},
    "commit": {State.FROZEN: State.FROZEN},
    "reveal": {State.FROZEN: State.FROZEN},
    "draw": {State.FROZEN: State.DRAWN},
    "void_draw": {State.FROZEN: State.DRAFT, State.DRAWN: State.DRAFT},
    "substitute": WITH_SAMPLE,
    "grow": WITH_SAMPLE,
    "assign": {State.DRAWN: State.ASSIGNED, **UNDER_WAY},
    # No call of its own: two reviews that disagree begin it.
    "arbitrate": {State.REVIEWING: State.ARBITRATING, State.ARBITRATING: State.ARBITRATING},
    **LATER,
    "publish": {State.REVIEWING: State.PUBLISHED, State.ARBITRATING: State.PUBLISHED},
    "void": dict.fromkeys((state for state in State if state not in {State.CLOSED, State.VOID}), State.VOID),
}
MOVES: Final[Mapping[Mode, Moves]] = {Mode.SELF: SELF_MOVES, Mode.CROSS: DRAWN_MOVES, Mode.SAMPLE: DRAWN_MOVES}
# The states in which results are open to the reviewed unit.
SHOWN: Final = frozenset({State.PUBLISHED, State.CLOSED})


class IllegalMove(errors.Conflict):
    code = "review_round.illegal_move"
    zh, en = "评查轮次当前状态不允许此操作。", "The round's state does not allow this."


class BureauOnly(errors.Forbidden):
    code = "review_round.bureau_only"
    zh, en = "互评和抽评由区司法局组织。", "Cross reviews and samples are organised by the bureau."


class Unfinished(errors.Conflict):
    code = "review_round.unfinished"
    zh, en = "尚有 {open} 份案卷未提交评查，不能公布。", "{open} files are not yet reviewed, so the round cannot be published."


class Disagreement(errors.Conflict):
    code = "review_round.disagreement"
    zh, en = "有 {files} 件案卷的评查意见不一致，须先处理。", "The reviews of {files} files disagree; settle them first."


class Undecided(errors.Conflict):
    code = "review_round.undecided"
    zh, en = "尚有 {files} 件案卷在复核中，不能公布。", "{files} files are under arbitration, so the round cannot be published."


class NothingReviewed(errors.Conflict):
    code = "review_round.nothing_reviewed"
    zh, en = "本轮没有已提交的评查，不能公布。", "The round has no submitted review, so it cannot be published."


class WholeDistrict(errors.Forbidden):
    code = "review_round.whole_district"
    zh, en = "全区轮次由区司法局公布。", "A round of the whole district is published by the bureau."


class FileFacts(Protocol):
    """What is asked of a case file."""

    @property
    def id(self) -> UUID: ...
    @property
    def unit_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def procedure(self) -> str: ...
    @property
    def state(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Reviewer:
    """An active account as far as dealing needs it."""

    id: UUID
    unit_id: UUID
    roles: frozenset[str]


def why_not(verb: str, mode: Mode, state: State) -> errors.DomainError | None:
    """Mode and state must allow the verb."""
    return None if state in MOVES[mode].get(verb, {}) else IllegalMove()


def why_not_protocol(mode: Mode, state: State) -> errors.DomainError | None:
    """Files are drawn in cross reviews and samples that are not over; the order of the steps is the draw's own rule."""
    over = {State.PUBLISHED, State.CLOSED, State.VOID}
    return IllegalMove() if mode is Mode.SELF or state in over else None


def sampling_faults(sampling: Mapping[str, Any], reach: Reach) -> Iterator[errors.Fault]:
    """Days in their order, kinds and procedures that the rubric covers, no file left out twice."""
    if sampling["closed_from"] > sampling["closed_to"]:
        yield errors.Fault("/body/closed_to", "too_small", {"limit": sampling["closed_from"]})
    for name, covered in (("kinds", reach.kinds), ("procedures", reach.procedures)):
        for place, value in enumerate(sampling.get(name) or ()):
            if covered is not None and value not in covered:
                yield errors.Fault(f"/body/{name}/{place}", "review_round.file_of_other_kind")
    left_out = [each["case_file_id"] for each in sampling["excluded"]]
    for place, file_id in enumerate(left_out):
        if file_id in left_out[:place]:
            yield errors.Fault(f"/body/excluded/{place}/case_file_id", "repeated")


def legal_faults(legal: int, per_file: int) -> Iterator[errors.Fault]:
    """No more qualified reviewers a file than reviewers."""
    if legal > per_file:
        yield errors.Fault("/body/legal_reviewers", "too_great", {"limit": per_file})


def why_not_publish(unfinished: int, submitted: int) -> errors.DomainError | None:
    """Every file given out must be reviewed, and at least one."""
    if unfinished:
        return Unfinished(open=unfinished)
    return None if submitted else NothingReviewed()


def reviewer_faults(wanted: Sequence[UUID], found: Mapping[UUID, Reviewer]) -> Iterator[errors.Fault]:
    """Each named reviewer must be an active account of the unit (or of the district, in a round of all units) with the role."""
    for place, account_id in enumerate(wanted):
        if (code := _reviewer_fault(account_id, wanted[:place], found)) is not None:
            yield errors.Fault(f"/body/account_ids/{place}", code)


def _reviewer_fault(account_id: UUID, before: Sequence[UUID], found: Mapping[UUID, Reviewer]) -> str | None:
    if account_id in before:
        return "repeated"
    if account_id not in found:
        return "not_found"
    return None if Role.REVIEWER in found[account_id].roles else "review_round.not_a_reviewer"


def file_faults(
    wanted: Sequence[UUID], found: Mapping[UUID, FileFacts], reach: Reach, taken: frozenset[UUID], units: frozenset[UUID]
) -> Iterator[errors.Fault]:
    """Each named file must be closed, of a kind the rubric covers, not yet given out, with a reviewer of its own unit.

    `units` are the units that have a reviewer among those named.
    """
    seen: set[UUID] = set()
    for place, file_id in enumerate(wanted):
        file = found.get(file_id)
        codes = ["not_found"] if file is None else [*_file_faults(file, reach, taken, units)]
        codes += ["repeated"] if file_id in seen else []
        seen.add(file_id)
        yield from (errors.Fault(f"/body/case_file_ids/{place}", code) for code in codes)


def _file_faults(file: FileFacts, reach: Reach, taken: frozenset[UUID], units: frozenset[UUID]) -> Iterator[str]:
    if file.state not in REVIEWABLE:
        yield "review_round.file_not_closed"
    if not reach.covers(file.kind, file.procedure):
        yield "review_round.file_of_other_kind"
    if file.id in taken:
        yield "review_round.file_taken"
    if file.unit_id not in units:
        yield "review_round.no_reviewer"


def deal(
    files: Sequence[FileFacts], reviewers: Sequence[Reviewer], loads: Mapping[UUID, int]
) -> list[tuple[FileFacts, Reviewer]]:
    """Deals the files, in their order, each to the reviewer of its unit with the fewest so far in this round.

    `loads` is what each had before; of equals the one named first is taken, so the same call deals the same way.
    """
    carried = Counter(loads)
    dealt = []
    for file in files:
        own = [reviewer for reviewer in reviewers if reviewer.unit_id == file.unit_id]
        chosen = min(own, key=lambda reviewer: carried[reviewer.id])
        carried[chosen.id] += 1
        dealt.append((file, chosen))
    return dealt
