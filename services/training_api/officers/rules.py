"""Rules of officers. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, Final, Protocol
from uuid import UUID

from services.kit import errors, identity

# Other documents (passport, residence permit) have no common form: letters, digits, hyphens and brackets within bounds.
OTHER_DOCUMENT: Final = re.compile(r"[A-Z0-9][A-Z0-9()\-]{4,29}")
ONE_DAY: Final = timedelta(days=1)


class OfficerKind(StrEnum):
    """Regular officers (执法人员) owe training hours; auxiliary staff (辅助人员) do not."""

    OFFICER = "officer"
    AUXILIARY = "auxiliary"


class IdType(StrEnum):
    """Resident identity card (GB 11643), or any other document."""

    RESIDENT = "resident"
    OTHER = "other"


class SamePerson(errors.Conflict):
    code = "officer.duplicate"
    zh, en = "该证件号码已登记为本区在职人员。", "An officer in service in this district has this identity number already."


class SameExternalId(errors.Conflict):
    code = "officer.duplicate_external_id"
    zh, en = "该外部编号已登记。", "This external id is taken already."


class HasLeft(errors.Conflict):
    code = "officer.has_left"
    zh, en = "该人员已离职。", "The officer has left service."


class SameUnit(errors.Conflict):
    code = "officer.same_unit"
    zh, en = "该人员已在此单位。", "The officer belongs to this unit already."


class OtherUnit(errors.Conflict):
    code = "officer.other_unit"
    zh, en = "该人员登记在另一单位，请办理调动。", "The officer belongs to another unit; use the transfer."


class StillServes(errors.Conflict):
    code = "officer.still_serves"
    zh, en = "该人员仍在职，无须重新入职。", "The officer is in service; there is nothing to take up again."


class SameKind(errors.Conflict):
    code = "officer.same_kind"
    zh, en = "该人员已是此类人员。", "The officer is of this kind already."


class KindChanged(errors.Conflict):
    code = "officer.kind_changed"
    zh, en = "该人员曾转换类别，请按日期办理转换。", "The kind changed over time; use the reclassification, which has a day."


class BeforeService(errors.Conflict):
    code = "officer.before_service"
    zh, en = "日期早于该人员在现单位任职之日。", "The day lies before the officer's service in the present unit."


class AfterMove(errors.Conflict):
    code = "officer.after_move"
    zh, en = "入职日期晚于首次调动或离职之日。", "Service cannot begin after the first move or the end of service."


@dataclass(frozen=True, slots=True)
class Spell:
    """Service in one unit from its first to its last day; without a last day it goes on."""

    unit_id: UUID
    kind: OfficerKind
    from_on: date
    to_on: date | None = None


Timeline = tuple[Spell, ...]


def normal_number(id_type: IdType, number: str) -> str | None:
    """The number as it is sealed and compared, or None when it is none: for residents length, date, division and check sign."""
    if id_type is IdType.RESIDENT:
        compact = identity.compact(number)
        return compact if identity.is_resident_id(compact) else None
    compact = number.strip().upper()
    return compact if OTHER_DOCUMENT.fullmatch(compact) else None


def fault_of_day(day: date, today: date, pointer: str) -> errors.Fault | None:
    """Facts are recorded when they have happened."""
    return errors.Fault(pointer, "in_future") if day > today else None


class UnitFacts(Protocol):
    """What a rule may know of a unit."""

    @property
    def path(self) -> Sequence[UUID]: ...
    @property
    def valid_to(self) -> date | None: ...


def fault_of_unit(
    unit: UnitFacts | None, enforcing: Collection[UUID], reached: bool, day: date, pointer: str = "/body/unit_id"
) -> errors.Fault | None:
    """Officers serve in units that enforce, or in parts of such a unit, as long as the unit lasts.

    `enforcing` are the units that enforce themselves. A unit out of the caller's reach is as good as none.
    """
    if unit is None or not reached:
        return errors.Fault(pointer, "not_found")
    if not any(part in enforcing for part in unit.path):
        return errors.Fault(pointer, "officer.unit_does_not_enforce")
    if unit.valid_to is not None and unit.valid_to < day:
        return errors.Fault(pointer, "officer.unit_not_in_force")
    return None


def begun(timeline: Timeline, hired_on: date) -> Timeline:
    """Service with another first day (a correction). Raises AfterMove."""
    first = timeline[0]
    if first.to_on is not None and hired_on > first.to_on:
        raise AfterMove
    return (replace(first, from_on=hired_on), *timeline[1:])


def of_kind(timeline: Timeline, kind: OfficerKind) -> Timeline:
    """Service of another kind throughout (a correction). Raises KindChanged where it was of two kinds already."""
    if len({spell.kind for spell in timeline}) > 1:
        raise KindChanged
    return tuple(replace(spell, kind=kind) for spell in timeline)


def moved(timeline: Timeline, unit_id: UUID, on: date) -> Timeline:
    """Service that goes on in another unit from this day; what came before stays. Raises HasLeft, SameUnit, BeforeService."""
    if timeline[-1].to_on is None and timeline[-1].unit_id == unit_id:
        raise SameUnit
    return _goes_on(timeline, on, unit_id=unit_id)


def reclassified(timeline: Timeline, kind: OfficerKind, on: date) -> Timeline:
    """Service that goes on as another kind from this day (招录, 转岗). Raises HasLeft, SameKind, BeforeService."""
    if timeline[-1].to_on is None and timeline[-1].kind is kind:
        raise SameKind
    return _goes_on(timeline, on, kind=kind)


def _goes_on(timeline: Timeline, on: date, **changes: Any) -> Timeline:
    *earlier, last = timeline
    if last.to_on is not None:
        raise HasLeft
    if on <= last.from_on:
        raise BeforeService
    return (*earlier, replace(last, to_on=on - ONE_DAY), replace(last, from_on=on, **changes))


def rejoined(timeline: Timeline, unit_id: UUID, kind: OfficerKind, on: date) -> Timeline:
    """Service taken up again after it had ended; the hours of before stay the person's. Raises StillServes, BeforeService."""
    last = timeline[-1]
    if last.to_on is None:
        raise StillServes
    if on <= last.to_on:
        raise BeforeService
    return (*timeline, Spell(unit_id, kind, on))


def ended(timeline: Timeline, on: date) -> Timeline:
    """Service that ends with this day. Raises HasLeft, BeforeService."""
    *earlier, last = timeline
    if last.to_on is not None:
        raise HasLeft
    if on < last.from_on:
        raise BeforeService
    return (*earlier, replace(last, to_on=on))


def is_in_service(timeline: Sequence[Spell], day: date) -> bool:
    """Whether the officer served on this day, in whichever unit."""
    return any(spell.from_on <= day and (spell.to_on is None or day <= spell.to_on) for spell in timeline)
