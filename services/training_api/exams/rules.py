"""Rules of exams. Pure; points are whole hundredths."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, Protocol

from services.kit import errors
from services.training_api.officers.rules import OfficerKind


class ExamKind(StrEnum):
    """通用（公共）法律知识, 专业法律知识, 辅助人员."""

    GENERAL = "general"
    PROFESSIONAL = "professional"
    AUXILIARY = "auxiliary"


class State(StrEnum):
    """Results come in; they count; nothing of it counts."""

    OPEN = "open"
    PUBLISHED = "published"
    VOID = "void"


class Outcome(StrEnum):
    """What a candidate came to."""

    PASSED = "passed"
    FAILED = "failed"
    ABSENT = "absent"


class Verb(StrEnum):
    """What moves an exam; `record` enters results."""

    CHANGE = "change"
    RECORD = "record"
    PUBLISH = "publish"
    REOPEN = "reopen"
    VOID = "void"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.CHANGE: {State.OPEN: State.OPEN},
    Verb.RECORD: {State.OPEN: State.OPEN},
    Verb.PUBLISH: {State.OPEN: State.PUBLISHED},
    Verb.REOPEN: {State.PUBLISHED: State.OPEN},
    Verb.VOID: {State.OPEN: State.VOID, State.PUBLISHED: State.VOID},
}


class IllegalMove(errors.Conflict):
    code = "exam.illegal_move"
    zh, en = "该考试当前状态不允许此操作。", "The exam's state does not allow this."


class BureauOnly(errors.Forbidden):
    code = "exam.bureau_only"
    zh, en = "此类考试由区司法局组织。", "Exams of this kind are the bureau's."


class NoResults(errors.Conflict):
    code = "exam.no_results"
    zh, en = "尚无成绩，不能公布。", "There are no results to publish."


class ExamFacts(Protocol):
    """What a rule may know of an exam; the row fits as it is."""

    @property
    def state(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def full_hundredths(self) -> int: ...
    @property
    def pass_hundredths(self) -> int: ...


def why_not(verb: Verb, exam: ExamFacts) -> errors.DomainError | None:
    """The exam's state must allow the verb."""
    return None if State(exam.state) in MOVES[verb] else IllegalMove()


def why_not_hold(kind: ExamKind, *, whole_district: bool) -> errors.DomainError | None:
    """General and professional exams are held for the whole district, by the bureau."""
    return None if whole_district or kind is ExamKind.AUXILIARY else BureauOnly()


def why_not_publish(exam: ExamFacts, results: int) -> errors.DomainError | None:
    """An exam is published with its results."""
    return why_not(Verb.PUBLISH, exam) or (None if results else NoResults())


def outcome(points: int | None, exam: ExamFacts) -> Outcome:
    """Passed from the pass mark on; absent without points."""
    if points is None:
        return Outcome.ABSENT
    return Outcome.PASSED if points >= exam.pass_hundredths else Outcome.FAILED


def faults_of_result(points: int | None, absent: bool, kind: str, exam: ExamFacts) -> list[errors.Fault]:
    """Either points within the full mark or absence; auxiliaries sit their own exam, regular officers the others."""
    faults = []
    if (points is None) != absent:
        faults.append(errors.Fault("/body/points", "missing" if points is None else "exam.absent_with_points"))
    if points is not None and points > exam.full_hundredths:
        faults.append(errors.Fault("/body/points", "too_great", {"limit": exam.full_hundredths // 100}))
    if (kind == OfficerKind.AUXILIARY) != (exam.kind == ExamKind.AUXILIARY):
        faults.append(errors.Fault("/body/officer_id", "exam.other_kind"))
    return faults
