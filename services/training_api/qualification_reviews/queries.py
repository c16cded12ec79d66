"""Reads of reviews of qualifications, and what the registers propose."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Integer,
    Select,
    Text,
    Uuid,
    bindparam,
    cast,
    extract,
    func,
    select,
    text,
    update,
)

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.certificates.tables import Certificate
from services.training_api.officers.tables import Officer
from services.training_api.qualification_reviews import rules
from services.training_api.qualification_reviews.rules import Decision, Outcome, Verb
from services.training_api.qualification_reviews.tables import QualificationReview, QualificationReviewItem

NEWEST = pagination.Order((QualificationReview.created_at, QualificationReview.id))
HOLDER: dict[str, Any] = {"district": Officer.district_id, "unit": Officer.unit_id}
Review, Item = QualificationReview, QualificationReviewItem

# Of several reasons the weightiest: gone, no longer a regular officer, run out, without the passes its rules ask for.
PROPOSE = text("""
    INSERT INTO training.qualification_review_items (review_id, certificate_id, reason, cancel_on)
    SELECT :review_id, p.id, p.reason, greatest(p.cancel_on, p.valid_from) FROM (
        SELECT c.id, c.valid_from,
               CASE WHEN o.left_on < :as_of THEN 'left'
                    WHEN s.kind = 'auxiliary' THEN 'auxiliary'
                    WHEN c.valid_to < :as_of THEN 'expired'
                    WHEN m.missing THEN 'exam_missing' END AS reason,
               CASE WHEN o.left_on < :as_of THEN o.left_on + 1
                    WHEN s.kind = 'auxiliary' THEN s.from_on
                    WHEN c.valid_to < :as_of THEN c.valid_to + 1
                    ELSE CAST(:as_of AS date) END AS cancel_on
        FROM training.certificates c
        JOIN training.officers o ON o.id = c.officer_id
        JOIN published.units u ON u.id = o.unit_id AND :unit_id = ANY (u.path)
        LEFT JOIN training.officer_units s ON s.officer_id = o.id AND s.superseded_at IS NULL
            AND s.from_on <= :as_of AND coalesce(s.to_on, 'infinity') >= :as_of
        CROSS JOIN LATERAL (
            SELECT EXISTS (
                SELECT 1 FROM training.personnel_rule(c.district_id, c.valid_from) r
                CROSS JOIN LATERAL unnest(r.required_exams) AS k (kind)
                WHERE r.id IS NOT NULL AND NOT EXISTS (
                    SELECT 1 FROM published.exam_passes e
                    WHERE e.officer_id = o.id AND e.kind = k.kind AND e.held_on <= c.valid_from
                      AND (r.exam_valid_months = 0 OR c.valid_from < e.held_on + make_interval(months => r.exam_valid_months))
                )) AS missing) m
        WHERE c.district_id = :district_id AND c.state = 'valid' AND c.valid_from <= :as_of
    ) p WHERE p.reason IS NOT NULL
""")
SKIP = text("""
    UPDATE training.qualification_review_items i SET outcome = CASE WHEN i.decision = 'keep' THEN 'kept' ELSE 'skipped' END
    WHERE i.review_id = :review_id AND i.outcome IS NULL
""")
CANCEL = text("""
    WITH due AS (
        SELECT i.certificate_id, i.reason, i.note, least(i.cancel_on, CAST(:today AS date)) AS cancel_on
        FROM training.qualification_review_items i
        WHERE i.review_id = :review_id AND i.decision = 'cancel'
    ), ended AS (
        UPDATE training.certificates c SET state = 'cancelled', ended_on = due.cancel_on, version = c.version + 1
        FROM due WHERE c.id = due.certificate_id AND c.state = 'valid'
        RETURNING c.id, c.officer_id, c.version, due.reason, due.note, due.cancel_on
    ), told AS (
        UPDATE training.qualification_review_items i SET outcome = 'cancelled'
        FROM ended WHERE i.review_id = :review_id AND i.certificate_id = ended.id
    )
    SELECT e.id, e.version, e.reason, e.note, e.cancel_on, o.district_id, o.unit_id
    FROM ended e JOIN training.officers o ON o.id = e.officer_id ORDER BY e.id
""")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of reviews: a review is the district's; units see it with the items of their own."""
    if who.district_id is None:
        return visibility.within(who, district=Review.district_id)
    return Review.district_id == visibility.my_district(who)


def items_visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of items: by the unit the officer belongs to now, or belonged to last."""
    return visibility.within(who, **HOLDER)


def _with_holders(statement: Select[Any]) -> Select[Any]:
    joined = statement.select_from(Item).join(Certificate, Certificate.id == Item.certificate_id)
    return joined.join(Officer, Officer.id == Certificate.officer_id)


def body(who: Principal) -> ColumnElement[Any]:
    """A review as this caller sees it; the counts are of the items in the caller's reach."""
    plain = ("id", "district_id", "unit_id", "title", "as_of", "state", "version")
    return answers.json_object(
        {name: getattr(Review, name) for name in plain}
        | {
            "counts": _counts(who),
            "checked_at": answers.moment(Review.checked_at),
            "applied_at": answers.moment(Review.applied_at),
            "allowed_actions": answers.allowed_actions(_allowed(who)),
            "created_at": answers.moment(Review.created_at),
        }
    )


def _counts(who: Principal) -> ColumnElement[Any]:
    number = {
        "proposed": func.count(),
        "cancel": func.count().filter(Item.decision == Decision.CANCEL.value),
        "keep": func.count().filter(Item.decision == Decision.KEEP.value),
        "undecided": func.count().filter(Item.decision.is_(None)),
        "cancelled": func.count().filter(Item.outcome == Outcome.CANCELLED.value),
        "skipped": func.count().filter(Item.outcome == Outcome.SKIPPED.value),
    }
    reached = visibility.under(who, access.QUALIFICATION_REVIEWS_READ, **HOLDER)
    counted = _with_holders(select(answers.json_object(number)))
    return counted.where(Item.review_id == Review.id, reached).correlate(Review).scalar_subquery()


def _allowed(who: Principal) -> Mapping[str, ColumnElement[bool]]:
    runs = visibility.under(who, access.QUALIFICATION_REVIEWS_WRITE, district=Review.district_id)
    decides = who.admitted(access.QUALIFICATION_REVIEWS_DECIDE.grants)
    found: dict[str, ColumnElement[bool]] = {}
    for verb in Verb:
        reached = visible_to(decides) if verb is Verb.DECIDE and decides is not None else runs
        found[verb.value] = Review.state.in_([state.value for state in rules.MOVES[verb]]) & reached
    return found


REVIEWS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "state": reads.equals(Review.state),
        "year": reads.Filter(Integer(), lambda value: cast(extract("year", Review.as_of), Integer) == value),
    },
)
REVIEW = reads.Single(body=body, version=Review.version, key=Review.id, visible_to=visible_to)


def _of_review(statement: Select[Any]) -> Select[Any]:
    return _with_holders(statement).where(Item.review_id == bindparam("review_id", None, type_=Uuid()))


ITEMS = reads.Listing(
    body=answers.json_object(
        {
            "certificate_id": Item.certificate_id,
            "officer_id": Officer.id,
            "unit_id": Officer.unit_id,
            "number": Certificate.number,
            "reason": Item.reason,
            "cancel_on": Item.cancel_on,
            "decision": Item.decision,
            "note": Item.note,
            "decided_at": answers.moment(Item.decided_at),
            "outcome": Item.outcome,
        }
    ),
    visible_to=items_visible_to,
    orders={"certificate_id": pagination.Order((Item.certificate_id,), descending=False)},
    filters={
        "unit_id": reads.equals(Officer.unit_id),
        "reason": reads.equals(Item.reason),
        "decision": reads.equals(Item.decision),
        "undecided": reads.Filter(Boolean(), lambda value: Item.decision.is_(None) == value),
        "outcome": reads.equals(Item.outcome),
    },
    source=_of_review,
)


async def one_for_update(session: Session, who: Principal, review_id: UUID, version: int | None = None) -> QualificationReview:
    """The row, locked; NotFound, Stale."""
    statement = select(Review).where(Review.id == review_id, visible_to(who)).with_for_update()
    found: QualificationReview | None = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    if version is not None:
        preconditions.expect(found.version, version)
    return found


async def fill(session: Session, review: QualificationReview) -> None:
    """Adds what the registers propose as of the review's day."""
    names = ("district_id", "unit_id", "as_of")
    values = {name: getattr(review, name) for name in names}
    await session.execute(PROPOSE, values | {"review_id": review.id})


async def certificate(session: Session, certificate_id: UUID, unit_id: UUID) -> tuple[Certificate, UUID] | None:
    """An issued certificate whose holder belongs to this unit or one below it, with the holder's unit."""
    below = text("training.officers.unit_id IN (SELECT u.id FROM published.units u WHERE :unit_id = ANY (u.path))")
    statement = select(Certificate, Officer.unit_id).join(Officer, Officer.id == Certificate.officer_id)
    wanted = statement.where(Certificate.id == certificate_id, Certificate.valid_from.is_not(None), below)
    row = (await session.execute(wanted, {"unit_id": unit_id})).one_or_none()
    return None if row is None else (row[0], row[1])


async def is_listed(session: Session, review_id: UUID, certificate_id: UUID) -> bool:
    """Whether the review names the certificate already."""
    return await session.get(Item, (review_id, certificate_id)) is not None


async def reached_items(session: Session, who: Principal, review_id: UUID, wanted: Collection[UUID]) -> set[UUID]:
    """Those of the certificates that are items of the review and in the caller's reach."""
    statement = _with_holders(select(Item.certificate_id))
    found = statement.where(Item.review_id == review_id, Item.certificate_id.in_(wanted), items_visible_to(who))
    return set((await session.execute(found)).scalars())


async def decide(
    session: Session, review_id: UUID, decisions: Sequence[tuple[UUID, str, str | None]], by: UUID, at: datetime
) -> None:
    """Writes decisions down: certificate, decision, note."""
    statement = (
        update(Item)
        .where(Item.review_id == review_id, Item.certificate_id == bindparam("of", type_=Uuid()))
        .values({name: bindparam(f"new_{name}") for name in ("decision", "decided_by", "decided_at")})
        # What was said when the certificate was named stays, unless the decision says something of its own.
        .values(note=func.coalesce(bindparam("new_note", type_=Text()), Item.note))
        .execution_options(synchronize_session=False)
    )
    connection = await session.connection()
    beside = {"new_decided_by": by, "new_decided_at": at}
    rows = [{"of": key, "new_decision": decision, "new_note": note} | beside for key, decision, note in decisions]
    await connection.execute(statement, rows)


async def undecided(session: Session, review_id: UUID) -> int:
    """How many items of a review nobody has decided."""
    statement = select(func.count()).where(Item.review_id == review_id, Item.decision.is_(None))
    return int((await session.execute(statement)).scalar_one())


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A certificate that a review has ended."""

    id: UUID
    version: int
    reason: str
    note: str | None
    cancel_on: date
    district_id: UUID
    unit_id: UUID


async def apply(session: Session, review_id: UUID, today: date) -> list[Cancelled]:
    """Cancels what is to be cancelled and still holds; answers what was. What ended meanwhile is skipped."""
    rows = (await session.execute(CANCEL, {"review_id": review_id, "today": today})).all()
    await session.execute(SKIP, {"review_id": review_id})
    return [Cancelled(*row) for row in rows]
