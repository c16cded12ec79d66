"""How results come about and change: by publishing a round, by voiding it, by an objection upheld. By nothing else."""

from __future__ import annotations

from datetime import datetime

from services.cases_api.results import queries, rules
from services.cases_api.review_rounds.rules import Mode
from services.cases_api.review_rounds.tables import ReviewRound
from services.kit.db import Session
from services.kit.principal import Principal


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
