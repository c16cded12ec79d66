"""What people do with completion certificates: issue, reissue, withdraw, print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.kit import audit, batches, clock, errors
from services.kit.db import Database, Session
from services.kit.documents import rendering
from services.kit.errors import DomainError, Fault, raise_if
from services.kit.principal import Principal
from services.training_api.classes import queries as classes
from services.training_api.classes import rules as class_rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.completion_certificates import formats, queries, rules
from services.training_api.completion_certificates.actions.making import ground_of, make_all, tell
from services.training_api.completion_certificates.rules import State, Verb, Wanted
from services.training_api.completion_certificates.schemas import BatchIn, IssuedOfficer, IssuedOut, IssueIn
from services.training_api.completion_certificates.tables import CompletionCertificate

# Pages of one file.
MOST_PAGES: Final = 100


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
    ground = await ground_of(session, who, asked, {held.id: held}, now)
    made = [each for each in await make_all(session, who, ground, asked) if isinstance(each, CompletionCertificate)]
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
    ground = await ground_of(session, who, asked, held, now)
    (made,) = await make_all(session, who, ground, asked, supersedes=old)
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
        tell(session, who, certificate, "hours_reversed", after, hours_reversed=True)


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
    ground = await ground_of(session, who, asked, held, now)
    return await make_all(session, who, ground, asked, faults)


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


async def _end(
    session: Session, who: Principal, found: CompletionCertificate, state: State, verb: str, reason: str, now: datetime
) -> None:
    found.ended_at, found.ended_by, found.ended_reason = now, who.account_id, reason
    await session.flush()
    after = {"state": State.SUPERSEDED.value}
    tell(session, who, found, verb, after, reason, hours_reversed=state is State.HOURS_REVERSED)
