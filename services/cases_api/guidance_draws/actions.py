"""What departments and witnesses do to draw the cases of a round of guidance."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from services.cases_api.draws import actions as drawing
from services.cases_api.draws import rules as draw_rules
from services.cases_api.draws.rules import Purpose
from services.cases_api.draws.tables import Draw
from services.cases_api.guidance_draws import queries
from services.cases_api.guidance_draws.schemas import CaseSubstituteIn, ShareGrowIn
from services.cases_api.guidance_rounds import actions as rounds
from services.cases_api.guidance_rounds import queries as round_queries
from services.cases_api.guidance_rounds import rules
from services.cases_api.guidance_rounds.tables import GuidanceRound
from services.cases_api.guidances import actions as guidances
from services.kit import audit
from services.kit.answers import One
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal


async def freeze(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> One:
    """Freezes the cases that no earlier round drew from, and publishes the hash. Raises NotFound, Stale, IllegalMove,
    AlreadyFrozen, EmptyFrame, DoubledIds.
    """
    found = await _one(session, who, round_id, version)
    subject = drawing.Subject(Purpose.GUIDANCE, found.id, found.district_id, True)
    terms = draw_rules.terms_of(found.quota, [])
    draw = await drawing.freeze(session, who, subject, queries.frame_files(found), terms, now)
    await rounds.move(session, who, found, "freeze", "frozen")
    return await drawing.told(session, found.version, draw)


async def draw(session: Session, who: Principal, round_id: UUID, version: int, frame_sha256: str | None, now: datetime) -> One:
    """Draws, once; the cases drawn are under guidance. Raises NotFound, Stale, IllegalMove, NotFrozen, NoSeed, AlreadyDrawn,
    FrameChanged.
    """
    found = await _one(session, who, round_id, version)
    frozen = await ROUNDS.live(session, found)
    raise_if(draw_rules.why_not_draw(frozen))
    if frozen is not None and frame_sha256 not in {None, frozen.frame_sha256}:
        raise draw_rules.FrameChanged
    done = await drawing.draw_sample(session, who, frozen, now)
    await rounds.move(session, who, found, "draw", "drawn")
    await _follow(session, who, found, done, now)
    return await drawing.told(session, found.version, done)


async def void_draw(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> GuidanceRound:
    """Voids a freeze or a draw of which no guidance has begun. Raises NotFound, Stale, IllegalMove, NotFrozen, Begun.

    The reason is demanded as `X-Change-Reason`. The void draw stays on record, and the next one names it.
    """
    reason = audit.demanded_reason(session)
    found = await _one(session, who, round_id, version)
    live = await ROUNDS.live(session, found)
    if live is None:
        raise draw_rules.NotFrozen
    rounds.check(found, "void_draw")
    raise_if(rules.why_not_void_draw(await queries.begun(session, found.id)))
    await drawing.void(session, who, live, reason, now)
    await guidances.follow(session, who, found, {}, now, reason)
    await rounds.move(session, who, found, "void_draw", "draw_voided")
    return found


async def substitute(
    session: Session, who: Principal, round_id: UUID, version: int, wanted: CaseSubstituteIn, now: datetime
) -> One:
    """Puts the next case of the township in the place of one that cannot be guided. Raises NotFound, Stale, IllegalMove,
    NotDrawn, NotInSample.
    """
    found = await _one(session, who, round_id, version)
    done = await drawing.substitute(session, who, await ROUNDS.live(session, found), wanted.case_file_id, wanted.reason, now)
    await _follow(session, who, found, done, now, wanted.reason)
    return await drawing.told(session, found.version, done)


async def grow(session: Session, who: Principal, round_id: UUID, version: int, wanted: ShareGrowIn, now: datetime) -> One:
    """Draws more under a greater share; what was drawn stays. Raises NotFound, Stale, IllegalMove, NotDrawn, NoGrowth."""
    found = await _one(session, who, round_id, version)
    terms = draw_rules.terms_of(wanted.quota.model_dump(mode="json", exclude_none=True), [])
    done = await drawing.grow(session, who, await ROUNDS.live(session, found), terms, wanted.reason, now)
    await _follow(session, who, found, done, now)
    return await drawing.told(session, found.version, done)


async def _follow(
    session: Session, who: Principal, found: GuidanceRound, done: Draw, now: datetime, reason: str | None = None
) -> None:
    await guidances.follow(session, who, found, await queries.sample(session, done.id), now, reason)


async def _one(session: Session, who: Principal, round_id: UUID, version: int) -> GuidanceRound:
    return _checked(await round_queries.one_for_update(session, who, round_id, version))


async def _seen(session: Session, who: Principal, round_id: UUID) -> GuidanceRound:
    return _checked(await round_queries.seen_for_update(session, who, round_id))


def _checked(found: GuidanceRound) -> GuidanceRound:
    raise_if(rules.why_not_protocol(rules.State(found.state)))
    return found


ROUNDS: Final = drawing.Rounds(Purpose.GUIDANCE, _one, _seen)
