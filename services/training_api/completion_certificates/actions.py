"""What is done with completion certificates: issued, reissued, withdrawn, printed."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.kit import audit, batches, clock, errors, ids, references
from services.kit.db import Database, Session
from services.kit.documents import rendering
from services.kit.errors import DomainError, Fault, raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.classes import queries as classes
from services.training_api.classes import rules as class_rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.completion_certificates import formats, queries, rules
from services.training_api.completion_certificates.rules import Standing, State, Verb, Wanted
from services.training_api.completion_certificates.schemas import BatchIn, IssuedOfficer, IssuedOut, IssueIn
from services.training_api.completion_certificates.tables import CompletionCertificate
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

OBJECT = "completion_certificate"
TRAIL: Final = Trail(OBJECT, access.COMPLETION_CERTIFICATES_READ)
# Pages of one file.
MOST_PAGES = 100


@dataclass(frozen=True, slots=True)
class Ground:
    """What certificates are made of: people and classes, locked, and the units that stand on the page."""

    people: Mapping[UUID, Officer]
    classes: Mapping[UUID, TrainingClass]
    units: Mapping[UUID, references.Unit]
    now: datetime

    @property
    def today(self) -> date:
        """The day of issue."""
        return clock.local_day(self.now)


async def issue(session: Session, who: Principal, wanted: IssueIn, now: datetime) -> CompletionCertificate:
    """Issues one. Raises BadInput (officer, class, year), IssuedAlready, NoHours."""
    (result,) = await _issue_all(session, who, [wanted], now)
    if isinstance(result, DomainError):
        raise result
    return result


async def batch(session: Session, who: Principal, wanted: BatchIn, now: datetime, language: str) -> batches.Outcomes:
    """Issues many; statements do not grow with the items."""
    made = await _issue_all(session, who, wanted.items, now)
    results: list[batches.Done | DomainError] = [each if isinstance(each, DomainError) else (201, each.id) for each in made]
    return batches.told(session, results, atomic=wanted.atomic, language=language)


async def issue_class(session: Session, who: Principal, class_id: UUID, now: datetime) -> IssuedOut:
    """Issues to everybody who has hours of a class and no certificate of it yet. Raises NotFound, NoHours."""
    held = await classes.lock(session, who, class_id)
    listed = await queries.participants(session, held.id)
    if not listed:
        raise rules.NoHours
    asked = [Wanted(officer_id, held.id, class_rules.days_of(held)[1].year) for officer_id in listed]
    ground = await _ground(session, who, asked, {held.id: held}, now)
    made = [each for each in await _make_all(session, who, ground, asked) if isinstance(each, CompletionCertificate)]
    if not made:
        audit.nothing_changed(session)
    items = [IssuedOfficer(officer_id=each.officer_id, id=each.id, number=each.number) for each in made]
    return IssuedOut(class_id=held.id, issued=len(made), already_issued=len(listed) - len(made), items=items)


async def reissue(
    session: Session, who: Principal, certificate_id: UUID, version: int, reason: str, now: datetime
) -> CompletionCertificate:
    """Replaces a certificate by one of today: names as they are now, hours that stand now, a number of its own.

    Raises NotFound, Stale, NotIssuer, IllegalMove, NoHours.
    """
    old, state = await queries.one_for_update(session, who, certificate_id, version)
    raise_if(rules.why_not(Verb.REISSUE, state))
    await _end(session, who, old, state, "superseded", reason, now)
    asked = [Wanted(old.officer_id, old.class_id, old.year)]
    held = await _classes(session, old.district_id, asked)
    ground = await _ground(session, who, asked, held, now)
    (made,) = await _make_all(session, who, ground, asked, supersedes=old)
    if isinstance(made, DomainError):
        raise made
    return made


async def withdraw(session: Session, who: Principal, certificate_id: UUID, version: int, reason: str, now: datetime) -> None:
    """Takes a certificate back without another. Raises NotFound, Stale, NotIssuer, IllegalMove."""
    found, state = await queries.one_for_update(session, who, certificate_id, version)
    raise_if(rules.why_not(Verb.WITHDRAW, state))
    await _end(session, who, found, state, "withdrawn", reason, now)


def tell_reversed(session: Session, who: Principal, found: Sequence[CompletionCertificate], reversal_id: UUID) -> None:
    """Says of valid certificates that hours behind them were just reversed: they are valid no longer."""
    for certificate in found:
        after = {"state": State.HOURS_REVERSED.value, "reversal_id": reversal_id}
        _tell(session, who, certificate, "hours_reversed", after, hours_reversed=True)


async def pdf(
    database: Database, who: Principal, public_url: str, certificate_id: UUID | None, class_id: UUID | None
) -> tuple[bytes, int]:
    """The pages of one certificate, or of the valid ones of a class, with the version of the first. Raises NotFound.

    No connection is held while the pages are set.
    """
    async with database.reading() as read:
        found = await queries.printed(read, who, certificate_id, class_id, MOST_PAGES)
    if not found:
        raise errors.NotFound
    pages = [formats.page(certificate, state) for certificate, state, _ in found]
    links = [formats.link(public_url, certificate.number) for certificate, _, _ in found]
    issued_at = max(certificate.created_at for certificate, _, _ in found)
    (made,) = await rendering.typeset(formats.TEMPLATE, {"pages": pages}, "pdf", issued_at, codes=links)
    return made, found[0][2]


async def _issue_all(
    session: Session, who: Principal, items: Sequence[IssueIn], now: datetime
) -> list[CompletionCertificate | DomainError]:
    """What each item came to. Classes are locked before officers, each by id, as whoever enters hours does."""
    class_ids = {item.class_id for item in items if item.class_id is not None}
    held = {class_id: found for class_id in sorted(class_ids) if (found := await _held(session, who, class_id)) is not None}
    faults: dict[int, DomainError] = {}
    seen = await queries.seen(session, who, {item.officer_id for item in items if item.class_id is None})
    today = clock.local_day(now)
    asked: list[Wanted] = []
    for place, item in enumerate(items):
        if (fault := _fault(item, held, seen, today)) is not None:
            faults[place] = errors.BadInput(fault)
        year = item.year or (class_rules.days_of(held[item.class_id])[1].year if item.class_id in held else today.year)
        asked.append(Wanted(item.officer_id, item.class_id, year))
    ground = await _ground(session, who, asked, held, now)
    return await _make_all(session, who, ground, asked, faults)


async def _held(session: Session, who: Principal, class_id: UUID) -> TrainingClass | None:
    try:
        return await classes.lock(session, who, class_id)
    except errors.NotFound:
        return None


def _fault(item: IssueIn, held: Mapping[UUID, TrainingClass], seen: set[UUID], today: date) -> Fault | None:
    if item.class_id is not None:
        return None if item.class_id in held else Fault("/body/class_id", "not_found")
    if item.officer_id not in seen:
        return Fault("/body/officer_id", "not_found")
    return rules.fault_of_year(item.year or today.year, today)


async def _classes(session: Session, district_id: UUID, asked: Sequence[Wanted]) -> dict[UUID, TrainingClass]:
    found = [await classes.named(session, district_id, each.class_id) for each in asked]
    return {each.id: each for each in found if each is not None}


async def _ground(
    session: Session, who: Principal, asked: Sequence[Wanted], held: Mapping[UUID, TrainingClass], now: datetime
) -> Ground:
    people = await officers.lock_all(session, {each.officer_id for each in asked})
    wanted = {each.unit_id for each in people.values()} | {each.unit_id for each in held.values()}
    wanted |= {part for part in (who.unit_id, who.district_id) if part is not None}
    return Ground(people, held, await references.some_units(session, wanted), now)


async def _make_all(
    session: Session,
    who: Principal,
    ground: Ground,
    asked: Sequence[Wanted],
    faults: Mapping[int, DomainError] | None = None,
    supersedes: CompletionCertificate | None = None,
) -> list[CompletionCertificate | DomainError]:
    """Judges each after those before it, then writes the good ones together, with serials in their order."""
    standing = await queries.standing(session, asked)
    issued = await queries.issued(session, asked)
    results: dict[int, DomainError] = dict(faults or {})
    good: dict[int, Standing] = {}
    for place, wanted in enumerate(asked):
        found = standing.get(place)
        refusal = results.get(place) or rules.why_not_issue(found, wanted in issued)
        if refusal is not None or found is None or wanted.officer_id not in ground.people:
            results[place] = refusal or rules.NoHours()
            continue
        good[place] = found
        issued.add(wanted)
    made = await _write(session, who, ground, {asked[place]: found for place, found in good.items()}, supersedes)
    fresh = dict(zip(good, made, strict=True))
    return [fresh[place] if place in fresh else results[place] for place in range(len(asked))]


async def _write(
    session: Session,
    who: Principal,
    ground: Ground,
    good: Mapping[Wanted, Standing],
    supersedes: CompletionCertificate | None,
) -> list[CompletionCertificate]:
    if not good:
        return []
    district_id = ground.people[next(iter(good)).officer_id].district_id
    serial = await queries.next_serials(session, district_id, ground.today.year, len(good))
    made = [
        _certificate(who, ground, wanted, found, serial + place, supersedes) for place, (wanted, found) in enumerate(good.items())
    ]
    await queries.add(session, dict(zip(made, (found.entry_ids for found in good.values()), strict=True)))
    for each in made:
        after = {"number": each.number, "kind": each.kind, "class_id": each.class_id, "year": each.year}
        after |= {"officer_id": each.officer_id, "supersedes_id": each.supersedes_id}
        _tell(session, who, each, "issued", {name: value for name, value in after.items() if value is not None})
    return made


def _certificate(
    who: Principal,
    ground: Ground,
    wanted: Wanted,
    found: Standing,
    serial: int,
    supersedes: CompletionCertificate | None,
) -> CompletionCertificate:
    officer = ground.people[wanted.officer_id]
    held = ground.classes[wanted.class_id] if wanted.class_id is not None else None
    first, last = class_rules.days_of(held) if held is not None else rules.days_of_year(wanted.year, ground.today)
    issuer = ground.units[_issuer(who, held, supersedes, officer)]
    check = "".join(secrets.choice(rules.SIGNS) for _ in range(rules.CHECK_SIGNS))
    district = ground.units.get(officer.district_id, issuer)
    return CompletionCertificate(
        id=ids.new_id(),
        district_id=officer.district_id,
        unit_id=officer.unit_id,
        issuer_id=issuer.id,
        officer_id=officer.id,
        kind=wanted.kind.value,
        class_id=wanted.class_id,
        year=wanted.year,
        issued_in=ground.today.year,
        serial=serial,
        number=rules.number(district.code, ground.today.year, serial, check),
        name=officer.name,
        unit_name=ground.units[officer.unit_id].name,
        issuer_name=issuer.name,
        title=held.title if held is not None else None,
        first_on=first,
        last_on=last,
        entries_sha256=found.entries_sha256,
        supersedes_id=supersedes.id if supersedes is not None else None,
        issued_on=ground.today,
        issued_by=who.account_id,
        created_at=ground.now,
        **found.by_category,
    )


def _issuer(who: Principal, held: TrainingClass | None, supersedes: CompletionCertificate | None, officer: Officer) -> UUID:
    """Who vouches: the organiser of the class; for a year the caller's unit. A certificate reissued keeps its issuer."""
    if supersedes is not None:
        return supersedes.issuer_id
    return held.unit_id if held is not None else who.unit_id or officer.unit_id


async def _end(
    session: Session, who: Principal, found: CompletionCertificate, state: State, verb: str, reason: str, now: datetime
) -> None:
    found.ended_at, found.ended_by, found.ended_reason = now, who.account_id, reason
    await session.flush()
    after = {"state": State.SUPERSEDED.value}
    _tell(session, who, found, verb, after, reason, hours_reversed=state is State.HOURS_REVERSED)


def _tell(
    session: Session,
    who: Principal,
    found: CompletionCertificate,
    verb: str,
    after: Mapping[str, object],
    reason: str | None = None,
    *,
    hours_reversed: bool = False,
) -> None:
    version = rules.version_shown(found.version, hours_reversed)
    TRAIL.tell(session, who, found, verb, after=dict(after), reason=reason, version=version)
