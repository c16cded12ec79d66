"""Deciding pending hours, and undoing posted ones."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.kit import audit, clock, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.completion_certificates import queries as certificate_queries
from services.training_api.completion_certificates.actions import acts as certificates
from services.training_api.hour_decisions.schemas import ReversalIn
from services.training_api.hour_entries import actions as entries
from services.training_api.hour_entries import queries, rules
from services.training_api.hour_entries.rules import EntryFacts, State
from services.training_api.hour_entries.tables import HourDecision, HourEntry
from services.training_api.hour_postings import queries as postings
from services.training_api.hour_rules import queries as settings
from services.training_api.hour_years import queries as years
from services.training_api.hour_years import rules as year_rules
from services.training_api.officers import queries as officers
from services.training_api.officers import rules as officer_rules


async def decide(
    session: Session, who: Principal, entry_id: UUID, version: int, decision: State, reason: str | None, now: datetime
) -> None:
    """Confirms or refuses pending hours, once.

    Raises NotFound, NotPending, AlreadyDecided, Stale; on confirming also what forbids entering them: NotInService, DayFull,
    Overlap, CourseTwice, OverCap, Closed, and BadInput without the reason a closed year needs.
    """
    entry, facts = await _locked(session, who, entry_id)
    raise_if(rules.why_not_decide(facts))
    rules.demand_version(facts, version)
    if decision is State.POSTED:
        late = await _reason_of_closed(session, who, entry.occurred_on.year)
        reason = reason or late
        await _demand_room(session, entry)
    session.add(
        HourDecision(entry_id=entry.id, decision=decision.value, reason=reason, decided_by=who.account_id, decided_at=now)
    )
    await session.flush()
    verb = "confirmed" if decision is State.POSTED else "refused"
    entries.tell(session, who, entry, verb, facts.version + 2, {"state": decision.value}, reason=reason)


async def reverse(session: Session, who: Principal, entry_id: UUID, version: int, wanted: ReversalIn, now: datetime) -> HourEntry:
    """Undoes posted hours by their exact mirror, on the original's day or today: that day's year loses them.

    Raises NotFound, IsReversal, AlreadyReversed, NotPosted, BeforeOriginal, Stale, Closed, and BadInput without the reason a
    closed year needs.
    """
    original, facts = await _locked(session, who, entry_id)
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
        course=original.course,
        entered_as=State.POSTED.value,
        late_reason=await _reason_of_closed(session, who, on.year),
        reverses_id=original.id,
        note=wanted.reason,
        entered_by=who.account_id,
        created_at=now,
    )
    attested = await certificate_queries.resting_on(session, original.id)
    await entries.add(session, who, [mirror], "reversed", reason=wanted.reason)
    certificates.tell_reversed(session, who, attested, mirror.id)
    return mirror


async def _locked(session: Session, who: Principal, entry_id: UUID) -> tuple[HourEntry, EntryFacts]:
    """An entry and what became of it; its officer is locked, as rows of the ledger never are."""
    entry = await queries.entry(session, who, entry_id)
    await officers.lock_all(session, [entry.officer_id])
    return entry, await queries.facts_of(session, entry)


async def _reason_of_closed(session: Session, who: Principal, year: int) -> str | None:
    """None for an open year. Into a closed one only the bureau writes, and says why. Raises Closed, BadInput."""
    if year not in await years.closed(session, years.district_of(who)):
        return None
    if who.admitted(access.HOURS_ENTER_LATE.grants) is None:
        raise year_rules.Closed
    return audit.demanded_reason(session)


async def _demand_room(session: Session, entry: HourEntry) -> None:
    """Pending hours count from now on, so they are judged as if they were entered now."""
    claim = queries.claim(entry)
    if not officer_rules.is_in_service(await officers.timeline(session, entry.officer_id), claim.occurred_on):
        raise rules.NotInService
    rule = (await settings.settings(session, entry.district_id)).on(claim.occurred_on)
    standing = await postings.standing(session, {entry.officer_id: [claim]}, with_sources=bool(rule.caps))
    raise_if(standing[entry.officer_id].why_not_add(claim, rule))
