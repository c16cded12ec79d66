"""What is done with class hours: entered, decided, reversed, posted for a whole class."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit import audit, clock, errors, ids, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.classes import actions as class_actions
from services.training_api.classes import queries as classes
from services.training_api.classes import rules as class_rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.enrolments import queries as enrolments
from services.training_api.hour_entries import queries, rules
from services.training_api.hour_entries.schemas import PLATFORM, EntryIn, PostedOut, RefusedOfficer, ReversalIn
from services.training_api.hour_entries.tables import HourDecision, HourEntry
from services.training_api.officers import queries as officers
from services.training_api.officers import rules as officer_rules
from services.training_api.officers.tables import Officer

OBJECT = "hour_entry"


async def post(session: Session, who: Principal, wanted: EntryIn, now: datetime) -> HourEntry:
    """Enters hours of an officer. Raises BadInput, DayFull, Overlap, ClassPosted, SameExternalId."""
    held = await classes.named(session, who.district_id, wanted.class_id)
    officer = await officers.lock(session, who, wanted.officer_id)
    claim = _claim_of(wanted, held)
    await _demand_sound(session, officer, wanted, held, claim, now)
    state = rules.entered_as(wanted.source)
    if state is rules.State.POSTED:
        await _demand_room(session, officer.id, claim)
    entry = _entry(who, officer, claim, now, category=wanted.category.value, source=wanted.source.value)
    entry.entered_as, entry.note = state.value, wanted.note
    await _take_external_id(session, entry, wanted)
    if held is not None:
        entry.class_id, entry.class_turn = held.id, await queries.class_turn(session, held.id, officer.id)
        await class_actions.hold(session, who, held)
    await _add(session, who, entry, "entered")
    return entry


async def decide(
    session: Session, who: Principal, entry_id: UUID, version: int, decision: rules.State, reason: str | None, now: datetime
) -> None:
    """Confirms or refuses pending hours, once. Raises NotFound, NotPending, AlreadyDecided, Stale, DayFull, Overlap."""
    entry = await queries.entry(session, who, entry_id)
    await officers.lock_all(session, [entry.officer_id])
    facts = await queries.facts_of(session, entry)
    raise_if(rules.why_not_decide(facts))
    rules.demand_version(facts, version)
    if decision is rules.State.POSTED:
        await _demand_room(session, entry.officer_id, queries.claim(entry))
    made = HourDecision(entry_id=entry.id, decision=decision.value, reason=reason, decided_by=who.account_id, decided_at=now)
    session.add(made)
    await session.flush()
    verb = "confirmed" if decision is rules.State.POSTED else "refused"
    _tell(session, who, entry, verb, facts.version + 2, {"state": decision.value}, reason=reason)


async def reverse(session: Session, who: Principal, entry_id: UUID, version: int, wanted: ReversalIn, now: datetime) -> HourEntry:
    """Undoes posted hours by their exact mirror, on the original's day or today: that day's year loses them.

    Raises NotFound, IsReversal, AlreadyReversed, NotPosted, BeforeOriginal, Stale.
    """
    original = await queries.entry(session, who, entry_id)
    await officers.lock_all(session, [original.officer_id])
    facts = await queries.facts_of(session, original)
    on = original.occurred_on if wanted.effective is rules.Effective.ORIGINAL else clock.local_day(now)
    raise_if(rules.why_not_reverse(facts, on))
    rules.demand_version(facts, version)
    mirror = HourEntry(
        id=ids.new_id(),
        district_id=original.district_id,
        unit_id=original.unit_id,
        officer_id=original.officer_id,
        category=original.category,
        hundredths=-original.hundredths,
        occurred_on=on,
        days=original.days if on == original.occurred_on else 1,
        source=original.source,
        class_id=original.class_id,
        entered_as=rules.State.POSTED.value,
        reverses_id=original.id,
        note=wanted.reason,
        entered_by=who.account_id,
        created_at=now,
    )
    await _add(session, who, mirror, "reversed", reason=wanted.reason)
    return mirror


async def post_class(session: Session, who: Principal, class_id: UUID, now: datetime) -> PostedOut:
    """Posts the hours of a class for everybody who was present and has none of it yet; a repeat posts nothing twice.

    Who was undone once stays undone. Raises NotFound, Cancelled, NotOver.
    """
    held = await classes.lock(session, who, class_id)
    raise_if(class_rules.why_not_post_hours(held, now))
    present = await enrolments.present(session, held.id)
    earlier = await queries.officers_posted(session, held.id)
    due = await officers.lock_all(session, set(present) - earlier)
    claim = rules.claim_of_class(held)
    refusals = await _refusals(session, due, claim, now)
    entries = [_of_class(who, officer, held, claim, now) for key, officer in due.items() if key not in refusals]
    for entry in entries:
        await _add(session, who, entry, "entered", flush=False)
    await session.flush()
    if entries:
        await class_actions.hold(session, who, held)
    else:
        audit.nothing_changed(session)
    refused = [RefusedOfficer(officer_id=key, code=code) for key, code in refusals.items()]
    return PostedOut(class_id=held.id, posted=len(entries), already_posted=len(earlier & set(present)), refused=refused)


async def _refusals(session: Session, due: Mapping[UUID, Officer], claim: rules.Claim, now: datetime) -> dict[UUID, str]:
    """Officers who cannot be given these hours, and the code of the rule."""
    spells = await officers.timelines(session, due)
    posted = await queries.posted(session, due, claim.first_on, claim.occurred_on)
    found: dict[UUID, str] = {}
    for key in due:
        serving = officer_rules.is_in_service(spells[key], claim.occurred_on)
        if faults := rules.faults_of_claim(claim, clock.local_day(now), serving):
            found[key] = faults[0].code
        elif refusal := rules.why_not_add(claim, posted[key]):
            found[key] = refusal.code
    return found


def _claim_of(wanted: EntryIn, held: TrainingClass | None) -> rules.Claim:
    """What the body claims. Hours of a whole class span its days."""
    days = 1
    if held is not None and wanted.occurred_on == class_rules.days_of(held)[1]:
        days = class_rules.length_in_days(held)
    return rules.Claim(wanted.hours, wanted.occurred_on, days, wanted.starts_at, wanted.ends_at)


async def _demand_sound(
    session: Session, officer: Officer, wanted: EntryIn, held: TrainingClass | None, claim: rules.Claim, now: datetime
) -> None:
    """Raises BadInput with every fault of the body at once."""
    serving = officer_rules.is_in_service(await officers.timeline(session, officer.id), claim.occurred_on)
    faults = rules.faults_of_claim(claim, clock.local_day(now), serving)
    if held is not None:
        faults += rules.faults_of_match(claim, wanted.category, wanted.source, held)
    if faults:
        raise errors.BadInput(*faults)


async def _demand_room(session: Session, officer_id: UUID, claim: rules.Claim) -> None:
    posted = await queries.posted(session, [officer_id], claim.first_on, claim.occurred_on)
    raise_if(rules.why_not_add(claim, posted[officer_id]))


async def _take_external_id(session: Session, entry: HourEntry, wanted: EntryIn) -> None:
    if wanted.external_id is None:
        return
    entry.external_system, entry.external_id = wanted.external_system or PLATFORM, wanted.external_id
    if await queries.has_external_id(session, entry.district_id, entry.external_system, entry.external_id):
        raise rules.SameExternalId


def _entry(who: Principal, officer: Officer, claim: rules.Claim, now: datetime, **facts: Any) -> HourEntry:
    return HourEntry(
        id=ids.new_id(),
        district_id=officer.district_id,
        unit_id=officer.unit_id,
        officer_id=officer.id,
        hundredths=claim.hundredths,
        occurred_on=claim.occurred_on,
        days=claim.days,
        starts_at=claim.starts_at,
        ends_at=claim.ends_at,
        entered_by=who.account_id,
        created_at=now,
        **facts,
    )


def _of_class(who: Principal, officer: Officer, held: TrainingClass, claim: rules.Claim, now: datetime) -> HourEntry:
    source = rules.Source.ONLINE if held.online else rules.Source.CLASS
    origin = {"class_id": held.id, "class_turn": 1, "source": source.value, "category": held.category}
    return _entry(who, officer, claim, now, entered_as=rules.State.POSTED.value, **origin)


async def _add(
    session: Session, who: Principal, entry: HourEntry, verb: str, *, reason: str | None = None, flush: bool = True
) -> None:
    session.add(entry)
    if flush:
        await session.flush()
    after = {
        "officer_id": entry.officer_id,
        "category": entry.category,
        "hundredths": entry.hundredths,
        "occurred_on": entry.occurred_on,
        "state": entry.entered_as,
        "reverses_id": entry.reverses_id,
        "class_id": entry.class_id,
    }
    _tell(session, who, entry, verb, 2, {name: value for name, value in after.items() if value is not None}, reason=reason)


def _tell(
    session: Session, who: Principal, entry: HourEntry, verb: str, version: int, after: Any, *, reason: str | None = None
) -> None:
    place = (entry.district_id, entry.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, entry.id, *place, after=after, reason=reason)
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, entry.id, version, access.HOURS_READ, *place)
