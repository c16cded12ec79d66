"""Dates, steps and officers of a case file: every fault is named, none stops the search for the next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.cases_api.case_files.rules import states
from services.kit import errors
from services.kit.errors import Fault


class Procedure(StrEnum):
    """Ordinary, summary (简易程序) or fast (快速办理)."""

    ORDINARY = "ordinary"
    SUMMARY = "summary"
    FAST = "fast"


class StepName(StrEnum):
    """Dated events of a procedure, in the rough order of 行政处罚法 (2021) chapter 5."""

    FILING = "filing"
    EVIDENCE = "evidence"
    REGISTRATION_PRESERVATION = "registration_preservation"
    SEIZURE = "seizure"
    INVESTIGATION_END = "investigation_end"
    NOTICE = "notice"
    STATEMENT = "statement"
    HEARING_REQUEST = "hearing_request"
    HEARING_NOTICE = "hearing_notice"
    HEARING = "hearing"
    LEGAL_REVIEW = "legal_review"
    COLLECTIVE_DISCUSSION = "collective_discussion"
    DECISION = "decision"
    DELIVERY = "delivery"
    PUBLICITY = "publicity"
    PAYMENT = "payment"
    DEFERRAL = "deferral"
    REMINDER = "reminder"
    COURT_APPLICATION = "court_application"
    TRANSFER = "transfer"
    CLOSING = "closing"
    ARCHIVING = "archiving"


# These steps are written from the file's own days and follow them; nobody enters them a second time.
KEPT: Final[Mapping[StepName, str]] = {
    StepName.FILING: "filed_on",
    StepName.DECISION: "decided_on",
    StepName.CLOSING: "closed_on",
    StepName.ARCHIVING: "archived_on",
}
OFFICER: Final = "officer"


class StepFollowsFile(errors.Conflict):
    code = "case_file.step_follows_file"
    zh, en = "该步骤随案卷日期产生，不能单独删除。", "This step follows from the file's own days and cannot be removed by itself."


class Step(Protocol):
    """What a rule may know of a step."""

    @property
    def step(self) -> StepName: ...
    @property
    def on(self) -> date: ...


class Contents(states.Days, Protocol):
    """What the rules may know of a file: its days, its officers, and the ground on which others' officers act."""

    @property
    def officers(self) -> Sequence[UUID]: ...
    @property
    def joint_basis(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as the training service publishes it; `unit_path` runs from the district down to the officer's unit."""

    id: UUID
    district_id: UUID
    unit_path: tuple[UUID, ...]
    kind: str
    hired_on: date
    left_on: date | None


def kept_days(days: states.Days) -> dict[StepName, date]:
    """The steps that follow from the file's own days."""
    found = {step: getattr(days, name) for step, name in KEPT.items()}
    return {step: on for step, on in found.items() if on is not None}


def day_faults(days: states.Days, today: date, at: str) -> Iterator[Fault]:
    """No day in the future; decided ≥ filed, closed ≥ decided, archived ≥ closed (行政处罚法第54条, 第57条, 第60条)."""
    for name in KEPT.values():
        on = getattr(days, name)
        if on is not None and on > today:
            yield Fault(f"{at}/{name}", "day.in_the_future")
    if days.decided_on is not None and days.decided_on < days.filed_on:
        yield Fault(f"{at}/decided_on", "day.before_filing")
    if days.closed_on is not None and days.closed_on < (days.decided_on or days.filed_on):
        yield Fault(f"{at}/closed_on", "day.before_decision" if days.decided_on else "day.before_filing")
    if days.archived_on is not None and days.closed_on is None:
        yield Fault(f"{at}/closed_on", "missing")
    elif days.archived_on is not None and days.closed_on is not None and days.archived_on < days.closed_on:
        yield Fault(f"{at}/archived_on", "day.before_closing")


def step_faults(steps: Sequence[Step], days: states.Days, today: date, at: str) -> Iterator[Fault]:
    """Steps lie between filing and today; those kept from the file's days must agree with them and stand once at most."""
    kept, seen = kept_days(days), set[StepName]()
    for place, step in enumerate(steps):
        pointer = f"{at}/steps/{place}"
        if step.on > today:
            yield Fault(f"{pointer}/on", "day.in_the_future")
        if step.on < days.filed_on:
            yield Fault(f"{pointer}/on", "day.before_filing")
        if step.step in KEPT:
            if step.step in seen:
                yield Fault(f"{pointer}/step", "repeated")
            elif kept.get(step.step) != step.on:
                yield Fault(f"{pointer}/on", "step.other_day")
            seen.add(step.step)


def officer_faults(file: Contents, unit_id: UUID, district_id: UUID, known: Mapping[UUID, Officer], at: str) -> Iterator[Fault]:
    """Officers are distinct, of the district, no auxiliaries, in service on the day of filing (行政处罚法第42条).

    Officers of units that are neither this one nor below it need a ground for acting jointly.
    """
    for place, officer_id in enumerate(file.officers):
        code = _officer_fault(file, officer_id, unit_id, district_id, known.get(officer_id))
        if file.officers.index(officer_id) < place:
            code = "repeated"
        if code is not None:
            yield Fault(f"{at}/officers/{place}", code)


def _officer_fault(file: Contents, officer_id: UUID, unit_id: UUID, district_id: UUID, officer: Officer | None) -> str | None:
    if officer is None or officer.district_id != district_id:
        return "not_found"
    if officer.kind != OFFICER:
        return "officer.auxiliary"
    if officer.hired_on > file.filed_on or (officer.left_on is not None and officer.left_on < file.filed_on):
        return "officer.not_in_service"
    if unit_id not in officer.unit_path and file.joint_basis is None:
        return "officer.joint_basis_needed"
    return None


def why_not_remove(step: StepName) -> errors.DomainError | None:
    """Steps kept from the file's days change with them only."""
    return StepFollowsFile() if step in KEPT else None
