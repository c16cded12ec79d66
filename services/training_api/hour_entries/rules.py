"""Rules of class hours. Pure; hours are whole hundredths."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from services.kit import clock, errors
from services.training_api.classes import rules as classes

DAY: Final = timedelta(days=1)


class Source(StrEnum):
    """面授, 网络, 授课, 自学."""

    CLASS = "class"
    ONLINE = "online"
    TEACHING = "teaching"
    SELF_STUDY = "self_study"


class State(StrEnum):
    """Posted hours count; pending ones wait for the unit's leader; refused ones never counted."""

    PENDING = "pending"
    POSTED = "posted"
    REFUSED = "refused"


class Effective(StrEnum):
    """Which day, and so which year, loses the hours of a reversal (冲正)."""

    ORIGINAL = "original"
    TODAY = "today"


class DayFull(errors.Conflict):
    code = "hours.day_full"
    zh, en = "该人员当日学时合计超过 24。", "The hours of this officer on that day would exceed 24."


class Overlap(errors.Conflict):
    code = "hours.overlap"
    zh, en = "与该人员已登记学时的时段重叠。", "The times overlap with other posted hours of this officer."


class ClassPosted(errors.Conflict):
    code = "hours.class_already_posted"
    zh, en = "该人员在此班的学时已登记。", "The hours of this class are posted for this officer already."


class SameExternalId(errors.Conflict):
    code = "hours.duplicate_external_id"
    zh, en = "该外部编号的学时已登记。", "Hours with this external id are recorded already."


class CourseTwice(errors.Conflict):
    code = "hours.online_course_twice"
    zh, en = "该人员本年度已登记同一网络课程。", "This officer has hours of the same online course in that year already."


class OverCap(errors.Conflict):
    code = "hours.source_cap"
    zh = "该人员本年度此来源的学时将超过上限 {limit}。"
    en = "The officer's hours of this source in that year would exceed the cap of {limit}."


class NotInService(errors.Conflict):
    code = "hours.not_in_service"
    zh, en = "该人员当日不在职。", "The officer was not in service on that day."


class NotPending(errors.Conflict):
    code = "hours.not_pending"
    zh, en = "该学时无须确认。", "These hours need no decision."


class AlreadyDecided(errors.Conflict):
    code = "hours.already_decided"
    zh, en = "该学时已确认或退回。", "These hours were confirmed or refused already."


class NotPosted(errors.Conflict):
    code = "hours.not_posted"
    zh, en = "该学时未计入，无须冲正。", "These hours do not count, so there is nothing to reverse."


class IsReversal(errors.Conflict):
    code = "hours.is_reversal"
    zh, en = "冲正记录不能再冲正。", "A reversal cannot be reversed."


class AlreadyReversed(errors.Conflict):
    code = "hours.already_reversed"
    zh, en = "该学时已冲正。", "These hours were reversed already."


class BeforeOriginal(errors.Conflict):
    code = "hours.before_original"
    zh, en = "冲正日期早于原记录日期。", "The reversal would be dated before the hours it undoes."


@dataclass(frozen=True, slots=True)
class Claim:
    """Hours of one person over one or more whole days (the last is `occurred_on`), perhaps at known times of one day."""

    hundredths: int
    occurred_on: date
    days: int = 1
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    source: Source = Source.CLASS
    course: str | None = None

    @property
    def year(self) -> int:
        """The year the hours count for."""
        return self.occurred_on.year

    @property
    def first_on(self) -> date:
        """The first day claimed."""
        return self.occurred_on - (self.days - 1) * DAY

    def share_of(self, day: date) -> int:
        """Hundredths that fall on a day: the even share, rounded up, of each day claimed."""
        return -(-self.hundredths // self.days) if self.first_on <= day <= self.occurred_on else 0

    def meets(self, other: Claim) -> bool:
        """Whether the known times of both overlap; touching ends do not."""
        if self.starts_at is None or self.ends_at is None or other.starts_at is None or other.ends_at is None:
            return False
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """What a rule may know of an entry: its day, what it was entered as, what was decided, what it reverses or is reversed by."""

    occurred_on: date
    entered_as: State
    decision: State | None = None
    is_reversal: bool = False
    is_reversed: bool = False
    is_sealed: bool = False

    @property
    def state(self) -> State:
        """The state as read."""
        return State.POSTED if self.entered_as is State.POSTED else self.decision or State.PENDING

    @property
    def version(self) -> int:
        """Twice the changes so far, plus one when sealed: an ETag tells both, a precondition asks for the changes alone."""
        return 2 * (1 + (self.decision is not None) + self.is_reversed) + self.is_sealed


def demand_version(found: EntryFacts, wanted: int) -> None:
    """Raises Stale when the entry was decided or reversed meanwhile; sealing, which changes nothing, is let pass."""
    if found.version // 2 != wanted // 2:
        raise errors.Stale


def claim_of_class(held: classes.ClassFacts, title: str) -> Claim:
    """What one participant earns. Times stand on the claim only when the class lasts one day; an online class is a course."""
    _, last = classes.days_of(held)
    days = classes.length_in_days(held)
    starts_at, ends_at = (held.starts_at, held.ends_at) if days == 1 else (None, None)
    source, course = (Source.ONLINE, title) if held.online else (Source.CLASS, None)
    return Claim(held.hundredths, last, days, starts_at, ends_at, source, course)


def faults_of_claim(claim: Claim, today: date, serving: bool) -> list[errors.Fault]:
    """Hours lie in the past or present, in service, above zero, and within 24 a day."""
    faults: list[errors.Fault | None] = [
        errors.Fault("/body/occurred_on", "hours.in_future") if claim.occurred_on > today else None,
        errors.Fault("/body/occurred_on", "hours.not_in_service") if not serving else None,
        classes.fault_of_hours(claim.hundredths, claim.days * classes.HOURS_OF_A_DAY),
        fault_of_times(claim),
    ]
    return [fault for fault in faults if fault is not None]


def fault_of_times(claim: Claim) -> errors.Fault | None:
    """Both times or none; they begin on the day claimed and last at most 24 hours."""
    if claim.starts_at is None and claim.ends_at is None:
        return None
    if claim.starts_at is None or claim.ends_at is None:
        return errors.Fault("/body/ends_at" if claim.ends_at is None else "/body/starts_at", "missing")
    fits = claim.starts_at < claim.ends_at <= claim.starts_at + DAY and clock.local_day(claim.starts_at) == claim.occurred_on
    return None if fits else errors.Fault("/body/ends_at", "hours.times")


def faults_of_match(claim: Claim, category: str, held: classes.ClassFacts, most: int | None) -> list[errors.Fault]:
    """Hours said to come from a class agree with it in category, source and days, and are no more than it gives (`most`)."""
    first, last = classes.days_of(held)
    usual = Source.ONLINE if held.online else Source.CLASS
    faults = []
    if held.state == classes.State.CANCELLED:
        faults.append(errors.Fault("/body/class_id", "class.cancelled"))
    if category != held.category:
        faults.append(errors.Fault("/body/category", "hours.class_mismatch"))
    if claim.source not in {usual, Source.TEACHING}:
        faults.append(errors.Fault("/body/source", "hours.class_mismatch"))
    if not first <= claim.occurred_on <= last:
        faults.append(errors.Fault("/body/occurred_on", "hours.class_mismatch"))
    if most is not None and claim.hundredths > most:
        faults.append(errors.Fault("/body/hours", "hours.above_class", {"limit": shown(most)}))
    return faults


def shown(hundredths: int) -> str:
    """Hundredths as hours without needless zeros: 60 for 6000, 12.5 for 1250."""
    whole, rest = divmod(hundredths, 100)
    return f"{whole}" + (f".{rest:02}".rstrip("0") if rest else "")


def why_not_add(claim: Claim, posted: Sequence[Claim]) -> errors.DomainError | None:
    """No double count: at most 24 hours on each day, no overlapping times. `posted` are standing claims of the same person."""
    if any(claim.meets(other) for other in posted):
        return Overlap()
    if any(_total(day, (claim, *posted)) > classes.HOURS_OF_A_DAY for day in _days(claim)):
        return DayFull()
    return None


def _days(claim: Claim) -> Iterable[date]:
    return (claim.first_on + place * DAY for place in range(claim.days))


def _total(day: date, claims: Iterable[Claim]) -> int:
    return sum(claim.share_of(day) for claim in claims)


def why_not_decide(entry: EntryFacts) -> errors.DomainError | None:
    """Pending hours are decided once."""
    if entry.entered_as is not State.PENDING:
        return NotPending()
    return AlreadyDecided() if entry.decision is not None else None


def why_not_reverse(entry: EntryFacts, on: date) -> errors.DomainError | None:
    """Posted hours are reversed once, by an entry that is not itself reversed and not dated before them."""
    if entry.is_reversal:
        return IsReversal()
    if entry.is_reversed:
        return AlreadyReversed()
    if entry.state is not State.POSTED:
        return NotPosted()
    return BeforeOriginal() if on < entry.occurred_on else None
