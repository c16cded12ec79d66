"""Rules of training classes. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.kit import clock, errors
from services.training_api.kinds import Category as Category
from services.training_api.kinds import ClassKind as ClassKind

HOURS_OF_A_DAY: Final = 2400
# Code of those who were present and missed more than the settings allow; they earn no hours.
MISSED_TOO_MUCH: Final = "class.missed_too_much"
ONE_DAY: Final = timedelta(days=1)
MINUTE: Final = timedelta(minutes=1)


class State(StrEnum):
    """Planned, held once hours were posted, or cancelled."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


class Seat(StrEnum):
    """Enrolled (已报名), waiting for a free seat (候补), or withdrawn (已退出)."""

    ENROLLED = "enrolled"
    WAITING = "waiting"
    WITHDRAWN = "withdrawn"


class ClassFacts(Protocol):
    """What a rule may know of a class."""

    @property
    def state(self) -> str: ...
    @property
    def category(self) -> str: ...
    @property
    def online(self) -> bool: ...
    @property
    def starts_at(self) -> datetime: ...
    @property
    def ends_at(self) -> datetime: ...
    @property
    def hundredths(self) -> int: ...


class HoursPosted(errors.Conflict):
    code = "class.hours_posted"
    zh, en = "该班已登记学时，须先冲正学时。", "Hours of this class are posted; reverse them first."


class Cancelled(errors.Conflict):
    code = "class.cancelled"
    zh, en = "该班已取消。", "The class is cancelled."


class NotOver(errors.Conflict):
    code = "class.not_over"
    zh, en = "该班尚未结束。", "The class is not over yet."


class AttendanceRecorded(errors.Conflict):
    code = "class.attendance_recorded"
    zh, en = "已有考勤，上课时间不能再改。", "Attendance is recorded; the times cannot change any more."


class Begun(errors.Conflict):
    code = "class.begun"
    zh, en = "该班已开始，不能退出，缺席请记考勤。", "The class has begun; record absence instead of withdrawing."


class NoSessionNow(errors.Conflict):
    code = "class.no_session_now"
    zh, en = "现在没有可签到的课次。", "No session is open for signing in now."


class NotBegun(errors.Conflict):
    code = "class.not_begun"
    zh, en = "该班尚未开始。", "The class has not begun."


def days_of(held: ClassFacts) -> tuple[date, date]:
    """First and last day of a class, in Asia/Shanghai."""
    return clock.local_day(held.starts_at), clock.local_day(held.ends_at)


def length_in_days(held: ClassFacts) -> int:
    """Calendar days from the first to the last, both included."""
    first, last = days_of(held)
    return (last - first) // ONE_DAY + 1


def faults_of_times(starts_at: datetime, ends_at: datetime, hundredths: int) -> list[errors.Fault]:
    """A class ends after it starts, within one calendar year (hours belong to one year), and fits its days."""
    first, last = clock.local_day(starts_at), clock.local_day(ends_at)
    if ends_at <= starts_at:
        return [errors.Fault("/body/ends_at", "class.ends_before_start")]
    if first.year != last.year:
        return [errors.Fault("/body/ends_at", "class.crosses_years")]
    most = ((last - first) // ONE_DAY + 1) * HOURS_OF_A_DAY
    return [fault] if (fault := fault_of_hours(hundredths, most)) else []


def faults_of_sessions(
    sessions: Sequence[tuple[datetime, datetime]], starts_at: datetime, ends_at: datetime
) -> list[errors.Fault]:
    """Sessions come in their order, each after the one before, all within the class."""
    faults = []
    for place, (begin, end) in enumerate(sessions):
        earliest = sessions[place - 1][1] if place else starts_at
        if end <= begin:
            faults.append(errors.Fault(f"/body/sessions/{place}/ends_at", "class.ends_before_start"))
        elif begin < earliest or end > ends_at:
            faults.append(errors.Fault(f"/body/sessions/{place}/starts_at", "class.session_out_of_place"))
    return faults


def fault_of_organiser(kind: str, organiser_id: UUID, coordinator_id: UUID | None) -> errors.Fault | None:
    """Joint classes for the townships are held by the unit that coordinates their enforcement (plan task 2), where one is set."""
    is_wrong = kind == ClassKind.JOINT_TOWNSHIP and coordinator_id is not None and coordinator_id != organiser_id
    return errors.Fault("/body/organiser_id", "class.not_coordinator") if is_wrong else None


def fault_of_hours(hundredths: int, most: int) -> errors.Fault | None:
    """Class hours lie above zero and at most at this many hundredths."""
    if hundredths <= 0:
        return errors.Fault("/body/hours", "hours.not_positive")
    return errors.Fault("/body/hours", "too_great", {"limit": most // 100}) if hundredths > most else None


def why_not_change(held: ClassFacts, *, times: bool, attended: bool) -> errors.DomainError | None:
    """Only a planned class is changed, and its times only while nobody's attendance is recorded."""
    return why_not_cancel(held) or (AttendanceRecorded() if times and attended else None)


def why_not_withdraw(held: ClassFacts, now: datetime) -> errors.DomainError | None:
    """Whoever withdraws does so before the class begins."""
    return why_not_attend(held) or (Begun() if now >= held.starts_at else None)


def why_not_cancel(held: ClassFacts) -> errors.DomainError | None:
    """Only a planned class is cancelled."""
    return {State.HELD: HoursPosted(), State.CANCELLED: Cancelled()}.get(State(held.state))


def why_not_attend(held: ClassFacts) -> errors.DomainError | None:
    """Nobody is enrolled in a cancelled class."""
    return Cancelled() if held.state == State.CANCELLED else None


def why_not_record(held: ClassFacts, now: datetime) -> errors.DomainError | None:
    """Who was present is known once the class has begun."""
    return why_not_attend(held) or (NotBegun() if now < held.starts_at else None)


def session_open_at(
    sessions: Sequence[tuple[int, datetime, datetime]], now: datetime, opens_before: timedelta
) -> tuple[int, int]:
    """The session to sign in to now and the minutes missed of it; signing in opens so long before it. Raises NoSessionNow."""
    for place, begin, end in sessions:
        if begin - opens_before <= now < end:
            return place, max(0, (now - begin) // MINUTE)
    raise NoSessionNow


def why_not_post_hours(held: ClassFacts, now: datetime) -> errors.DomainError | None:
    """Hours are posted when the class is over."""
    if held.state == State.CANCELLED:
        return Cancelled()
    return NotOver() if now < held.ends_at else None
