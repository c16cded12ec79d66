"""What calling a stand-in needs to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from services.cases_api.assignment_runs.tables import AssignmentRun, AssignmentStandIns
from services.cases_api.review_assignments.rules import State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.reviewers.external import POOL, is_away
from services.cases_api.stand_ins.rules import Candidate
from services.kit import references
from services.kit.db import Session
from services.kit.principal import Role

ACCOUNTS = references.accounts


@dataclass(frozen=True, slots=True)
class Rest:
    """Who else has or had the file in the round, and how many of the live ones are qualified for legal review."""

    had: frozenset[UUID]
    live: int
    legal: int


async def ranked(session: Session, round_id: UUID, case_file_id: UUID) -> list[UUID]:
    """The stand-ins of a file, those of the newest run first."""
    found = select(AssignmentStandIns.account_ids).join(AssignmentRun, AssignmentRun.id == AssignmentStandIns.run_id)
    found = found.where(AssignmentRun.round_id == round_id, AssignmentStandIns.case_file_id == case_file_id)
    lists = (await session.execute(found.order_by(AssignmentRun.number.desc()))).scalars()
    return list(dict.fromkeys(account_id for listed in lists for account_id in listed))


async def rest(session: Session, round_id: UUID, case_file_id: UUID) -> Rest:
    """The other assignments of a file in a round."""
    legal = func.coalesce(POOL.c.legal_review, False)
    found = select(ReviewAssignment.account_id, ReviewAssignment.state != State.VOID, legal)
    found = found.outerjoin(POOL, POOL.c.account_id == ReviewAssignment.account_id)
    found = found.where(ReviewAssignment.round_id == round_id, ReviewAssignment.case_file_id == case_file_id)
    rows = (await session.execute(found)).all()
    return Rest(frozenset(row[0] for row in rows), sum(row[1] for row in rows), sum(row[1] and row[2] for row in rows))


async def candidates(
    session: Session, of: ReviewRound, unit_id: UUID, account_ids: Sequence[UUID], conflicting: frozenset[UUID], day: date
) -> dict[UUID, Candidate]:
    """These accounts as they are now: in office, not away, how loaded, whether their unit is reviewed by the file's own."""
    loads = await _loads(session, of.id)
    reviewing = await _reviewing(session, of.id, unit_id)
    away = is_away(day)
    there = and_(ACCOUNTS.c.active, ACCOUNTS.c.roles.contains([Role.REVIEWER.value]), ~away)
    there = and_(there, or_(POOL.c.account_id.is_(None), POOL.c.is_active))
    found = select(ACCOUNTS.c.id, ACCOUNTS.c.unit_id, there, func.coalesce(POOL.c.legal_review, False))
    found = found.outerjoin(POOL, POOL.c.account_id == ACCOUNTS.c.id).where(ACCOUNTS.c.id.in_(account_ids))
    return {
        key: Candidate(key, is_there, legal, key in conflicting or unit in reviewing, loads[key])
        for key, unit, is_there, legal in (await session.execute(found)).all()
    }


async def _loads(session: Session, round_id: UUID) -> Counter[UUID]:
    live = (ReviewAssignment.round_id == round_id, ReviewAssignment.state != State.VOID)
    found = select(ReviewAssignment.account_id, func.count()).where(*live).group_by(ReviewAssignment.account_id)
    rows: list[Any] = list((await session.execute(found)).all())
    return Counter(dict(rows))


async def _reviewing(session: Session, round_id: UUID, unit_id: UUID) -> set[UUID]:
    """Units whose files people of this unit review in the round."""
    found = select(ReviewAssignment.unit_id).join(ACCOUNTS, ACCOUNTS.c.id == ReviewAssignment.account_id)
    found = found.where(
        ReviewAssignment.round_id == round_id, ReviewAssignment.state != State.VOID, ACCOUNTS.c.unit_id == unit_id
    )
    return set((await session.execute(found.distinct())).scalars())
