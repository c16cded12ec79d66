"""Opening arbitrations, giving them to the next in line, and withdrawing them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.arbitrations import queries, rules
from services.cases_api.arbitrations.rules import Ended, State
from services.cases_api.arbitrations.schemas import ArbitrationNew
from services.cases_api.arbitrations.tables import Arbitration
from services.cases_api.conflict_checks import queries as conflicts
from services.cases_api.conflict_checks.rules import Kind
from services.cases_api.draws import rules as draw_rules
from services.cases_api.draws.queries import rows as draws
from services.cases_api.draws.rules import Purpose
from services.cases_api.review_rounds import actions as round_actions
from services.cases_api.review_rounds import queries as round_queries
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings import queries as review_settings
from services.cases_api.reviews import rules as reviews
from services.kit import audit, clock, ids, outbox, sampling
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "arbitration"


async def look(session: Session, who: Principal, of: ReviewRound, case_file_id: UUID, now: datetime) -> Arbitration | None:
    """Opens an arbitration when all reviews of a file are in and disagree. The round is locked by the caller."""
    if of.mode == rounds.Mode.SELF or await queries.live(session, of.id, case_file_id) is not None:
        return None
    found = await queries.sheets(session, of.id, case_file_id)
    sheets = [sheet for _, sheet in found if sheet is not None]
    if len(found) < of.reviewers_per_file or len(sheets) < len(found):
        return None
    settings = await review_settings.in_force(session, of.district_id, clock.local_day(of.created_at))
    grounds = rules.grounds_of(sheets, settings.spread_hundredths)
    if not grounds:
        return None
    first = found[0][0]
    facts = {
        "district_id": of.district_id, "unit_id": first.unit_id, "round_id": of.id, "case_file_id": case_file_id,
        "hide_unit": first.hide_unit, "grounds": [each.value for each in grounds],
        "spread_hundredths": settings.spread_hundredths,
    }  # fmt: skip
    if of.state != rounds.State.ARBITRATING:
        await round_actions.move(session, who, of, "arbitrate", "arbitrating")
    return await _next(session, who, of, facts, [sheet.review_id for sheet in sheets], now)


async def create(session: Session, who: Principal, wanted: ArbitrationNew, now: datetime) -> Arbitration:
    """Opens one by hand, where it was voided. Raises NotFound, IllegalMove, AlreadyOpen, NoDisagreement."""
    of = await round_queries.seen_for_update(session, who, wanted.round_id)
    round_actions.check(of, "arbitrate")
    if await queries.live(session, of.id, wanted.case_file_id) is not None:
        raise rules.AlreadyOpen
    made = await look(session, who, of, wanted.case_file_id, now)
    if made is None:
        raise rules.NoDisagreement
    return made


async def _next(
    session: Session, who: Principal, of: ReviewRound, facts: dict[str, Any], review_ids: Sequence[UUID], now: datetime
) -> Arbitration:
    """A new arbitration with the first in line, or waiting when the line is empty: then the bureau is told."""
    number = await queries.number(session, of.id, facts["case_file_id"]) + 1
    draw = await draws.live(session, Purpose.REVIEW_ROUND, of.id)
    if draw is None or draw.seed is None:
        raise draw_rules.NotDrawn
    # From the draw's own seed: nobody chooses it.
    seed = sampling.sha256(f"{draw.seed}\narbitration {facts['case_file_id']} {number}".encode())
    made = Arbitration(
        id=ids.new_id(), number=number, seed=seed, review_ids=rules.shuffled(review_ids, seed), candidates=[],
        state=State.WAITING, saves=0, created_at=now, **facts,
    )  # fmt: skip
    await _choose(session, of, made, now)
    session.add(made)
    await session.flush()
    told = {"case_file_id": made.case_file_id, "number": number, "grounds": made.grounds, "account_id": made.account_id}
    _tell(session, who, made, "opened", {}, told)
    return made


async def _choose(session: Session, of: ReviewRound, made: Arbitration, now: datetime) -> None:
    day = clock.local_day(now)
    settings = await review_settings.in_force(session, of.district_id, day)
    free = await queries.qualified(session, of, made.case_file_id, made.unit_id, day)
    scope = conflicts.Scope(of.district_id, await round_queries.campaign_year(session, of.campaign_id), settings, day)
    found = await conflicts.find(session, scope, [each.account_id for each in free], [made.case_file_id])
    line = rules.ranked((each for each in free if not found.between(each.account_id, made.case_file_id, made.unit_id)), made.seed)
    made.candidates = [
        {"account_id": str(each.account_id), "load": each.load, "ticket": rules.ticket(made.seed, each.account_id)}
        for each in line
    ]
    if line:
        made.account_id, made.state = line[0].account_id, State.ASSIGNED


async def assign(session: Session, who: Principal, arbitration_id: UUID, version: int, now: datetime) -> None:
    """Looks again for somebody where nobody was free. Raises NotFound, Stale, IllegalMove, RoundOver, NobodyFree."""
    found, of = await held(session, who, arbitration_id, version, "assign")
    await _choose(session, of, found, now)
    if found.account_id is None:
        raise rules.NobodyFree
    await session.flush()
    _tell(session, who, found, "assigned", {"state": State.WAITING}, {"state": found.state, "account_id": found.account_id})


async def overtake(
    session: Session, who: Principal, round_id: UUID, case_file_id: UUID, now: datetime, *, may_be_decided: bool
) -> None:
    """Voids the arbitration of a file one of whose reviews is taken back. Raises Decided unless that is no hindrance."""
    found = await queries.live(session, round_id, case_file_id)
    if found is None:
        return
    if found.state == State.SUBMITTED and not may_be_decided:
        raise rules.Decided
    await _end(session, who, found, Ended.OVERTAKEN, None, now)


async def void(session: Session, who: Principal, arbitration_id: UUID, version: int, now: datetime) -> None:
    """The bureau withdraws an arbitration, which is kept; another can be opened. Raises as `decline`.

    The reason is demanded as `X-Change-Reason`.
    """
    reason = audit.demanded_reason(session)
    found, _ = await held(session, who, arbitration_id, version, "void")
    await _end(session, who, found, Ended.WITHDRAWN, reason, now)


async def held(
    session: Session, who: Principal, arbitration_id: UUID, version: int, verb: str
) -> tuple[Arbitration, ReviewRound]:
    """Arbitration and round, locked in the order of reviewing. Raises NotFound, Stale, IllegalMove, RoundOver."""
    found = await queries.one_for_update(session, who, arbitration_id, version)
    of = await round_queries.locked(session, found.round_id)
    raise_if(rules.why_not(verb, State(found.state)))
    if of.state not in rounds.UNDER_WAY:
        raise reviews.RoundOver
    return found, of


async def conflicts_of(session: Session, found: Arbitration, of: ReviewRound, now: datetime) -> list[Kind]:
    """What keeps the arbitrator from the file as things are now."""
    assert found.account_id is not None
    day = clock.local_day(now)
    settings = await review_settings.in_force(session, of.district_id, day)
    scope = conflicts.Scope(of.district_id, await round_queries.campaign_year(session, of.campaign_id), settings, day)
    known = await conflicts.find(session, scope, [found.account_id], [found.case_file_id])
    return known.between(found.account_id, found.case_file_id, found.unit_id)


async def replace(
    session: Session, who: Principal, found: Arbitration, of: ReviewRound, how: Ended, reason: str, now: datetime
) -> None:
    """Withdraws an arbitration and gives the file to the next in line."""
    await _end(session, who, found, how, reason, now)
    names = ("district_id", "unit_id", "round_id", "case_file_id", "hide_unit", "grounds", "spread_hundredths")
    await _next(session, who, of, {name: getattr(found, name) for name in names}, found.review_ids, now)


async def _end(session: Session, who: Principal, found: Arbitration, how: Ended, reason: str | None, now: datetime) -> None:
    before = found.state
    found.state, found.ended_how, found.ended_reason, found.ended_at = State.VOID, how, reason, now
    await session.flush()
    _tell(session, who, found, how.value, {"state": before}, {"state": State.VOID, "ended_how": how})


async def move(
    session: Session, who: Principal, found: Arbitration, verb: str, told: str, more: dict[str, Any] | None = None
) -> None:
    """Moves an arbitration on, and tells of it."""
    before = State(found.state)
    found.state = rules.MOVES[verb][before]
    await session.flush()
    _tell(session, who, found, told, {"state": before}, {"state": found.state} | (more or {}))


def _tell(session: Session, who: Principal, found: Arbitration, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    place = (OBJECT, found.id, found.district_id)
    audit.record(session, who, f"{OBJECT}.{verb}", *place, found.unit_id, before=before, after=after)
    people = [found.account_id] if found.account_id else []
    # Without the unit: the reviewed unit learns of it when the round is published.
    outbox.publish(
        session, f"{OBJECT}.{verb}", OBJECT, found.id, found.version, access.ARBITRATIONS_READ, found.district_id,
        account_ids=people,
    )  # fmt: skip
