"""Answers to an assignment. Whoever falls out keeps what was written; the next stand-in starts afresh."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api import access
from services.cases_api.arbitrations import actions as arbitrations
from services.cases_api.assignment_answers.schemas import RecuseIn
from services.cases_api.conflict_declarations import actions as declarations
from services.cases_api.review_assignments import queries, rules
from services.cases_api.review_assignments.rules import Ended
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_rounds import queries as round_queries
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.stand_ins import actions as stand_ins
from services.kit import audit, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal


async def accept(session: Session, who: Principal, assignment_id: UUID, version: int, now: datetime) -> None:
    """The reviewer takes the file on. Raises NotFound, Stale, IllegalMove, InConflict (which withdraws it)."""
    found, _ = await _held(session, who, assignment_id, version, "accept")
    found.accepted_at = now
    await session.flush()
    place = (stand_ins.OBJECT, found.id, found.district_id)
    audit.record(session, who, "review_assignment.accepted", *place, found.unit_id, after={"accepted": True})
    right, people = access.REVIEW_ASSIGNMENTS_READ, [found.account_id]
    kind = "review_assignment.accepted"
    outbox.publish(session, kind, *place[:2], found.version, right, found.district_id, account_ids=people)


async def decline(session: Session, who: Principal, assignment_id: UUID, version: int, reason: str, now: datetime) -> None:
    """The reviewer does not take the file; the next stand-in gets it. Raises NotFound, Stale, IllegalMove."""
    found, of = await _held(session, who, assignment_id, version, "decline")
    await stand_ins.replace(session, who, found, of, Ended.DECLINED, reason, now)


async def recuse(session: Session, who: Principal, assignment_id: UUID, version: int, wanted: RecuseIn, now: datetime) -> None:
    """The reviewer must not take the file, which is declared; the next stand-in gets it. Raises NotFound, Stale, IllegalMove."""
    found, of = await _held(session, who, assignment_id, version, "recuse")
    facts = {"kind": wanted.kind, "reason": wanted.reason, "case_file_id": found.case_file_id, "unit_id": None, "pinned": False}
    await declarations.add(session, who, found.account_id, now, **facts)
    # What a third person made of this review falls with it, decided or not.
    await arbitrations.overtake(session, who, of.id, found.case_file_id, now, may_be_decided=True)
    await stand_ins.replace(session, who, found, of, Ended.RECUSED, wanted.reason, now)


async def reassign(session: Session, who: Principal, assignment_id: UUID, version: int, now: datetime) -> None:
    """The bureau gives a file that nobody is at work on to the next stand-in. Raises NotFound, Stale, IllegalMove, Leased.

    The reason is demanded as `X-Change-Reason`.
    """
    reason = audit.demanded_reason(session)
    found, of = await _held(session, who, assignment_id, version, "reassign")
    raise_if(rules.why_not_take_away(found.leased_until, now))
    await stand_ins.replace(session, who, found, of, Ended.REASSIGNED, reason, now)


async def _held(
    session: Session, who: Principal, assignment_id: UUID, version: int, verb: str
) -> tuple[ReviewAssignment, ReviewRound]:
    """Assignment and round, both locked in the order in which reviewing locks them."""
    found = await queries.one_for_update(session, who, assignment_id, version)
    of = await round_queries.locked(session, found.round_id)
    raise_if(rules.why_not(verb, rules.State(found.state)))
    if of.state not in rounds.UNDER_WAY:
        raise rules.RoundOver
    return found, of
