"""Rules of training classes. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final, Protocol

from services.kit import clock, errors

HOURS_OF_A_DAY: Final = 2400
ONE_DAY: Final = timedelta(days=1)


class ClassKind(StrEnum):
    """初任, 任职, 专门业务, 在职, 乡镇街道联合, 轮训, 政治培训 (plan tasks 2-4)."""

    INDUCTION = "induction"
    APPOINTMENT = "appointment"
    PROFESSIONAL = "professional"
    IN_SERVICE = "in_service"
    JOINT_TOWNSHIP = "joint_township"
    ROTATION = "rotation"
    POLITICAL = "political"


class Category(StrEnum):
    """公共法律知识, 业务知识, 行政执法技能 (plan task 2), and 政治."""

    PUBLIC_LAW = "public_law"
    BUSINESS = "business"
    SKILLS = "skills"
    POLITICAL = "political"


class State(StrEnum):
    """Planned, held once hours were posted, or cancelled."""

    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"


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


def fault_of_hours(hundredths: int, most: int) -> errors.Fault | None:
    """Class hours lie above zero and at most at this many hundredths."""
    if hundredths <= 0:
        return errors.Fault("/body/hours", "hours.not_positive")
    return errors.Fault("/body/hours", "too_great", {"limit": most // 100}) if hundredths > most else None


def why_not_cancel(held: ClassFacts) -> errors.DomainError | None:
    """Only a planned class is cancelled."""
    return {State.HELD: HoursPosted(), State.CANCELLED: Cancelled()}.get(State(held.state))


def why_not_attend(held: ClassFacts) -> errors.DomainError | None:
    """Nobody is enrolled in a cancelled class."""
    return Cancelled() if held.state == State.CANCELLED else None


def why_not_record(held: ClassFacts, now: datetime) -> errors.DomainError | None:
    """Who was present is known once the class has begun."""
    return why_not_attend(held) or (NotBegun() if now < held.starts_at else None)


def why_not_post_hours(held: ClassFacts, now: datetime) -> errors.DomainError | None:
    """Hours are posted when the class is over."""
    if held.state == State.CANCELLED:
        return Cancelled()
    return NotOver() if now < held.ends_at else None
