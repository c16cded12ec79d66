"""Rules of certificates. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from services.kit import calendar, errors
from services.training_api.exams.rules import ExamKind
from services.training_api.officers import rules as officers

ONE_DAY: Final = timedelta(days=1)


class State(StrEnum):
    """申请, 有效, 暂扣, 注销, 吊销, 过期. Suspended and expired follow from the days and are never written down."""

    APPLIED = "applied"
    VALID = "valid"
    SUSPENDED = "suspended"
    CANCELLED = "cancelled"
    REVOKED = "revoked"
    EXPIRED = "expired"


class Verb(StrEnum):
    """What moves a certificate."""

    CHANGE = "change"
    ISSUE = "issue"
    WITHDRAW = "withdraw"
    SUSPEND = "suspend"
    RESUME = "resume"
    CANCEL = "cancel"
    REVOKE = "revoke"
    REINSTATE = "reinstate"


MOVES: Final[Mapping[Verb, Mapping[State, State]]] = {
    Verb.CHANGE: {State.APPLIED: State.APPLIED, State.VALID: State.VALID, State.SUSPENDED: State.SUSPENDED},
    Verb.ISSUE: {State.APPLIED: State.VALID},
    Verb.WITHDRAW: {State.APPLIED: State.CANCELLED},
    Verb.SUSPEND: {State.VALID: State.SUSPENDED},
    Verb.RESUME: {State.SUSPENDED: State.VALID},
    Verb.CANCEL: dict.fromkeys((State.APPLIED, State.VALID, State.SUSPENDED, State.EXPIRED), State.CANCELLED),
    Verb.REVOKE: dict.fromkeys((State.VALID, State.SUSPENDED, State.EXPIRED), State.REVOKED),
    Verb.REINSTATE: {State.CANCELLED: State.VALID},
}


class Status(StrEnum):
    """What the public learns of a number, and no more."""

    VALID = "valid"
    EXPIRED = "expired"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"


class IllegalMove(errors.Conflict):
    code = "certificate.illegal_move"
    zh, en = "该证件当前状态不允许此操作。", "The certificate's state does not allow this."


class NotRegular(errors.Conflict):
    code = "certificate.not_regular"
    zh, en = "仅在编在职执法人员可持证，辅助人员或离职人员不可。", "Only regular officers in service hold certificates."


class ExamMissing(errors.Conflict):
    code = "certificate.exam_missing"
    zh, en = "缺少有效的合格考试成绩：{kinds}。", "A valid pass is missing: {kinds}."


class NumberTaken(errors.Conflict):
    code = "certificate.number_taken"
    zh, en = "该证号已属他人，或已用于同一有效期。", "The number belongs to another officer, or to the same period already."


class Overlapping(errors.Conflict):
    code = "certificate.overlapping"
    zh, en = "该人员在此有效期内已有证件。", "The officer has a certificate in this period already."


class AppliedAlready(errors.Conflict):
    code = "certificate.applied_already"
    zh, en = "该人员已有待办的证件申请。", "An application of this officer waits already."


class NeverIssued(errors.Conflict):
    code = "certificate.never_issued"
    zh, en = "该申请从未发证，不能恢复。", "The application never led to a certificate; there is nothing to reinstate."


class SameExternalId(errors.Conflict):
    code = "certificate.duplicate_external_id"
    zh, en = "该外部编号已登记。", "This external id is taken already."


class OtherOfficer(errors.Conflict):
    code = "certificate.other_officer"
    zh, en = "该外部编号的证件属于另一人员。", "The certificate with this external id is another officer's."


class CertificateFacts(Protocol):
    """What a rule may know of a certificate; the row fits as it is. `state` is what was written down."""

    @property
    def state(self) -> str: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def suspended_from(self) -> date | None: ...
    @property
    def suspended_to(self) -> date | None: ...


class RuleFacts(Protocol):
    """What a rule may know of the dated rules about people."""

    @property
    def certificate_months(self) -> int: ...
    @property
    def required_exams(self) -> Sequence[str]: ...
    @property
    def exam_valid_months(self) -> int: ...
    @property
    def number_digits_min(self) -> int: ...
    @property
    def number_digits_max(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Period:
    """First and last day of validity."""

    valid_from: date
    valid_to: date

    def meets(self, other: Period) -> bool:
        """Whether both share a day."""
        return self.valid_from <= other.valid_to and other.valid_from <= self.valid_to


def state_on(certificate: CertificateFacts, day: date) -> State:
    """The state on a day. The database's `training.certificate_state` says the same."""
    written = State(certificate.state)
    if written is not State.VALID or certificate.valid_to is None:
        return written
    if day > certificate.valid_to:
        return State.EXPIRED
    begun = certificate.suspended_from is not None and certificate.suspended_from <= day
    return State.SUSPENDED if begun and (certificate.suspended_to is None or day <= certificate.suspended_to) else State.VALID


def why_not(verb: Verb, certificate: CertificateFacts, today: date) -> errors.DomainError | None:
    """The certificate's state today must allow the verb; what was never issued is not reinstated."""
    if state_on(certificate, today) not in MOVES[verb]:
        return IllegalMove()
    return NeverIssued() if verb is Verb.REINSTATE and certificate.valid_from is None else None


def why_not_hold(
    timeline: officers.Timeline, day: date, rule: RuleFacts | None, passes: Sequence[tuple[ExamKind, date]]
) -> errors.DomainError | None:
    """Only regular officers in service who passed the exams hold certificates. Before the first rule no exam is asked for."""
    spell = serving(timeline, day)
    if spell is None or spell.kind is not officers.OfficerKind.OFFICER:
        return NotRegular()
    missing = [kind for kind in (rule.required_exams if rule else ()) if not _has_pass(kind, day, rule, passes)]
    return ExamMissing(kinds=", ".join(missing)) if missing else None


def serving(timeline: officers.Timeline, day: date) -> officers.Spell | None:
    """The spell of service on a day; of a day to come the spell that goes on."""
    return next((s for s in timeline if s.from_on <= day and (s.to_on is None or day <= s.to_on)), None)


def _has_pass(kind: str, day: date, rule: RuleFacts | None, passes: Sequence[tuple[ExamKind, date]]) -> bool:
    months = rule.exam_valid_months if rule else 0
    return any(
        passed == kind and held_on <= day and (months == 0 or day < calendar.months_later(held_on, months))
        for passed, held_on in passes
    )


def period(valid_from: date, valid_to: date | None, rule: RuleFacts | None) -> Period | errors.Fault:
    """The period of a certificate: as long as the rule says, or shorter when a last day is given."""
    longest = calendar.months_later(valid_from, rule.certificate_months) - ONE_DAY if rule else None
    last = valid_to or longest
    if last is None:
        return errors.Fault("/body/valid_to", "missing")
    if last < valid_from:
        return errors.Fault("/body/valid_to", "certificate.ends_before_start")
    if longest is not None and last > longest:
        return errors.Fault("/body/valid_to", "certificate.too_long", {"limit": rule.certificate_months if rule else 0})
    return Period(valid_from, last)


def why_not_beside(wanted: Period, others: Sequence[Period]) -> errors.DomainError | None:
    """An officer holds one certificate at a time; a renewal begins when the old one has ended."""
    return Overlapping() if any(wanted.meets(other) for other in others) else None


def fault_of_act(on: date, today: date, first: date | None) -> errors.Fault | None:
    """What is done to a certificate has happened, and not before the certificate began."""
    if on > today:
        return errors.Fault("/body/on", "in_future")
    return errors.Fault("/body/on", "certificate.before_validity") if first is not None and on < first else None


def is_usual_number(number: str, rule: RuleFacts | None) -> bool:
    """Digits alone, as many as usual. Cards of other systems look otherwise, so this is a remark and no bar."""
    if rule is None:
        return True
    return number.isascii() and number.isdigit() and rule.number_digits_min <= len(number) <= rule.number_digits_max
