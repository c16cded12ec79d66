"""What is done with entries of certificates: judged one by one, written together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.kit import audit, batches, clock, errors, ids
from services.kit.db import Session
from services.kit.errors import DomainError, Fault
from services.kit.principal import Principal, Role
from services.training_api.certificate_entries import queries
from services.training_api.certificate_entries.queries import ExternalKey, Known
from services.training_api.certificate_entries.schemas import EntriesIn, EntryIn
from services.training_api.certificates import actions as certificates
from services.training_api.certificates import rules
from services.training_api.certificates.rules import State, Verb
from services.training_api.certificates.tables import Certificate
from services.training_api.officers.schemas import PLATFORM
from services.training_api.officers.tables import Officer


@dataclass(frozen=True, slots=True)
class Entry:
    """An item found in order: a new certificate, or a correction of a known one."""

    wanted: EntryIn
    officer: Officer
    period: rules.Period
    certificate: Certificate
    is_new: bool


async def batch(session: Session, who: Principal, wanted: EntriesIn, now: datetime, language: str) -> batches.Outcomes:
    """Enters each certificate, or corrects the one its external id names; a repeat without news changes nothing."""
    found = await _known(session, who, wanted)
    seen: set[ExternalKey] = set()
    judged = [_judged(who, item, found, seen, now) for item in wanted.items]
    refused = any(isinstance(each, DomainError) for each in judged)
    if not (wanted.atomic and refused):
        await _write(session, who, [each for each in judged if isinstance(each, Entry)])
    if not audit.is_told(session):
        audit.nothing_changed(session)
    told = [each if isinstance(each, DomainError) else _done(each, spared=wanted.atomic and refused) for each in judged]
    return batches.told(session, told, atomic=wanted.atomic, language=language)


def _done(entry: Entry, *, spared: bool) -> batches.Done:
    return batches.SPARED if spared else (201 if entry.is_new else 200, entry.certificate.id)


async def _known(session: Session, who: Principal, wanted: EntriesIn) -> Known:
    people = [item.officer_id for item in wanted.items if item.officer_id is not None]
    named = [key for item in wanted.items if (key := _key(item.officer_external_system, item.officer_external_id))]
    keys = [key for item in wanted.items if (key := _key(item.external_system, item.external_id))]
    return await queries.known(session, who, people, named, keys, [item.number for item in wanted.items])


def _key(system: str | None, external_id: str | None) -> ExternalKey | None:
    return None if external_id is None else (system or PLATFORM, external_id)


def _judged(who: Principal, item: EntryIn, found: Known, seen: set[ExternalKey], now: datetime) -> Entry | DomainError:
    """The item as it will be written, or why it will not be; every fault of it at once."""
    officer = _officer(item, found)
    key = _key(item.external_system, item.external_id)
    rule = found.rule(officer, item.valid_from) if officer else None
    period = rules.period(item.valid_from, item.valid_to, rule) if officer else None
    faults = [
        None if officer else Fault("/body/officer_id" if item.officer_id else "/body/officer_external_id", "not_found"),
        period if isinstance(period, Fault) else None,
        Fault("/body/external_id", "repeated") if key in seen else None,
        Fault("/body/external_id", "missing") if key is None and Role.PLATFORM in who.roles else None,
    ]
    if any(faults) or officer is None or not isinstance(period, rules.Period):
        return errors.BadInput(*(fault for fault in faults if fault is not None))
    entry = _entry(item, officer, period, found, key, now)
    refusal = rules.why_not_hold(found.timelines[officer.id], item.valid_from, rule, found.passes[officer.id])
    refusal = _refusal(entry, found, now) or (refusal if _is_news(entry) else None)
    if refusal is not None:
        return refusal
    _claim(entry, found, seen, key)
    return entry


def _officer(item: EntryIn, found: Known) -> Officer | None:
    key = _key(item.officer_external_system, item.officer_external_id)
    officer_id = item.officer_id or (found.by_external_id.get(key) if key else None)
    return found.officers.get(officer_id) if officer_id else None


def _entry(item: EntryIn, officer: Officer, period: rules.Period, found: Known, key: ExternalKey | None, now: datetime) -> Entry:
    known = found.certificates.get(key) if key is not None else None
    if known is not None:
        return Entry(item, officer, period, known, is_new=False)
    made = Certificate(
        id=ids.new_id(),
        district_id=officer.district_id,
        unit_id=officer.unit_id,
        officer_id=officer.id,
        number=item.number,
        state=State.VALID.value,
        applied_on=min(item.valid_from, clock.local_day(now)),
        valid_from=period.valid_from,
        valid_to=period.valid_to,
        external_system=key[0] if key else None,
        external_id=key[1] if key else None,
        created_at=now,
    )
    return Entry(item, officer, period, made, is_new=True)


def _facts(entry: Entry) -> dict[str, Any]:
    return {"number": entry.wanted.number, "valid_from": entry.period.valid_from, "valid_to": entry.period.valid_to}


def _is_news(entry: Entry) -> bool:
    known = entry.certificate
    return entry.is_new or any(getattr(known, name) != value for name, value in _facts(entry).items())


def _refusal(entry: Entry, found: Known, now: datetime) -> DomainError | None:
    own, officer_id = entry.certificate.id, entry.officer.id
    if not entry.is_new:
        if entry.certificate.officer_id != officer_id:
            return rules.OtherOfficer()
        if _is_news(entry) and (refusal := rules.why_not(Verb.CHANGE, entry.certificate, clock.local_day(now))):
            return refusal
    others = found.numbers.get(entry.wanted.number, {})
    for other, (holder, first) in others.items():
        if other != own and (holder != officer_id or first == entry.period.valid_from):
            return rules.NumberTaken()
    beside = [period for other, period in found.periods.get(officer_id, {}).items() if other != own]
    return rules.why_not_beside(entry.period, beside) if _is_news(entry) else None


def _claim(entry: Entry, found: Known, seen: set[ExternalKey], key: ExternalKey | None) -> None:
    """Later items of the batch see what this one takes."""
    own, officer_id = entry.certificate.id, entry.officer.id
    if key is not None:
        seen.add(key)
    found.numbers.setdefault(entry.wanted.number, {})[own] = (officer_id, entry.period.valid_from)
    if _is_news(entry):
        found.periods.setdefault(officer_id, {})[own] = entry.period


async def _write(session: Session, who: Principal, entries: list[Entry]) -> None:
    new = [entry for entry in entries if entry.is_new]
    session.add_all([entry.certificate for entry in new])
    changed = [(entry, *_changes(entry)) for entry in entries if not entry.is_new and _is_news(entry)]
    for entry, _, after in changed:
        for name, value in after.items():
            setattr(entry.certificate, name, value)
    await session.flush()
    for entry in new:
        after = _facts(entry) | {"state": State.VALID}
        certificates.tell(session, who, entry.certificate, entry.officer, "issued", {}, after)
    for entry, before, after in changed:
        certificates.tell(session, who, entry.certificate, entry.officer, "changed", before, after)


def _changes(entry: Entry) -> tuple[dict[str, Any], dict[str, Any]]:
    facts = _facts(entry)
    return audit.changes({name: getattr(entry.certificate, name) for name in facts}, facts)
