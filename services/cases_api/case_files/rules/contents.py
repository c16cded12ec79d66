"""Days, steps and officers of a case file: every fault is named, none stops the search for the next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from services.cases_api.case_files.rules import states
from services.cases_api.step_forms.rules import StepName
from services.kit import errors
from services.kit.errors import Fault


class Procedure(StrEnum):
    """Ordinary, summary (简易程序) or fast (快速办理)."""

    ORDINARY = "ordinary"
    SUMMARY = "summary"
    FAST = "fast"


# These steps are written from the file's own days and follow them; nobody enters them a second time.
KEPT: Final[Mapping[StepName, str]] = {
    StepName.FILING: "filed_on",
    StepName.DECISION: "decided_on",
    StepName.CLOSING: "closed_on",
    StepName.ARCHIVING: "archived_on",
}


# Days of the file that tell of what happened before or beside the procedure.
REPORTED: Final = ("act_ended_on", "discovered_on", "obstacle_ended_on", "keyed_in_on")


class OfflineReason(StrEnum):
    """Why a case was handled off line (福建省政府令第242号第17条): no network on site, platform fault, as a law demands."""

    NO_NETWORK = "no_network"
    PLATFORM_FAULT = "platform_fault"
    LAW = "law"


class StepFollowsFile(errors.Conflict):
    code = "case_file.step_follows_file"
    zh, en = "该步骤随案卷日期产生，不能单独删除。", "This step follows from the file's own days and cannot be removed by itself."


class Step(Protocol):
    """What a rule may know of a step as it comes in."""

    @property
    def step(self) -> str: ...
    @property
    def on(self) -> date: ...
    def reported_days(self) -> Iterator[tuple[str, date]]: ...
    def officers_named(self) -> Iterator[tuple[str, UUID]]: ...


class Reported(states.Days, Protocol):
    """The days of a file: those of its own course, and those that tell of what happened before or beside it."""

    @property
    def act_ended_on(self) -> date | None: ...
    @property
    def discovered_on(self) -> date | None: ...
    @property
    def obstacle_ended_on(self) -> date | None: ...
    @property
    def keyed_in_on(self) -> date | None: ...


class Contents(Reported, Protocol):
    """What the rules may know of a file: its days and its officers."""

    @property
    def officers(self) -> Sequence[UUID]: ...


# Officers by the district the training service publishes them for.
Officers = Mapping[UUID, UUID]


def kept_days(days: states.Days) -> dict[StepName, date]:
    """The steps that follow from the file's own days."""
    found = {step: getattr(days, name) for step, name in KEPT.items()}
    return {step: on for step, on in found.items() if on is not None}


def day_faults(days: Reported, today: date, at: str) -> Iterator[Fault]:
    """No day in the future, and no archiving without closing. Days out of order are facts to keep: the legal check tells them."""
    for name in (*KEPT.values(), *REPORTED):
        on = getattr(days, name)
        if on is not None and on > today:
            yield Fault(f"{at}/{name}", "day.in_the_future")
    if days.archived_on is not None and days.closed_on is None:
        yield Fault(f"{at}/closed_on", "missing")


def step_faults(steps: Sequence[Step], days: states.Days, today: date, at: str) -> Iterator[Fault]:
    """No reported day in the future; steps kept from the file's days agree with them and stand once at most."""
    kept, seen = kept_days(days), set[str]()
    for place, step in enumerate(steps):
        pointer = f"{at}/steps/{place}"
        yield from future_faults(step, today, pointer)
        if step.step not in KEPT:
            continue
        if step.step in seen:
            yield Fault(f"{pointer}/step", "repeated")
        elif kept.get(StepName(step.step)) != step.on:
            yield Fault(f"{pointer}/on", "step.other_day")
        seen.add(step.step)


def future_faults(step: Step, today: date, at: str) -> Iterator[Fault]:
    """What is reported has happened."""
    yield from (Fault(f"{at}/{name}", "day.in_the_future") for name, on in step.reported_days() if on > today)


def officer_faults(file: Contents, district_id: UUID, known: Officers, at: str) -> Iterator[Fault]:
    """Officers are distinct and known in the district. Whether they may act is told by the legal check, step by step."""
    for place, officer_id in enumerate(file.officers):
        if file.officers.index(officer_id) < place:
            yield Fault(f"{at}/officers/{place}", "repeated")
        elif known.get(officer_id) != district_id:
            yield Fault(f"{at}/officers/{place}", "not_found")


def step_officer_faults(step: Step, district_id: UUID, known: Officers, at: str) -> Iterator[Fault]:
    """Whoever a step names is known in the district."""
    for place, officer_id in step.officers_named():
        if known.get(officer_id) != district_id:
            yield Fault(f"{at}/{place}", "not_found")


def why_not_remove(step: StepName) -> errors.DomainError | None:
    """Steps kept from the file's days change with them only."""
    return StepFollowsFile() if step in KEPT else None
