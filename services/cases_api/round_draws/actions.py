"""What the bureau and the witnesses do to draw the files of a round."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from services.cases_api.arbitrations import queries as arbitrations
from services.cases_api.arbitrations.rules import Ended as Gone
from services.cases_api.draws import actions as drawing
from services.cases_api.draws import rules as draw_rules
from services.cases_api.draws.rules import Purpose
from services.cases_api.review_assignments.rules import Ended
from services.cases_api.review_rounds import actions as round_actions
from services.cases_api.review_rounds import queries as rounds
from services.cases_api.review_rounds import rules
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.round_draws import queries
from services.cases_api.round_draws.schemas import GrowIn, SubstituteIn
from services.kit import audit, operations
from services.kit.answers import One
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

KIND: Final = "review_draw"
# Frames of more files are frozen and drawn from in the background: no request waits so long.
AT_ONCE: Final = 20_000


async def freeze_later(session: Session, who: Principal, round_id: UUID, version: int) -> UUID | None:
    """Freezes a large frame in the background: the operation's id; None when the frame is small. Raises as `freeze` does."""
    found = await _one(session, who, round_id, version)
    if found.state != rules.State.DRAFT or found.sampling is None:
        return None
    rubric = await rounds.rubric_in(session, found.campaign_id)
    if not await queries.is_large(session, queries.frame_files(found, rubric.reach), AT_ONCE):
        return None
    return await _later(session, who, found, "freeze", {})


async def draw_later(session: Session, who: Principal, round_id: UUID, version: int, frame_sha256: str | None) -> UUID | None:
    """Draws from a large frame in the background: the operation's id; None when it is small. Raises as `draw` does."""
    found = await _one(session, who, round_id, version)
    frozen = await ROUNDS.live(session, found)
    raise_if(draw_rules.why_not_draw(frozen))
    if frozen is None or frozen.frame_size <= AT_ONCE:
        return None
    return await _later(session, who, found, "draw", {"frame_sha256": frame_sha256} if frame_sha256 else {})


async def _later(session: Session, who: Principal, found: ReviewRound, verb: str, more: Mapping[str, str]) -> UUID:
    said = {"verb": verb, "round_id": str(found.id), "version": found.version, "who": operations.told(who), **more}
    return await operations.start(session, who, KIND, said)


async def perform(operation: operations.Operation, now: datetime) -> UUID:
    """What was put off, in one transaction that may take its time and ends the operation; the round's id. Raises as `freeze`
    and `draw` do.
    """
    runtime, said = operation.runtime, operation.input
    who, round_id, version = operations.caller(said["who"]), UUID(said["round_id"]), int(said["version"])
    async with runtime.database.transaction() as session:
        session.info["circumstances"] = audit.Circumstances(runtime.service, now, "", who=who)
        await queries.be_patient(session)
        if said["verb"] == "freeze":
            await freeze(session, who, round_id, version, now)
        else:
            await draw(session, who, round_id, version, said.get("frame_sha256"), now)
        await operation.succeed(session, f"/v1/review-rounds/{round_id}")
    return round_id


async def freeze(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> One:
    """Freezes all closed files that match, and publishes the hash. Raises NotFound, Stale, IllegalMove, AlreadyFrozen,
    EmptyFrame, DoubledIds.
    """
    found = await _one(session, who, round_id, version)
    rubric = await rounds.rubric_in(session, found.campaign_id)
    assert found.sampling is not None
    terms = draw_rules.terms_of(found.sampling["quota"], found.sampling["overrides"])
    subject = drawing.Subject(Purpose.REVIEW_ROUND, found.id, found.district_id, not found.hide_units)
    draw = await drawing.freeze(session, who, subject, queries.frame_files(found, rubric.reach), terms, now)
    await round_actions.move(session, who, found, "freeze", "frozen")
    return await drawing.told(session, found.version, draw)


async def draw(session: Session, who: Principal, round_id: UUID, version: int, frame_sha256: str | None, now: datetime) -> One:
    """Draws, once. Raises NotFound, Stale, IllegalMove, NotFrozen, NoSeed, AlreadyDrawn, FrameChanged."""
    found = await _one(session, who, round_id, version)
    frozen = await ROUNDS.live(session, found)
    raise_if(draw_rules.why_not_draw(frozen))
    if frozen is not None and frame_sha256 not in {None, frozen.frame_sha256}:
        raise draw_rules.FrameChanged
    done = await drawing.draw_sample(session, who, frozen, now)
    await round_actions.move(session, who, found, "draw", "drawn")
    return await drawing.told(session, found.version, done)


async def void_draw(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> ReviewRound:
    """Voids a draw before its files are given out; the round is a draft again. Raises NotFound, Stale, IllegalMove, NotFrozen.

    The reason is demanded as `X-Change-Reason`. The void draw stays on record, and the next one names it.
    """
    reason = audit.demanded_reason(session)
    found = await _one(session, who, round_id, version)
    live = await ROUNDS.live(session, found)
    if live is None:
        raise draw_rules.NotFrozen
    round_actions.check(found, "void_draw")
    await drawing.void(session, who, live, reason, now)
    await round_actions.move(session, who, found, "void_draw", "draw_voided")
    return found


async def substitute(session: Session, who: Principal, round_id: UUID, version: int, wanted: SubstituteIn, now: datetime) -> One:
    """Puts the next file of the stratum in the place of one that cannot be reviewed, whose reviews are withdrawn.

    Raises NotFound, Stale, IllegalMove, NotDrawn, NotInSample.
    """
    found = await _one(session, who, round_id, version)
    done = await drawing.substitute(session, who, await ROUNDS.live(session, found), wanted.case_file_id, wanted.reason, now)
    await rounds.withdraw_all(session, found.id, Ended.REPLACED, wanted.reason, now, wanted.case_file_id)
    await arbitrations.end_all(session, found.id, Gone.REPLACED, wanted.reason, now, wanted.case_file_id)
    return await drawing.told(session, found.version, done)


async def grow(session: Session, who: Principal, round_id: UUID, version: int, wanted: GrowIn, now: datetime) -> One:
    """Grows the sample by the next tickets; what was drawn stays. Raises NotFound, Stale, IllegalMove, NotDrawn, NoGrowth."""
    found = await _one(session, who, round_id, version)
    sent = wanted.model_dump(mode="json", exclude_none=True)
    terms = draw_rules.terms_of(sent["quota"], sent["overrides"])
    done = await drawing.grow(session, who, await ROUNDS.live(session, found), terms, wanted.reason, now)
    return await drawing.told(session, found.version, done)


async def _one(session: Session, who: Principal, round_id: UUID, version: int) -> ReviewRound:
    return _checked(await rounds.one_for_update(session, who, round_id, version))


async def _seen(session: Session, who: Principal, round_id: UUID) -> ReviewRound:
    return _checked(await rounds.seen_for_update(session, who, round_id))


def _checked(found: ReviewRound) -> ReviewRound:
    raise_if(rules.why_not_protocol(rules.Mode(found.mode), rules.State(found.state)))
    return found


ROUNDS: Final = drawing.Rounds(Purpose.REVIEW_ROUND, _one, _seen)
