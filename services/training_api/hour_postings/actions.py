"""Entering class hours: one by one, in batches, and for a whole class. All of them are judged at one desk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.kit import audit, batches, clock, errors, ids
from services.kit.db import Session
from services.kit.errors import DomainError, raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.classes import actions as class_actions
from services.training_api.classes import queries as classes
from services.training_api.classes import rules as class_rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.enrolments import queries as enrolments
from services.training_api.hour_entries import actions as entries
from services.training_api.hour_entries import rules
from services.training_api.hour_entries.rules import Claim
from services.training_api.hour_entries.tables import HourEntry
from services.training_api.hour_postings import queries
from services.training_api.hour_postings.rules import LEADING, Desk, ExternalKey, Granted, Repeated, Wanted
from services.training_api.hour_postings.schemas import PLATFORM, BatchIn, EntryIn, PostedOut, RefusedOfficer
from services.training_api.hour_rules import queries as settings
from services.training_api.hour_years import queries as years
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

Judged = Granted | Repeated | DomainError


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever enters hours."""

    reason: str | None
    enters_late: bool
    is_staff: bool


@dataclass(frozen=True, slots=True)
class Case:
    """Hours asked for, with the rows they speak of."""

    desk: Desk
    wanted: Sequence[Wanted]
    officers: Mapping[UUID, Officer]
    classes: Mapping[UUID, TrainingClass]


async def post(session: Session, who: Principal, wanted: EntryIn, now: datetime) -> HourEntry:
    """Enters hours of an officer. Raises BadInput, DayFull, Overlap, CourseTwice, OverCap, ClassPosted, SameExternalId."""
    case, _ = await _case_of(session, who, [wanted], now)
    judged = case.desk.judged(case.wanted[0])
    if isinstance(judged, DomainError):
        raise judged
    if isinstance(judged, Repeated):
        raise rules.SameExternalId
    (entry,) = await _enter(session, who, case, [judged], now)
    return entry


async def batch(session: Session, who: Principal, wanted: BatchIn, now: datetime, language: str) -> batches.Outcomes:
    """Enters many hours. An item whose external id is recorded with the same hours already changes nothing and answers 200.

    Statements do not grow with the items: all are judged first, each after those before it, then written together.
    """
    case, known = await _case_of(session, who, wanted.items, now)
    judged = [case.desk.judged(item) for item in case.wanted]
    refused = any(isinstance(each, DomainError) for each in judged)
    made: Sequence[HourEntry] = ()
    if not (wanted.atomic and refused):
        made = await _enter(session, who, case, [each for each in judged if isinstance(each, Granted)], now)
    if not made:
        audit.nothing_changed(session)
    return batches.told(session, _results(judged, made, known), atomic=wanted.atomic, language=language)


async def post_class(session: Session, who: Principal, class_id: UUID, now: datetime) -> PostedOut:
    """Posts the hours of a class for everybody who was present and has none of it yet; a repeat posts nothing twice.

    Whoever missed more than the settings allow gets none and is named; who was undone once stays undone. Raises NotFound,
    Cancelled, NotOver, and BadInput without the reason a closed year needs.
    """
    held = await classes.lock(session, who, class_id)
    raise_if(class_rules.why_not_post_hours(held, now))
    await class_actions.settle(session, who, held, now)
    present = await enrolments.present(session, held, now)
    earlier = await queries.officers_posted(session, held.id)
    absent = set(await enrolments.missing_too_much(session, held, now)) - earlier
    due = await officers.lock_all(session, set(present) - earlier)
    earned = rules.claim_of_class(held, held.title)
    asked = [Wanted(officer_id, held.category, earned, held.id, settings_id=held.settings_id) for officer_id in due]
    case = await _case(session, who, asked, due, {held.id: held}, now)
    raise_if(errors.BadInput(fault) if (fault := case.desk.fault_of_reason(earned.year)) else None)
    judged = {item.officer_id: case.desk.judged(item) for item in asked}
    made = await _enter(session, who, case, [each for each in judged.values() if isinstance(each, Granted)], now)
    if not made:
        audit.nothing_changed(session)
    refusals = {key: _code(each) for key, each in judged.items() if isinstance(each, DomainError)}
    refusals |= dict.fromkeys(sorted(absent), class_rules.MISSED_TOO_MUCH)
    refused = [RefusedOfficer(officer_id=key, code=code) for key, code in refusals.items()]
    return PostedOut(class_id=held.id, posted=len(made), already_posted=len(earlier & set(present)), refused=refused)


async def _case_of(
    session: Session, who: Principal, items: Sequence[EntryIn], now: datetime
) -> tuple[Case, dict[ExternalKey, UUID]]:
    """Bodies as a case, and entries known by their external ids. Everybody locks classes before officers, each by id."""
    held = await queries.lock_classes(session, who.district_id, {item.class_id for item in items if item.class_id})
    asked = [_wanted(item, held.get(item.class_id) if item.class_id else None) for item in items]
    people = await queries.lock_officers(session, who, {item.officer_id for item in items})
    case = await _case(session, who, asked, people, held, now)
    known = await queries.recorded(session, who.district_id, {item.external for item in asked if item.external is not None})
    case.desk.recorded.update({key: row.told for key, row in known.items()})
    return case, {key: row.id for key, row in known.items()}


async def _case(
    session: Session,
    who: Principal,
    asked: Sequence[Wanted],
    people: Mapping[UUID, Officer],
    held: Mapping[UUID, TrainingClass],
    now: datetime,
) -> Case:
    district_id = years.district_of(who)
    closed, rows = await years.closed(session, district_id), await settings.settings(session, district_id)
    claims: dict[UUID, list[Claim]] = defaultdict(list)
    for item in asked:
        if item.officer_id in people:
            claims[item.officer_id].append(item.claim)
    desk = Desk(
        caller=_caller(session, who),
        today=clock.local_day(now),
        settings=rows,
        closed=closed,
        classes=held,
        spells=await officers.timelines(session, people),
        standing=await queries.standing(session, claims, with_sources=rows.has_caps({item.claim.occurred_on for item in asked})),
        turns=await queries.turns(session, {(item.class_id, item.officer_id) for item in asked if item.class_id}),
    )
    return Case(desk, asked, people, held)


def _caller(session: Session, who: Principal) -> Caller:
    late = who.admitted(access.HOURS_ENTER_LATE.grants) is not None
    return Caller(audit.circumstances(session).reason, late, not who.roles & LEADING)


def _wanted(item: EntryIn, held: TrainingClass | None) -> Wanted:
    """What a body asks. Hours dated on the last day of a class span its days; an online class is its own course."""
    days = class_rules.length_in_days(held) if held and item.occurred_on == class_rules.days_of(held)[1] else 1
    course = item.course or (held.title if held is not None and item.source is rules.Source.ONLINE else None)
    claim = Claim(item.hours, item.occurred_on, days, item.starts_at, item.ends_at, item.source, course)
    external = ExternalKey(item.external_system or PLATFORM, item.external_id) if item.external_id is not None else None
    return Wanted(item.officer_id, item.category.value, claim, item.class_id, item.note, external)


def _results(
    judged: Sequence[Judged], made: Sequence[HourEntry], known: Mapping[ExternalKey, UUID]
) -> list[batches.Done | DomainError]:
    """What each item came to: entered (201), recorded before or by an earlier item (200), or refused."""
    fresh = iter(made)
    by_key = dict(known) | {
        ExternalKey(entry.external_system or "", entry.external_id): entry.id for entry in made if entry.external_id is not None
    }
    results: list[batches.Done | DomainError] = []
    for each in judged:
        if isinstance(each, Granted):
            entry = next(fresh, None)
            results.append((201, entry.id) if entry else batches.SPARED)
        else:
            results.append((200, by_key.get(each.key, UUID(int=0))) if isinstance(each, Repeated) else each)
    return results


def _code(refusal: DomainError) -> str:
    return refusal.faults[0].code if refusal.faults else refusal.code


def _entry(who: Principal, officer: Officer, granted: Granted, now: datetime) -> HourEntry:
    wanted, claim = granted.wanted, granted.wanted.claim
    return HourEntry(
        id=ids.new_id(),
        district_id=officer.district_id,
        unit_id=officer.unit_id,
        officer_id=officer.id,
        category=wanted.category,
        hundredths=claim.hundredths,
        occurred_on=claim.occurred_on,
        days=claim.days,
        starts_at=claim.starts_at,
        ends_at=claim.ends_at,
        source=claim.source.value,
        class_id=wanted.class_id,
        class_turn=granted.turn,
        course=claim.course,
        entered_as=granted.state.value,
        settings_id=wanted.settings_id,
        hour_rule_id=granted.rule_id,
        late_reason=granted.late_reason,
        note=wanted.note,
        external_system=wanted.external.system if wanted.external else None,
        external_id=wanted.external.id if wanted.external else None,
        entered_by=who.account_id,
        created_at=now,
    )


async def _enter(session: Session, who: Principal, case: Case, granted: Sequence[Granted], now: datetime) -> Sequence[HourEntry]:
    """Writes entries in the order given, and marks their classes as held."""
    made = [_entry(who, case.officers[each.wanted.officer_id], each, now) for each in granted]
    await entries.add(session, who, made, "entered")
    for class_id in sorted({entry.class_id for entry in made if entry.class_id is not None}):
        await class_actions.hold(session, who, case.classes[class_id])
    return made
