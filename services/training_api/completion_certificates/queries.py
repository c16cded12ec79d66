"""Reads of completion certificates, and the hours they are made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, func, insert, literal, or_, select, text
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.orm import aliased

from services.kit import answers, db, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.completion_certificates import rules
from services.training_api.completion_certificates.rules import State, Wanted
from services.training_api.completion_certificates.tables import (
    CompletionCertificate,
    CompletionCertificateCounter,
    CompletionCertificateEntry,
)
from services.training_api.hour_entries.tables import HourEntry
from services.training_api.officers import queries as officers

Successor = aliased(CompletionCertificate, name="successor")
CATEGORIES = ("public_law", "business", "skills", "political")
NEWEST = pagination.Order((CompletionCertificate.created_at, CompletionCertificate.id))
HOURS_REVERSED: ColumnElement[bool] = func.training.hours_reversed(CompletionCertificate.id)
VERSION: ColumnElement[int] = 2 * CompletionCertificate.version + cast(HOURS_REVERSED, CompletionCertificate.version.type)
STATE: ColumnElement[str] = case(
    (CompletionCertificate.ended_at.is_not(None), literal(State.SUPERSEDED.value, Text)),
    (HOURS_REVERSED, literal(State.HOURS_REVERSED.value, Text)),
    else_=literal(State.VALID.value, Text),
)
PLAIN = (
    "id", "district_id", "unit_id", "issuer_id", "officer_id", "number", "kind", "unit_name", "issuer_name", "class_id", "title",
    "year", "first_on", "last_on", "supersedes_id", "ended_reason", "issued_on", "issued_by",
)  # fmt: skip
# Hours that stand: no reversal, not reversed; into a year falls also what it loses of an earlier year's hours. Whoever
# taught a class did not attend it. Each row of `wanted` comes with the sums of its entries and the hash of their hashes.
STANDING = """
    SELECT w.place, array_agg(e.id ORDER BY e.id) AS entry_ids,
           coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'public_law'), 0)::integer AS public_law,
           coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'business'), 0)::integer AS business,
           coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'skills'), 0)::integer AS skills,
           coalesce(sum(e.hundredths) FILTER (WHERE e.category = 'political'), 0)::integer AS political,
           sha256(string_agg(training.content_hash(training.entry_content(e)), ''::bytea ORDER BY e.id)) AS entries_sha256
    FROM unnest($1::integer[], $2::uuid[], $3::uuid[], $4::integer[]) AS w (place, officer_id, class_id, year)
    JOIN training.hour_entries e ON e.officer_id = w.officer_id
        AND e.occurred_on BETWEEN make_date(w.year, 1, 1) AND make_date(w.year, 12, 31)
    LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
    LEFT JOIN training.hour_entries o ON o.id = e.reverses_id
    WHERE (e.entered_as = 'posted' OR d.decision = 'posted')
      AND NOT EXISTS (SELECT 1 FROM training.hour_entries r WHERE r.reverses_id = e.id)
      AND CASE WHEN w.class_id IS NOT NULL THEN e.class_id = w.class_id AND e.reverses_id IS NULL AND e.source <> 'teaching'
               ELSE e.reverses_id IS NULL OR extract(year FROM o.occurred_on) <> w.year END
    GROUP BY w.place
"""
PARTICIPANTS = """
    SELECT DISTINCT e.officer_id FROM training.hour_entries e
    WHERE e.class_id = $1 AND e.reverses_id IS NULL AND e.source <> 'teaching'
      AND NOT EXISTS (SELECT 1 FROM training.hour_entries r WHERE r.reverses_id = e.id)
    ORDER BY e.officer_id
"""
VERIFY = text("""
    SELECT CASE WHEN c.ended_at IS NOT NULL THEN 'superseded'
                WHEN training.hours_reversed(c.id) THEN 'hours_reversed' ELSE 'valid' END AS status,
           training.shown_name(c.name, CASE r.verification_name WHEN 'full' THEN 'surname' ELSE r.verification_name END) AS name
    FROM training.completion_certificates c
    CROSS JOIN LATERAL training.personnel_rule(c.district_id, :today) r
    WHERE c.number = :number
""")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter: as hours, by the officer's unit when issued; and whoever issued it."""
    issued = visibility.within(who, unit=CompletionCertificate.issuer_id)
    return or_(visibility.within(who, district=CompletionCertificate.district_id, unit=CompletionCertificate.unit_id), issued)


def _issues(who: Principal) -> ColumnElement[bool]:
    """Certificates this caller may replace: the own unit's work, or the district's."""
    reach: dict[str, Any] = {"district": CompletionCertificate.district_id, "unit": CompletionCertificate.issuer_id}
    return visibility.under(who, access.COMPLETION_CERTIFICATES_ISSUE, **reach)


def body(who: Principal) -> ColumnElement[Any]:
    """A certificate as this caller sees it today."""
    row = CompletionCertificate
    movable = STATE.in_([State.VALID.value, State.HOURS_REVERSED.value]) & _issues(who)
    return answers.json_object(
        {each: getattr(row, each) for each in PLAIN}
        | {
            "name": _name(who),
            "state": STATE,
            "hours": answers.hours(row.public_law + row.business + row.skills + row.political),
            "by_category": answers.json_object({each: answers.hours(getattr(row, each)) for each in CATEGORIES}),
            "entry_ids": _entry_ids(),
            "entries_sha256": func.encode(row.entries_sha256, "hex"),
            "reversed_hours": answers.hours(_reversed_hundredths()),
            "superseded_by_id": select(Successor.id).where(Successor.supersedes_id == row.id).scalar_subquery(),
            "ended_at": answers.moment(row.ended_at),
            "pdf_url": func.concat("/v1/completion-certificates/", row.id, "/pdf"),
            "allowed_actions": answers.allowed_actions({verb.value: movable for verb in rules.Verb}),
            "version": VERSION,
            "created_at": answers.moment(row.created_at),
        }
    )


def _name(who: Principal) -> ColumnElement[Any]:
    """The name as this caller sees it, wherever it stands: in an answer or on the page."""
    name: Any = CompletionCertificate.name
    return name if officers.sees_names(who) else func.training.masked_name(name)


def _entry_ids() -> ColumnElement[Any]:
    behind = CompletionCertificateEntry
    listed = select(func.json_agg(aggregate_order_by(behind.entry_id, behind.entry_id)))
    return listed.where(behind.certificate_id == CompletionCertificate.id).correlate(CompletionCertificate).scalar_subquery()


def _reversed_hundredths() -> ColumnElement[Any]:
    behind = CompletionCertificateEntry
    lost = select(func.coalesce(-func.sum(HourEntry.hundredths), 0)).join(behind, behind.entry_id == HourEntry.reverses_id)
    return lost.where(behind.certificate_id == CompletionCertificate.id).correlate(CompletionCertificate).scalar_subquery()


CERTIFICATES = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "officer_id": reads.equals(CompletionCertificate.officer_id),
        "unit_id": reads.equals(CompletionCertificate.unit_id),
        "issuer_id": reads.equals(CompletionCertificate.issuer_id),
        "class_id": reads.equals(CompletionCertificate.class_id),
        "kind": reads.equals(CompletionCertificate.kind),
        "year": reads.equals(CompletionCertificate.year),
        "state": reads.Filter(Text(), lambda value: value == STATE),
        "number": reads.Filter(Text(), lambda value: CompletionCertificate.number == func.upper(value)),
    },
)
CERTIFICATE = reads.Single(body=body, version=VERSION, key=CompletionCertificate.id, visible_to=visible_to)


async def one_for_update(
    session: Session, who: Principal, certificate_id: UUID, version: int
) -> tuple[CompletionCertificate, State]:
    """The row, locked, with its state; NotFound, Stale, NotIssuer."""
    wanted = (CompletionCertificate.id == certificate_id, visible_to(who))
    statement = select(CompletionCertificate, HOURS_REVERSED, _issues(who)).where(*wanted)
    row = (await session.execute(statement.with_for_update(of=CompletionCertificate))).one_or_none()
    if row is None:
        raise errors.NotFound
    if not row[2]:
        raise rules.NotIssuer
    preconditions.expect(rules.version_shown(row[0].version, row[1]), version)
    return row[0], rules.state_of(row[0], row[1])


async def printed(
    read: Reader, who: Principal, certificate_id: UUID | None, class_id: UUID | None, most: int
) -> list[tuple[CompletionCertificate, State, int]]:
    """Certificates to print, with state and version: the one, or the valid ones of a class by number; at most so many."""
    mine: ColumnElement[bool] = CompletionCertificate.id == certificate_id
    if certificate_id is None:
        mine = and_(CompletionCertificate.class_id == class_id, STATE.in_([State.VALID.value]))
    names = [column.name for column in CompletionCertificate.__table__.columns if column.name != "name"]
    columns = [_name(who).label("name"), *(getattr(CompletionCertificate, name) for name in names)]
    statement = select(*columns, STATE.label("state"), VERSION.label("shown")).where(mine, visible_to(who))
    rows = (await read.execute(statement.order_by(CompletionCertificate.number).limit(most))).mappings()
    found = []
    for row in rows:
        facts = {name: row[name] for name in CompletionCertificate.__table__.columns.keys()}  # noqa: SIM118  # no mapping
        found.append((CompletionCertificate(**facts), State(row["state"]), int(row["shown"])))
    return found


async def standing(session: Session, wanted: Sequence[Wanted]) -> dict[int, rules.Standing]:
    """The hours that stand behind each certificate asked for, by its place; absent where there are none."""
    arguments = [
        list(range(len(wanted))),
        [each.officer_id for each in wanted],
        [each.class_id for each in wanted],
        [each.year for each in wanted],
    ]
    return {
        row["place"]: rules.Standing(
            tuple(row["entry_ids"]), {name: row[name] for name in CATEGORIES}, bytes(row["entries_sha256"])
        )
        for row in await db.fetch(session, STANDING, arguments)
    }


async def resting_on(session: Session, entry_id: UUID) -> list[CompletionCertificate]:
    """Valid certificates behind which this entry stands, by id."""
    behind = CompletionCertificateEntry
    statement = select(CompletionCertificate).join(behind, behind.certificate_id == CompletionCertificate.id)
    statement = statement.where(behind.entry_id == entry_id, STATE.in_([State.VALID.value])).order_by(CompletionCertificate.id)
    return list((await session.execute(statement)).scalars())


async def participants(session: Session, class_id: UUID) -> list[UUID]:
    """Officers with hours of a class that were not reversed, by id."""
    return [row["officer_id"] for row in await db.fetch(session, PARTICIPANTS, [class_id])]


async def issued(session: Session, wanted: Sequence[Wanted]) -> set[Wanted]:
    """Those asked for of which one stands already."""
    row = CompletionCertificate
    people = {each.officer_id for each in wanted}
    statement = select(row.officer_id, row.class_id, row.year).where(row.officer_id.in_(people), row.ended_at.is_(None))
    found = {(each[0], each[1], each[2]) for each in await session.execute(statement)}
    return {each for each in wanted if (each.officer_id, each.class_id, each.year) in found}


async def seen(session: Session, who: Principal, officer_ids: Collection[UUID]) -> set[UUID]:
    """Those officers whom the caller sees."""
    return set(officer_ids) - await officers.invisible(session, who, list(officer_ids))


async def next_serials(session: Session, district_id: UUID, year: int, count: int) -> int:
    """The first of so many serials, without gaps: who takes some makes others wait until the commit."""
    counter = CompletionCertificateCounter
    first = upsert(counter).values(district_id=district_id, issued_in=year, last=count)
    taken = first.on_conflict_do_update(
        index_elements=[counter.district_id, counter.issued_in], set_={"last": counter.last + count}
    )
    return int((await session.execute(taken.returning(counter.last))).scalar_one()) - count + 1


async def add(session: Session, made: Mapping[CompletionCertificate, Sequence[UUID]]) -> None:
    """Certificates with the entries behind them."""
    session.add_all(made)
    await session.flush()
    rows = [{"certificate_id": each.id, "entry_id": entry_id} for each, listed in made.items() for entry_id in listed]
    await session.execute(insert(CompletionCertificateEntry), rows)


async def verified(read: Reader, number: str, today: date) -> tuple[str, str | None]:
    """Status of a number and the name masked; unknown where there is none."""
    row = (await read.execute(VERIFY, {"number": number.upper(), "today": today})).one_or_none()
    return (rules.Status.UNKNOWN.value, None) if row is None else (row.status, row.name)
