"""Rules of entries: every fault of a file as it comes in, and what ties a repeated import to the file it came to. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol
from uuid import UUID

from services.cases_api.case_files.rules import contents, parties
from services.cases_api.case_numbers import rules as numbers
from services.cases_api.kinds import CaseKind
from services.kit import errors
from services.kit.errors import Fault

AT = "/body"


class IdentityFixed(errors.Conflict):
    code = "case_file.identity_fixed"
    zh, en = (
        "案号随单位、类别和立案年度而定，导入不能改变这三项。",
        "The number rests on unit, kind and year of filing; an import cannot change them.",
    )


class Identity(Protocol):
    """What a file's number rests on."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def filed_on(self) -> date: ...


class Entry(contents.Contents, Protocol):
    """A file as it comes in."""

    @property
    def unit_id(self) -> UUID: ...
    @property
    def kind(self) -> CaseKind: ...
    @property
    def party(self) -> parties.Party: ...
    @property
    def steps(self) -> Sequence[contents.Step]: ...
    @property
    def case_number_id(self) -> UUID | None: ...
    @property
    def external_system(self) -> str | None: ...
    @property
    def external_id(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around one entry. Without a district the unit is none that the caller may enter files for."""

    district_id: UUID | None
    officers: contents.Officers
    number: numbers.NumberFacts | None
    today: date
    may_close: bool
    # An earlier import of this entry is known: it has its number already, and its officers are asked only when changed.
    repeats: bool
    ask_officers: bool


def faults(entry: Entry, around: Around) -> Iterator[Fault]:
    """Every fault of an entry."""
    yield from contents.day_faults(entry, around.today, AT)
    yield from contents.step_faults(entry.steps, entry, around.today, AT)
    yield from parties.faults(entry.party, f"{AT}/party")
    if (entry.external_id is None) != (entry.external_system is None):
        yield Fault(f"{AT}/{'external_id' if entry.external_id is None else 'external_system'}", "missing")
    if around.district_id is None:
        yield Fault(f"{AT}/unit_id", "not_found")
        return
    yield from _faults_of_unit(entry, around.district_id, around)


def _faults_of_unit(entry: Entry, district_id: UUID, around: Around) -> Iterator[Fault]:
    if around.ask_officers:
        yield from contents.officer_faults(entry, district_id, around.officers, AT)
        for place, step in enumerate(entry.steps):
            yield from contents.step_officer_faults(step, district_id, around.officers, f"{AT}/steps/{place}")
    for name in ("closed_on", "archived_on"):
        if getattr(entry, name) is not None and not around.may_close:
            yield Fault(f"{AT}/{name}", "right.close_needed")
    if entry.case_number_id is not None and not around.repeats:
        pointer = f"{AT}/case_number_id"
        fault = numbers.fault_of_use(around.number, entry.unit_id, entry.kind, entry.filed_on.year, pointer)
        if fault is not None:
            yield fault


def why_not_same(file: Identity, entry: Identity) -> errors.DomainError | None:
    """A repeated import must be of the same unit, kind and year of filing."""
    then = (file.unit_id, file.kind, file.filed_on.year)
    return None if then == (entry.unit_id, entry.kind, entry.filed_on.year) else IdentityFixed()
