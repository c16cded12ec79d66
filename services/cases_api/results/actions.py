"""How results come about and change: by publishing a round, by voiding it, by an objection upheld. By nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.results import queries, rules
from services.cases_api.results.tables import Result
from services.cases_api.review_rounds.rules import Mode
from services.cases_api.review_rounds.tables import ReviewRound
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail

RESULT: Final = Trail("result", access.RESULTS_READ)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a result comes to: total in hundredths of a point, grade, vetoes."""

    total: int | None
    grade: str
    vetoes: list[str]


async def publish(session: Session, who: Principal, of: ReviewRound, now: datetime) -> None:
    """Writes the results of a round and places them among those of the campaign's other rounds.

    Publishing is the act that is recorded and told of; the results follow from it.
    """
    await queries.settle(session, of.id, Mode(of.mode), now)
    moved = await queries.place(session, of.campaign_id, of.id)
    changed = list(dict.fromkeys([*await queries.of_round(session, of.id), *moved]))
    await queries.keep_versions(session, who, changed, of.id, rules.Cause.PUBLISHED, None, now)


async def void(session: Session, who: Principal, of: ReviewRound, reason: str, now: datetime) -> None:
    """Takes the results of a voided round out; where others stand behind them, those become final."""
    await queries.void(session, of.id, now)
    moved = await queries.place(session, of.campaign_id, of.id)
    changed = list(dict.fromkeys([*await queries.of_round(session, of.id), *moved]))
    await queries.keep_versions(session, who, changed, of.id, rules.Cause.VOIDED, reason, now)


async def correct(
    session: Session, who: Principal, result: Result, objection_id: UUID, standing: Standing, reason: str, now: datetime
) -> None:
    """An objection was upheld: the result, locked by the caller, becomes this, and goes before all others of its file."""
    names = ("total_hundredths", "grade", "vetoes")
    before = {name: getattr(result, name) for name in names}
    result.total_hundredths, result.grade, result.vetoes = standing.total, standing.grade, standing.vetoes
    result.basis, result.objection_id = rules.Basis.OBJECTION, objection_id
    result.rank = rules.rank(rules.Basis.OBJECTION, Mode(result.mode))
    await session.flush()
    await queries.keep_versions(session, who, [result.id], result.round_id, rules.Cause.OBJECTION, reason, now)
    RESULT.tell(session, who, result, "corrected", before, {name: getattr(result, name) for name in names})
