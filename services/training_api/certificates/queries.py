"""Reads of certificates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    column,
    exists,
    func,
    literal,
    or_,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.certificates import rules
from services.training_api.certificates.rules import State, Verb
from services.training_api.certificates.tables import Certificate, CertificateSuspension
from services.training_api.officers.tables import Officer

NEWEST = pagination.Order((Certificate.created_at, Certificate.id))
# What has no last day yet stands behind everything that has.
ENDING = pagination.Order((func.coalesce(Certificate.valid_to, literal(date(9999, 12, 31), Date)), Certificate.id))
REACH: dict[str, Any] = {"district": Certificate.district_id, "unit": Officer.unit_id}
TODAY = bindparam("today", None, type_=Date())
STATE = func.training.certificate_state(
    Certificate.state, Certificate.valid_to, Certificate.suspended_from, Certificate.suspended_to, TODAY, type_=Text()
)
PLAIN = (
    "id", "district_id", "unit_id", "officer_id", "number", "applied_on", "valid_from", "valid_to", "ended_on",
    "external_system", "external_id", "version",
)  # fmt: skip
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(350113, hashtext(:number))")

VERIFY = text("""
    SELECT c.number, CASE WHEN s.state IN ('valid', 'suspended', 'expired') THEN s.state ELSE 'unknown' END AS status,
           training.shown_name(o.name, (training.personnel_rule(c.district_id, :today)).verification_name) AS name
    FROM training.certificates c
    JOIN training.officers o ON o.id = c.officer_id AND (o.left_on IS NULL OR o.left_on >= :today)
    CROSS JOIN LATERAL (
        SELECT training.certificate_state(c.state, c.valid_to, c.suspended_from, c.suspended_to, :today) AS state) s
    WHERE c.number = :number AND c.valid_from <= :today
    ORDER BY c.valid_from DESC LIMIT 1
""")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of certificates: by the unit the officer belongs to now, or belonged to last."""
    return visibility.within(who, **REACH)


def of_officers(statement: Select[Any]) -> Select[Any]:
    """Certificates with the officers who hold them."""
    return statement.select_from(Certificate).join(Officer, Officer.id == Certificate.officer_id)


def body(who: Principal) -> ColumnElement[Any]:
    """A certificate as this caller sees it today."""
    return answers.json_object(
        {name: getattr(Certificate, name) for name in PLAIN}
        | {
            "officer_unit_id": Officer.unit_id,
            "number_is_usual": _is_usual(),
            "state": STATE,
            "suspensions": _suspensions(),
            "allowed_actions": answers.allowed_actions(_allowed(who)),
            "created_at": answers.moment(Certificate.created_at),
        }
    )


def _is_usual() -> ColumnElement[Any]:
    rule = func.training.personnel_rule(Certificate.district_id, TODAY).table_valued(
        column("number_digits_min", Integer()), column("number_digits_max", Integer()), name="rule"
    )
    usual = Certificate.number.regexp_match("^[0-9]+$") & func.length(Certificate.number).between(
        rule.c.number_digits_min, rule.c.number_digits_max
    )
    return case((Certificate.number.is_not(None), select(usual).select_from(rule).scalar_subquery()), else_=None)


def _suspensions() -> ColumnElement[Any]:
    one = answers.json_object(
        {name: getattr(CertificateSuspension, name) for name in ("from_on", "to_on", "reason", "lifted_reason")}
    )
    listed = select(func.coalesce(func.json_agg(aggregate_order_by(one, CertificateSuspension.from_on)), func.json_build_array()))
    held = or_(CertificateSuspension.to_on.is_(None), CertificateSuspension.to_on >= CertificateSuspension.from_on)
    return listed.where(CertificateSuspension.certificate_id == Certificate.id, held).correlate(Certificate).scalar_subquery()


def _allowed(who: Principal) -> Mapping[str, ColumnElement[bool]]:
    right = dict.fromkeys(Verb, access.CERTIFICATES_DECIDE) | {Verb.WITHDRAW: access.CERTIFICATES_APPLY}
    found: dict[str, ColumnElement[bool]] = {}
    for verb in Verb:
        allowed = STATE.in_([state.value for state in rules.MOVES[verb]]) & visibility.under(who, right[verb], **REACH)
        found[verb.value] = allowed & Certificate.valid_from.is_not(None) if verb is Verb.REINSTATE else allowed
    return found


def _valid_on(day: Any) -> ColumnElement[bool]:
    suspended = exists().where(
        CertificateSuspension.certificate_id == Certificate.id,
        CertificateSuspension.from_on <= day,
        or_(CertificateSuspension.to_on.is_(None), CertificateSuspension.to_on >= day),
    )
    held = and_(Certificate.valid_from <= day, Certificate.valid_to >= day)
    return and_(held, or_(Certificate.ended_on.is_(None), Certificate.ended_on > day), ~suspended)


def _expiring_within(days: Any) -> ColumnElement[bool]:
    return and_(
        Certificate.state == State.VALID.value,
        Certificate.valid_to >= TODAY,
        Certificate.valid_to <= TODAY + cast(days, Integer),
    )


CERTIFICATES = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={
        "-created_at": NEWEST,
        "created_at": pagination.Order(NEWEST.columns, descending=False),
        "valid_to": pagination.Order(ENDING.columns, descending=False),
        "-valid_to": ENDING,
    },
    filters={
        "officer_id": reads.equals(Certificate.officer_id),
        "unit_id": reads.equals(Officer.unit_id),
        "number": reads.equals(Certificate.number),
        "state": reads.Filter(Text(), lambda value: value == STATE),
        "valid_on": reads.Filter(Date(), _valid_on),
        "expiring_within": reads.Filter(Integer(), _expiring_within),
        "external_system": reads.equals(Certificate.external_system),
        "external_id": reads.equals(Certificate.external_id),
    },
    source=of_officers,
)
CERTIFICATE = reads.Single(body=body, version=Certificate.version, key=Certificate.id, visible_to=visible_to, source=of_officers)


async def one_for_update(session: Session, who: Principal, certificate_id: UUID, version: int) -> tuple[Certificate, Officer]:
    """The row with its officer, both locked; NotFound, Stale."""
    statement = select(Certificate, Officer).join(Officer, Officer.id == Certificate.officer_id)
    wanted = statement.where(Certificate.id == certificate_id, visible_to(who))
    row = (await session.execute(wanted.with_for_update(key_share=True))).one_or_none()
    if row is None:
        raise errors.NotFound
    preconditions.expect(row[0].version, version)
    return row[0], row[1]


async def has_application(session: Session, officer_id: UUID) -> bool:
    """Whether an application of the officer waits."""
    waiting = select(Certificate.id).where(Certificate.officer_id == officer_id, Certificate.state == State.APPLIED.value)
    return (await session.execute(waiting.limit(1))).first() is not None


async def periods(session: Session, officer_id: UUID, but: UUID) -> list[rules.Period]:
    """Periods for which the officer holds certificates, but for one certificate."""
    statement = select(Certificate).where(Certificate.officer_id == officer_id, Certificate.id != but)
    with session.no_autoflush:
        found = [held(row) for row in (await session.execute(statement)).scalars()]
    return [period for period in found if period is not None]


def held(certificate: Certificate) -> rules.Period | None:
    """The days on which a certificate holds, cut short where it ended; None when there is none."""
    if certificate.valid_from is None or certificate.valid_to is None:
        return None
    last = certificate.valid_to
    if certificate.ended_on is not None:
        last = min(last, certificate.ended_on - rules.ONE_DAY)
    return rules.Period(certificate.valid_from, last) if last >= certificate.valid_from else None


async def is_number_free(session: Session, number: str, officer_id: UUID, valid_from: date, but: UUID) -> bool:
    """Whether this officer may have this number from this day; whoever asks holds the number until the commit."""
    others = or_(Certificate.officer_id != officer_id, Certificate.valid_from == valid_from)
    statement = select(Certificate.id).where(Certificate.number == number, Certificate.id != but, others)
    with session.no_autoflush:
        await session.execute(ONE_AT_A_TIME, {"number": number})
        return (await session.execute(statement.limit(1))).first() is None


async def first_certified_on(session: Session, officer_id: UUID) -> date | None:
    """First day of the officer's first certificate."""
    issued = select(func.min(Certificate.valid_from)).where(Certificate.officer_id == officer_id)
    found: date | None = (await session.execute(issued)).scalar_one()
    return found


async def open_suspension(session: Session, certificate: Certificate) -> CertificateSuspension:
    """The latest suspension of a certificate, locked."""
    statement = (
        select(CertificateSuspension)
        .where(CertificateSuspension.certificate_id == certificate.id)
        .order_by(CertificateSuspension.from_on.desc(), CertificateSuspension.recorded_at.desc())
        .limit(1)
    )
    return (await session.execute(statement.with_for_update())).scalar_one()


async def verified(read: Reader, number: str, today: date) -> tuple[str, str | None]:
    """Status of a number and the name as the public may see it; of a number that is no officer's in service: unknown."""
    row = (await read.execute(VERIFY, {"number": number, "today": today})).one_or_none()
    if row is None or row.status == rules.Status.UNKNOWN:
        return rules.Status.UNKNOWN.value, None
    return row.status, row.name
