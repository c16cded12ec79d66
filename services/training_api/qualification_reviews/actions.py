"""What is done with reviews of qualifications: begun, filled, decided, checked, applied, given up."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import batches, clock, errors, ids, references
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.certificates import actions as certificates
from services.training_api.qualification_reviews import queries, rules
from services.training_api.qualification_reviews.rules import Decision, Reason, State, Verb
from services.training_api.qualification_reviews.schemas import DecisionIn, DecisionsIn, ItemIn, QualificationReviewIn
from services.training_api.qualification_reviews.tables import QualificationReview, QualificationReviewItem

OBJECT = "qualification_review"
_tell: Final = Trail(OBJECT, access.QUALIFICATION_REVIEWS_READ).tell


async def create(session: Session, who: Principal, wanted: QualificationReviewIn, now: datetime) -> QualificationReview:
    """Begins a review with what the registers propose as of the day. Raises BadInput (unit, day)."""
    if who.district_id is None:
        raise errors.Forbidden
    unit = await references.unit(session, wanted.unit_id or who.district_id)
    today = clock.local_day(now)
    as_of = wanted.as_of or today
    faults = [Fault("/body/unit_id", "not_found")] if unit.district_id != who.district_id else []
    faults += [Fault("/body/as_of", "in_future")] if as_of > today else []
    if faults:
        raise errors.BadInput(*faults)
    review = QualificationReview(
        id=ids.new_id(),
        district_id=unit.district_id,
        unit_id=unit.id,
        title=wanted.title,
        as_of=as_of,
        state=State.PROPOSED.value,
        created_by=who.account_id,
        created_at=now,
    )
    session.add(review)
    await session.flush()
    await queries.fill(session, review)
    _tell(session, who, review, "created", {}, {"title": review.title, "unit_id": unit.id, "as_of": as_of})
    return review


async def add(session: Session, who: Principal, review_id: UUID, wanted: ItemIn, now: datetime) -> None:
    """Names one more certificate, with a reason. Raises NotFound, IllegalMove, BadInput."""
    review = await _ready(session, who, review_id, None, Verb.ADD)
    found = await queries.certificate(session, wanted.certificate_id, review.unit_id)
    if found is None:
        raise errors.BadInput(Fault("/body/certificate_id", "not_found"))
    if await queries.is_listed(session, review.id, wanted.certificate_id):
        raise errors.BadInput(Fault("/body/certificate_id", "repeated"))
    certificate, _ = found
    assert certificate.valid_from is not None
    session.add(
        QualificationReviewItem(
            review_id=review.id,
            certificate_id=certificate.id,
            reason=Reason.OTHER.value,
            cancel_on=max(clock.local_day(now), certificate.valid_from),
            note=wanted.note,
        )
    )
    await session.flush()
    _tell(session, who, review, "item_added", {}, {"certificate_id": certificate.id}, wanted.note)


async def decide(
    session: Session, who: Principal, review_id: UUID, wanted: DecisionsIn, now: datetime, language: str
) -> batches.Outcomes:
    """Units say what is to become of their certificates, each with its own outcome. Raises NotFound, IllegalMove."""
    review = await _ready(session, who, review_id, None, Verb.DECIDE)
    reached = await queries.reached_items(session, who, review.id, [item.certificate_id for item in wanted.items])
    seen = set[UUID]()
    judged: list[batches.Done | errors.DomainError] = []
    for item in wanted.items:
        faults = _faults(item, reached, seen)
        seen.add(item.certificate_id)
        judged.append(errors.BadInput(*faults) if faults else (200, item.certificate_id))
    told = batches.told(session, judged, atomic=wanted.atomic, language=language)
    good = [item for item, done in zip(wanted.items, judged, strict=True) if isinstance(done, tuple)]
    if good:
        rows = [(item.certificate_id, item.decision.value, item.note) for item in good]
        await queries.decide(session, review.id, rows, who.account_id, now)
        _tell(session, who, review, "decided", {}, {item.certificate_id.hex: item.decision for item in good})
    return told


def _faults(item: DecisionIn, reached: set[UUID], seen: set[UUID]) -> list[Fault]:
    if item.certificate_id not in reached:
        return [Fault("/body/certificate_id", "not_found")]
    faults = [Fault("/body/certificate_id", "repeated")] if item.certificate_id in seen else []
    return faults + ([Fault("/body/note", "missing")] if item.decision is Decision.KEEP and item.note is None else [])


async def check(session: Session, who: Principal, review_id: UUID, version: int, now: datetime) -> None:
    """Closes the units' answers when there are all of them. Raises NotFound, Stale, IllegalMove, Undecided."""
    review = await _ready(session, who, review_id, version, Verb.CHECK)
    raise_if(rules.why_not_check(review, await queries.undecided(session, review.id)))
    review.checked_at = now
    await _move(session, who, review, Verb.CHECK, "checked")


async def reopen(session: Session, who: Principal, review_id: UUID, version: int, reason: str) -> None:
    """Gives a checked review back to the units. Raises NotFound, Stale, IllegalMove."""
    review = await _ready(session, who, review_id, version, Verb.REOPEN)
    review.checked_at = None
    await _move(session, who, review, Verb.REOPEN, "reopened", reason)


async def apply(session: Session, who: Principal, review_id: UUID, version: int, now: datetime) -> None:
    """Cancels the certificates in one transaction; what ended meanwhile is skipped. Raises NotFound, Stale, IllegalMove."""
    review = await _ready(session, who, review_id, version, Verb.APPLY)
    ended = await queries.apply(session, review.id, clock.local_day(now))
    for row in ended:
        word = rules.WORDS[Reason(row.reason)]
        reason = f"{word}（{row.note}）" if row.note else word
        after = {"state": "cancelled", "on": row.cancel_on, "review_id": review.id}
        place = (row.id, row.version, row.district_id, row.unit_id)
        certificates.tell_row(session, who, place, "cancelled", {"state": "valid"}, after, reason)
    review.applied_at = now
    await _move(session, who, review, Verb.APPLY, "applied", after={"cancelled": len(ended)})


async def void(session: Session, who: Principal, review_id: UUID, version: int, reason: str) -> None:
    """Gives a review up; nothing is cancelled. Raises NotFound, Stale, IllegalMove."""
    review = await _ready(session, who, review_id, version, Verb.VOID)
    await _move(session, who, review, Verb.VOID, "voided", reason)


async def _ready(session: Session, who: Principal, review_id: UUID, version: int | None, verb: Verb) -> QualificationReview:
    review = await queries.one_for_update(session, who, review_id, version)
    raise_if(rules.why_not(verb, review))
    return review


async def _move(
    session: Session,
    who: Principal,
    review: QualificationReview,
    verb: Verb,
    told: str,
    reason: str | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    before = State(review.state)
    review.state = rules.MOVES[verb][before].value
    await session.flush()
    _tell(session, who, review, told, {"state": before}, {"state": review.state} | (after or {}), reason)
