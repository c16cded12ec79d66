"""Withdrawing an assignment and calling the next stand-in, in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.conflict_checks import queries as conflicts
from services.cases_api.conflict_checks.rules import Kind
from services.cases_api.review_assignments.rules import Ended, Reason, State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_rounds import queries as rounds
from services.cases_api.review_rounds.rules import Mode
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings import queries as review_settings
from services.cases_api.review_settings.rules import Settings
from services.cases_api.stand_ins import queries, rules
from services.kit import audit, clock, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal

OBJECT = "review_assignment"


async def conflicts_of(session: Session, assignment: ReviewAssignment, of: ReviewRound, now: datetime) -> list[Kind]:
    """What keeps the reviewer from the file as things are now. A self-review is done by the unit's own people: nothing does."""
    if of.mode == Mode.SELF:
        return []
    scope = await _scope(session, of, now)
    found = await conflicts.find(session, scope, [assignment.account_id], [assignment.case_file_id])
    return found.between(assignment.account_id, assignment.case_file_id, assignment.unit_id)


async def _scope(session: Session, of: ReviewRound, now: datetime) -> conflicts.Scope:
    day = clock.local_day(now)
    settings = await review_settings.in_force(session, of.district_id, day)
    return conflicts.Scope(of.district_id, await rounds.campaign_year(session, of.campaign_id), settings, day)


async def replace(
    session: Session, who: Principal, assignment: ReviewAssignment, of: ReviewRound, how: Ended, reason: str, now: datetime
) -> ReviewAssignment | None:
    """Withdraws an assignment, with what was written kept, and gives the file to the next stand-in. None when there is none left:
    the bureau is told, and assigning again fills the gap.
    """
    before = assignment.state
    assignment.state, assignment.ended_how, assignment.ended_reason = State.VOID, how, reason
    assignment.ended_at, assignment.leased_until = now, None
    await session.flush()
    _tell(session, who, assignment, how.value, {"state": before}, {"state": State.VOID, "ended_how": how})
    if of.mode == Mode.SELF:
        return None
    scope = await _scope(session, of, now)
    made = await _call(session, assignment, of, scope, now)
    if made is None:
        _tell(session, who, assignment, "without_stand_in", {}, {"case_file_id": assignment.case_file_id}, to_bureau=True)
        return None
    session.add(made)
    await session.flush()
    _tell(session, who, made, "stood_in", {}, {"account_id": made.account_id, "replaces_id": assignment.id})
    return made


async def _call(
    session: Session, assignment: ReviewAssignment, of: ReviewRound, scope: conflicts.Scope, now: datetime
) -> ReviewAssignment | None:
    settings: Settings = scope.settings
    ranked = await queries.ranked(session, of.id, assignment.case_file_id)
    if not ranked:
        return None
    file_id, unit_id = assignment.case_file_id, assignment.unit_id
    found = await conflicts.find(session, scope, ranked, [file_id])
    conflicting = frozenset(key for key in ranked if found.between(key, file_id, unit_id))
    known = await queries.candidates(session, of, unit_id, ranked, conflicting, scope.day)
    rest = await queries.rest(session, of.id, file_id)
    open_places = of.reviewers_per_file - rest.live
    legal = of.legal_reviewers - rest.legal >= open_places > 0
    chosen = rules.next_one(ranked, known, rest.had, most=settings.most_load, legal=legal)
    if chosen is None:
        return None
    rank, account_id = chosen
    return ReviewAssignment(
        id=ids.new_id(), district_id=of.district_id, unit_id=unit_id, round_id=of.id, mode=of.mode, case_file_id=file_id,
        account_id=account_id, reason=Reason.STAND_IN, run_id=assignment.run_id, hide_unit=of.hide_units,
        explanation={"rank": rank, "legal_review": known[account_id].is_legal, "load": known[account_id].load + 1},
        state=State.ASSIGNED, created_at=now, saves=0,
    )  # fmt: skip


def _tell(
    session: Session, who: Principal, assignment: ReviewAssignment, verb: str, before: dict[str, Any], after: dict[str, Any],
    *, to_bureau: bool = False,
) -> None:  # fmt: skip
    kind, place = f"{OBJECT}.{verb}", (OBJECT, assignment.id, assignment.district_id)
    audit.record(session, who, kind, *place, assignment.unit_id, before=before, after=after)
    right = access.REVIEW_ROUNDS_DRAW if to_bureau else access.REVIEW_ASSIGNMENTS_READ
    people: list[UUID] = [] if to_bureau else [assignment.account_id]
    # Without the unit: its people do not learn who reviews its files.
    outbox.publish(session, kind, *place[:2], assignment.version, right, assignment.district_id, account_ids=people)
