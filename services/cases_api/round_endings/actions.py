"""Publishing, closing and voiding review rounds: where results come from, and where they go."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api.arbitrations import queries as arbitrations
from services.cases_api.arbitrations import rules as arbitration_rules
from services.cases_api.draws import actions as drawing
from services.cases_api.draws.queries import rows as draw_rows
from services.cases_api.draws.rules import Purpose
from services.cases_api.results import actions as results
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_rounds import actions as round_actions
from services.cases_api.review_rounds import queries as rounds
from services.cases_api.review_rounds import rules
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings import queries as review_settings
from services.cases_api.round_endings import queries
from services.kit import audit, clock
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal


async def publish(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> ReviewRound:
    """Opens the results to the units. Raises NotFound, Stale, IllegalMove, WholeDistrict, Unfinished, NothingReviewed,
    Undecided, Disagreement.
    """
    found = await rounds.one_for_update(session, who, round_id, version)
    if found.unit_id is None:
        round_actions.only_for_bureau(who)
    round_actions.check(found, "publish")
    raise_if(rules.why_not_publish(*await rounds.progress(session, found)))
    await _settle_drawn(session, who, found)
    found.published_at = now
    await round_actions.move(session, who, found, "publish", "published")
    await results.publish(session, who, found, now)
    return found


async def _settle_drawn(session: Session, who: Principal, found: ReviewRound) -> None:
    """A drawn round is published when its reviews agree or a third person has decided; then draw and units are open to all."""
    if found.mode == rules.Mode.SELF:
        return
    # By the limit in force when the round was made, as arbitrations were opened by it.
    settings = await review_settings.in_force(session, found.district_id, clock.local_day(found.created_at))
    if pending := await arbitrations.undecided(session, found.id):
        raise rules.Undecided(files=pending)
    if files := await queries.disagreements(session, found.id, settings.spread_hundredths):
        raise rules.Disagreement(files=files)
    await rounds.unhide(session, found.id)
    await arbitrations.unhide(session, found.id)
    draw = await draw_rows.live_for_update(session, Purpose.REVIEW_ROUND, found.id)
    if draw is not None:
        await drawing.open_to_all(session, who, draw)


async def close(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> ReviewRound:
    """Ends a published round. Raises NotFound, Stale, IllegalMove."""
    found = await rounds.one_for_update(session, who, round_id, version)
    round_actions.check(found, "close")
    found.closed_at = now
    await round_actions.move(session, who, found, "close", "closed")
    return found


async def void(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> ReviewRound:
    """Voids a round with all its reviews, which are kept but count nowhere. Raises NotFound, Stale, IllegalMove, BadInput.

    The reason is demanded as `X-Change-Reason`.
    """
    reason = audit.demanded_reason(session)
    found = await rounds.one_for_update(session, who, round_id, version)
    round_actions.check(found, "void")
    await rounds.withdraw_all(session, round_id, assignments.Ended.WITHDRAWN, reason, now)
    await arbitrations.end_all(session, round_id, arbitration_rules.Ended.WITHDRAWN, reason, now)
    await results.void(session, who, found, reason, now)
    found.voided_at, found.void_reason = now, reason
    await round_actions.move(session, who, found, "void", "voided")
    return found
