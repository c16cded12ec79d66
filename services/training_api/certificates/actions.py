"""What is done with certificates: applied for, issued, corrected, suspended, ended, reinstated."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kit import audit, clock, errors, ids, outbox, references
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.certificates import queries, rules
from services.training_api.certificates.rules import State, Verb
from services.training_api.certificates.schemas import CertificateChange, CertificateIn, EndIn, IssueIn, SuspendIn
from services.training_api.certificates.tables import Certificate, CertificateSuspension
from services.training_api.exams import queries as exams
from services.training_api.officers import queries as officers
from services.training_api.officers.rules import OfficerKind
from services.training_api.officers.tables import Officer
from services.training_api.personnel_rules import queries as settings

OBJECT = "certificate"


async def apply(session: Session, who: Principal, wanted: CertificateIn, now: datetime) -> Certificate:
    """A unit applies for one of its regular officers. Raises BadInput, AppliedAlready, NumberTaken."""
    officer = await officers.lock(session, who, wanted.officer_id)
    if officer.left_on is not None or officer.kind != OfficerKind.OFFICER:
        raise errors.BadInput(Fault("/body/officer_id", "certificate.not_regular"))
    if await queries.has_application(session, officer.id):
        raise rules.AppliedAlready
    certificate = Certificate(
        id=ids.new_id(),
        district_id=officer.district_id,
        unit_id=officer.unit_id,
        officer_id=officer.id,
        number=wanted.number,
        state=State.APPLIED.value,
        applied_on=clock.local_day(now),
        created_at=now,
    )
    await _demand_free_number(session, certificate, wanted.number, certificate.applied_on)
    session.add(certificate)
    await session.flush()
    tell(session, who, certificate, officer, "applied", {}, wanted.model_dump(mode="json", exclude_none=True))
    return certificate


async def change(
    session: Session, who: Principal, certificate_id: UUID, version: int, wanted: CertificateChange, now: datetime
) -> None:
    """Corrects number, unit on the card, or last day. Raises NotFound, Stale, IllegalMove, BadInput, NumberTaken, Overlapping."""
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.CHANGE, now)
    sent = wanted.model_dump(exclude_none=True)
    if wanted.unit_id is not None:
        unit = await references.unit(session, wanted.unit_id)
        if unit.district_id != certificate.district_id:
            raise errors.BadInput(Fault("/body/unit_id", "not_found"))
    if wanted.valid_to is not None:
        await _demand_period(session, certificate, certificate.valid_from, wanted.valid_to)
    before, after = audit.changes({name: getattr(certificate, name) for name in sent}, sent)
    first = certificate.valid_from or certificate.applied_on
    await _demand_free_number(session, certificate, after.get("number"), first)
    for name, value in after.items():
        setattr(certificate, name, value)
    await session.flush()
    tell(session, who, certificate, officer, "changed", before, after)


async def issue(session: Session, who: Principal, certificate_id: UUID, version: int, wanted: IssueIn, now: datetime) -> None:
    """Issues what was applied for.

    Raises NotFound, Stale, IllegalMove, BadInput, NotRegular, ExamMissing, NumberTaken, Overlapping.
    """
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.ISSUE, now)
    number = wanted.number or certificate.number
    if number is None:
        raise errors.BadInput(Fault("/body/number", "missing"))
    period = await _demand_period(session, certificate, wanted.valid_from, wanted.valid_to)
    rule = await settings.in_force(session, certificate.district_id, wanted.valid_from)
    passes = (await exams.passes(session, [officer.id]))[officer.id]
    raise_if(rules.why_not_hold(await officers.timeline(session, officer.id), wanted.valid_from, rule, passes))
    await _demand_free_number(session, certificate, number, wanted.valid_from)
    certificate.number, certificate.valid_from, certificate.valid_to = number, period.valid_from, period.valid_to
    facts = {"number": certificate.number, "valid_from": period.valid_from, "valid_to": period.valid_to}
    await _move(session, who, certificate, officer, State.VALID, "issued", facts)


async def withdraw(session: Session, who: Principal, certificate_id: UUID, version: int, reason: str, now: datetime) -> None:
    """The unit takes its application back. Raises NotFound, Stale, IllegalMove."""
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.WITHDRAW, now)
    certificate.ended_on = clock.local_day(now)
    await _move(session, who, certificate, officer, State.CANCELLED, "withdrawn", {}, reason)


async def suspend(session: Session, who: Principal, certificate_id: UUID, version: int, wanted: SuspendIn, now: datetime) -> None:
    """Suspends from a day on. Raises NotFound, Stale, IllegalMove, BadInput for a day to come or before the certificate."""
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.SUSPEND, now)
    _demand_day(certificate, wanted.on, now)
    certificate.suspended_from, certificate.suspended_to = wanted.on, wanted.until
    session.add(
        CertificateSuspension(
            id=ids.new_id(),
            certificate_id=certificate.id,
            from_on=wanted.on,
            to_on=wanted.until,
            reason=wanted.reason,
            recorded_at=now,
        )
    )
    await session.flush()
    after = {"from_on": wanted.on, "to_on": wanted.until}
    tell(session, who, certificate, officer, "suspended", {}, after, wanted.reason)


async def resume(session: Session, who: Principal, certificate_id: UUID, version: int, wanted: EndIn, now: datetime) -> None:
    """Lifts a suspension: from this day on the certificate holds again. Raises NotFound, Stale, IllegalMove, BadInput."""
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.RESUME, now)
    first = certificate.suspended_from
    assert first is not None
    if (fault := rules.fault_of_act(wanted.on, clock.local_day(now), first)) is not None:
        raise errors.BadInput(fault)
    suspension = await queries.open_suspension(session, certificate)
    suspension.to_on, suspension.lifted_reason = wanted.on - rules.ONE_DAY, wanted.reason
    # Lifted on its first day it never held.
    never = wanted.on == first
    certificate.suspended_from, certificate.suspended_to = (None, None) if never else (first, suspension.to_on)
    await session.flush()
    tell(session, who, certificate, officer, "resumed", {}, {"on": wanted.on}, wanted.reason)


async def cancel(session: Session, who: Principal, certificate_id: UUID, version: int, wanted: EndIn, now: datetime) -> None:
    """Cancels (注销) from a day on; an application is refused by it. Raises NotFound, Stale, IllegalMove, BadInput."""
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.CANCEL, now)
    await end(session, who, certificate, officer, State.CANCELLED, wanted.on, wanted.reason, now)


async def revoke(session: Session, who: Principal, certificate_id: UUID, version: int, wanted: EndIn, now: datetime) -> None:
    """Revokes (吊销) from a day on, for good. Raises NotFound, Stale, IllegalMove, BadInput."""
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.REVOKE, now)
    await end(session, who, certificate, officer, State.REVOKED, wanted.on, wanted.reason, now)


async def reinstate(session: Session, who: Principal, certificate_id: UUID, version: int, reason: str, now: datetime) -> None:
    """Undoes a cancellation made by mistake. Raises NotFound, Stale, IllegalMove, NeverIssued, Overlapping."""
    certificate, officer = await _ready(session, who, certificate_id, version, Verb.REINSTATE, now)
    await _demand_period(session, certificate, certificate.valid_from, certificate.valid_to)
    certificate.ended_on = None
    await _move(session, who, certificate, officer, State.VALID, "reinstated", {}, reason)


async def end(
    session: Session,
    who: Principal,
    certificate: Certificate,
    officer: Officer,
    state: State,
    on: date,
    reason: str,
    now: datetime,
) -> None:
    """Ends a certificate that may end, from a day on. Raises BadInput for a day to come or before the certificate."""
    _demand_day(certificate, on, now)
    certificate.ended_on = on
    await _move(session, who, certificate, officer, state, state.value, {"on": on}, reason)


async def _ready(
    session: Session, who: Principal, certificate_id: UUID, version: int, verb: Verb, now: datetime
) -> tuple[Certificate, Officer]:
    certificate, officer = await queries.one_for_update(session, who, certificate_id, version)
    raise_if(rules.why_not(verb, certificate, clock.local_day(now)))
    return certificate, officer


def _demand_day(certificate: Certificate, on: date, now: datetime) -> None:
    if (fault := rules.fault_of_act(on, clock.local_day(now), certificate.valid_from)) is not None:
        raise errors.BadInput(fault)


async def _demand_period(
    session: Session, certificate: Certificate, valid_from: date | None, valid_to: date | None
) -> rules.Period:
    """The period, when it is no longer than the rules allow and meets no other certificate of the officer."""
    if valid_from is None:
        raise errors.BadInput(Fault("/body/valid_to", "certificate.not_issued"))
    rule = await settings.in_force(session, certificate.district_id, valid_from)
    found = rules.period(valid_from, valid_to, rule)
    if isinstance(found, Fault):
        raise errors.BadInput(found)
    raise_if(rules.why_not_beside(found, await queries.periods(session, certificate.officer_id, certificate.id)))
    return found


async def _demand_free_number(session: Session, certificate: Certificate, number: str | None, valid_from: date) -> None:
    mine = (certificate.officer_id, valid_from, certificate.id)
    if number is not None and not await queries.is_number_free(session, number, *mine):
        raise rules.NumberTaken


async def _move(
    session: Session,
    who: Principal,
    certificate: Certificate,
    officer: Officer,
    state: State,
    told: str,
    after: dict[str, Any],
    reason: str | None = None,
) -> None:
    before = State(certificate.state)
    certificate.state = state.value
    await session.flush()
    tell(session, who, certificate, officer, told, {"state": before}, {"state": state} | after, reason)


def tell(
    session: Session,
    who: Principal,
    certificate: Certificate,
    officer: Officer,
    verb: str,
    before: Any,
    after: Any,
    reason: str | None = None,
) -> None:
    """Audit row and message of a change."""
    place = (certificate.id, certificate.version, officer.district_id, officer.unit_id)
    tell_row(session, who, place, verb, before, after, reason)


def tell_row(
    session: Session,
    who: Principal,
    place: tuple[UUID, int, UUID, UUID],
    verb: str,
    before: Any,
    after: Any,
    reason: str | None = None,
) -> None:
    """The same of a certificate known by id, version, and the district and unit of its holder."""
    certificate_id, version, *where = place
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, certificate_id, *where, before=before, after=after, reason=reason)
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, certificate_id, version, access.CERTIFICATES_READ, *where)
