"""How officers come in: entered one by one, or entered and corrected in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.kit import audit, batches, clock, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import DomainError, Fault
from services.kit.personal import Vault
from services.kit.principal import Principal, Role
from services.training_api.officer_entries import queries
from services.training_api.officer_entries.queries import ExternalKey, Holders, Known
from services.training_api.officers import actions as officers
from services.training_api.officers import queries as officer_queries
from services.training_api.officers import rules
from services.training_api.officers.schemas import PLATFORM, BatchIn, OfficerChange, OfficerIn
from services.training_api.officers.tables import Officer


@dataclass(frozen=True, slots=True)
class Claimed:
    """External ids and identity numbers that items before these have taken."""

    keys: set[ExternalKey] = field(default_factory=set)
    numbers: Holders = field(default_factory=dict)


@dataclass(slots=True)
class Desk:
    """Where a batch is judged: all it speaks of, read beforehand, and what its earlier items have brought."""

    who: Principal
    vault: Vault
    now: datetime
    units: officer_queries.Units
    known: Known
    keys: set[ExternalKey]

    def unit_of(self, wanted: OfficerIn) -> references.Unit | None:
        """The unit named, as far as the caller reaches it."""
        unit = self.units.units.get(wanted.unit_id)
        return unit if unit is not None and rights.covers(self.who, unit.path) else None


@dataclass(frozen=True, slots=True)
class Entry:
    """An item found in order: somebody new, or a correction of somebody known."""

    wanted: OfficerIn
    unit: references.Unit
    number: str
    officer: Officer | None = None
    correction: officers.Correction | None = None


async def create(session: Session, who: Principal, vault: Vault, wanted: OfficerIn, now: datetime) -> Officer:
    """Adds an officer to a unit. Raises BadInput (unit, number, day), SamePerson, SameExternalId."""
    desk = await desk_for(session, who, vault, [wanted], now)
    entry = judged(desk, wanted)
    if isinstance(entry, DomainError):
        raise entry
    if entry.officer is not None:
        raise rules.SameExternalId
    (made,) = await _enter(session, desk, [entry])
    return made


async def batch(
    session: Session, who: Principal, vault: Vault, wanted: BatchIn, now: datetime, language: str
) -> batches.Outcomes:
    """Enters each officer, or corrects the one its external id names; a repeat without news changes nothing.

    Statements do not grow with what is new: all items are judged first, then written together.
    """
    desk = await desk_for(session, who, vault, wanted.items, now)
    found = [judged(desk, item) for item in wanted.items]
    refused = any(isinstance(each, DomainError) for each in found)
    results: dict[int, batches.Done] = {}
    if not (wanted.atomic and refused):
        results = await write(session, desk, {i: each for i, each in enumerate(found) if isinstance(each, Entry)})
    if not audit.is_told(session):
        audit.nothing_changed(session)
    told = [each if isinstance(each, DomainError) else results.get(i, batches.SPARED) for i, each in enumerate(found)]
    return batches.told(session, told, atomic=wanted.atomic, language=language)


async def desk_for(
    session: Session,
    who: Principal,
    vault: Vault,
    items: Sequence[OfficerIn],
    now: datetime,
    claimed: Claimed | None = None,
) -> Desk:
    """All that these items speak of. What was claimed before them counts, and grows by what they claim."""
    units = await officer_queries.units_around(session, [item.unit_id for item in items])
    numbers = {rules.normal_number(item.id_type, item.id_number) for item in items} - {None}
    indexes = [index for number in numbers if number for index in vault.indexes(number, officers.SEALED_FOR)]
    keys = [key for item in items if (key := _key(item, units.units.get(item.unit_id))) is not None]
    claimed = claimed or Claimed()
    known = await queries.known(session, who, units.units, keys, indexes)
    claimed.numbers.update(known.holders)
    return Desk(who, vault, now, units, replace(known, holders=claimed.numbers), claimed.keys)


def _key(wanted: OfficerIn, unit: references.Unit | None) -> ExternalKey | None:
    system = _system(wanted)
    return None if unit is None or system is None else (unit.district_id, system, wanted.external_id or "")


def _system(wanted: OfficerIn) -> str | None:
    return (wanted.external_system or PLATFORM) if wanted.external_id is not None else None


def judged(desk: Desk, wanted: OfficerIn) -> Entry | DomainError:
    """The item as it will be written, or why it will not be; every fault of it at once."""
    unit = desk.unit_of(wanted)
    number = rules.normal_number(wanted.id_type, wanted.id_number)
    key = _key(wanted, unit)
    faults = faults_of(desk, wanted)
    if faults or unit is None or number is None:
        return errors.BadInput(*faults)
    if key is not None and key in desk.known.unseen:
        return rules.SameExternalId()
    officer = desk.known.officers.get(key) if key is not None else None
    try:
        entry = _correction(desk, wanted, unit, number, officer) if officer else Entry(wanted, unit, number)
    except DomainError as refusal:
        return refusal
    return _claimed(desk, entry, key)


def faults_of(desk: Desk, wanted: OfficerIn) -> list[Fault]:
    """What is wrong with an item by itself, and with its external id beside those of the items before it."""
    unit, number = desk.unit_of(wanted), rules.normal_number(wanted.id_type, wanted.id_number)
    key = _key(wanted, unit)
    nameless = Role.PLATFORM in desk.who.roles and wanted.external_id is None
    found = [
        rules.fault_of_unit(unit, desk.units.enforcing, unit is not None, wanted.hired_on),
        None if number else Fault("/body/id_number", "officer.id_number"),
        rules.fault_of_day(wanted.hired_on, clock.local_day(desk.now), "/body/hired_on"),
        Fault("/body/external_id", "missing") if nameless else None,
        Fault("/body/external_id", "repeated") if key is not None and key in desk.keys else None,
    ]
    return [fault for fault in found if fault is not None]


def _correction(desk: Desk, wanted: OfficerIn, unit: references.Unit, number: str, officer: Officer) -> Entry:
    """Raises OtherUnit, HasLeft for another first day, and whatever a correction meets."""
    if officer.unit_id != unit.id:
        raise rules.OtherUnit(Fault("/body/unit_id", "officer.other_unit"))
    facts = wanted.model_dump(exclude={"unit_id", "external_system", "external_id"})
    spells = desk.known.timelines[officer.id]
    return Entry(wanted, unit, number, officer, officers.corrected(officer, OfficerChange(**facts), spells, desk.vault, desk.now))


def _claimed(desk: Desk, entry: Entry, key: ExternalKey | None) -> Entry | DomainError:
    """Takes number and external id for this item; SamePerson when somebody else in service has the number."""
    serving = entry.officer is None or entry.officer.left_on is None
    marks = [(entry.unit.district_id, index) for index in desk.vault.indexes(entry.number, officers.SEALED_FOR)]
    own = entry.officer.id if entry.officer else None
    if serving and any(desk.known.holders.get(mark, own) != own for mark in marks):
        return rules.SamePerson()
    if serving:
        # Nobody's id yet: whoever else claims the number in this batch is another person.
        desk.known.holders.update(dict.fromkeys(marks, own or UUID(int=0)))
    if key is not None:
        desk.keys.add(key)
    return entry


def holder_of(desk: Desk, wanted: OfficerIn) -> UUID | None:
    """Who in service has the item's identity number; UUID 0 for another item."""
    unit, number = desk.unit_of(wanted), rules.normal_number(wanted.id_type, wanted.id_number)
    if unit is None or number is None:
        return None
    marks = [(unit.district_id, index) for index in desk.vault.indexes(number, officers.SEALED_FOR)]
    return next((desk.known.holders[mark] for mark in marks if mark in desk.known.holders), None)


async def write(session: Session, desk: Desk, entries: Mapping[int, Entry]) -> dict[int, batches.Done]:
    """Writes what was judged good; what became of each."""
    new = {place: entry for place, entry in entries.items() if entry.officer is None}
    made = await _enter(session, desk, list(new.values()))
    results: dict[int, batches.Done] = {place: (201, officer.id) for place, officer in zip(new, made, strict=True)}
    for place, entry in entries.items():
        if entry.officer is not None and entry.correction is not None:
            results[place] = (200, entry.officer.id)
            if entry.correction:
                spells = desk.known.timelines[entry.officer.id]
                await officers.apply(session, desk.who, entry.officer, entry.correction, spells, desk.vault, desk.now)
    return results


async def _enter(session: Session, desk: Desk, entries: Sequence[Entry]) -> list[Officer]:
    made = [_row(desk, entry) for entry in entries]
    session.add_all(made)
    await session.flush()
    first = [rules.Spell(entry.unit.id, entry.wanted.kind, entry.wanted.hired_on) for entry in entries]
    await officer_queries.begin(session, list(zip(made, first, strict=True)), desk.now)
    for entry, officer in zip(entries, made, strict=True):
        officers.tell(session, desk.who, officer, "created", {}, officers.harmless(entry.wanted.model_dump(mode="json")))
    return made


def _row(desk: Desk, entry: Entry) -> Officer:
    wanted = entry.wanted
    officer = Officer(
        id=ids.new_id(),
        district_id=entry.unit.district_id,
        id_type=wanted.id_type.value,
        kind=wanted.kind.value,
        posts=list(wanted.posts),
        external_system=_system(wanted),
        created_at=desk.now,
        **wanted.model_dump(include={"unit_id", "name", "hired_on", "external_id"}),
    )
    officers.seal(officer, desk.vault, entry.number)
    return officer
