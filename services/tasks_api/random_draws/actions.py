"""The acts of a random draw, in the order of the protocol."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, clock, draw_protocol, errors, ids, references, rights, sampling
from services.kit.db import Session
from services.kit.draw_protocol import State
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.random_draws import queries, rules
from services.tasks_api.random_draws.rules import How
from services.tasks_api.random_draws.schemas import RandomDrawIn
from services.tasks_api.random_draws.tables import (
    RandomDraw,
    RandomDrawCommitment,
    RandomDrawReveal,
    RandomDrawSubstitution,
)
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import RandomDrawTerms

OBJECT: Final = "random_draw"
_tell: Final = Trail(OBJECT, access.RANDOM_DRAWS_READ, data=("state", "year")).tell


async def freeze(session: Session, who: Principal, wanted: RandomDrawIn, now: datetime) -> UUID:
    """Freezes lists of objects and inspectors and publishes their hash. Raises BadInput (unit, repeated codes, too few)."""
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    faults = rules.repeated([each.code for each in wanted.objects], "/body/objects")
    faults += rules.repeated([each.code for each in wanted.inspectors], "/body/inspectors")
    if len(wanted.inspectors) < wanted.take_inspectors:
        faults.append(errors.Fault("/body/take_inspectors", "too_great", {"limit": len(wanted.inspectors)}))
    if faults:
        raise errors.BadInput(*faults)
    usual = await settings.value_of(session, RandomDrawTerms, unit.district_id, clock.local_day(now))
    share = usual.share_per_10000 if wanted.share_per_10000 is None else wanted.share_per_10000
    least = usual.least_objects if wanted.least_objects is None else wanted.least_objects
    terms = rules.terms(share, least, wanted.take_inspectors)
    pairs = [(each.code, each.category) for each in wanted.objects]
    entries = rules.entries(unit.code, pairs, [each.code for each in wanted.inspectors])
    frame = sampling.frame_of(entries)
    draw = RandomDraw(
        id=ids.new_id(),
        district_id=unit.district_id,
        unit_id=unit.id,
        year=wanted.year,
        title=wanted.title,
        state=State.FROZEN.value,
        terms=terms,
        terms_sha256=sampling.sha256(draw_protocol.canonical(terms)),
        frame=frame,
        frame_sha256=sampling.sha256(frame),
        frame_size=len(entries),
        strata=dict(rules.strata(entries)),
        names={f"O:{sampling.normalised(each.code)}": each.name for each in wanted.objects},
        frozen_by=who.account_id,
        frozen_at=now,
    )
    session.add(draw)
    await session.flush()
    told = {"frame_sha256": draw.frame_sha256, "frame_size": draw.frame_size, "terms_sha256": draw.terms_sha256}
    _tell(session, who, draw, "frozen", after=told)
    return draw.id


async def give_seed(session: Session, who: Principal, draw_id: UUID, version: int, seed: str, source: str, now: datetime) -> None:
    """Takes a seed from outside. Raises NotFound, Stale, SeedKnown, AlreadyDrawn, ByWitnesses, SeedUsedBefore, AlreadyVoid."""
    draw = await _organised(session, who, draw_id, version)
    raise_if(draw_protocol.why_not_seed(draw, await queries.ROWS.witness(session, draw.id, who.account_id)))
    await _seed(session, who, draw, seed, source, now)


async def commit_nonce(session: Session, who: Principal, draw_id: UUID, nonce_sha256: str, now: datetime) -> None:
    """A witness commits to a nonce. Raises NotFound, SeedKnown, AlreadyDrawn, CommitmentsOver, CommittedAlready."""
    draw = await _witnessed(session, who, draw_id)
    raise_if(draw_protocol.why_not_commit(draw, await queries.ROWS.witness(session, draw.id, who.account_id)))
    if await queries.ROWS.is_committed(session, draw.id, nonce_sha256):
        raise draw_protocol.CommittedAlready
    session.add(RandomDrawCommitment(draw_id=draw.id, account_id=who.account_id, nonce_sha256=nonce_sha256, committed_at=now))
    await _touch(session, who, draw, "committed", {"nonce_sha256": nonce_sha256})


async def reveal(session: Session, who: Principal, draw_id: UUID, nonce: str, now: datetime) -> None:
    """A witness reveals the nonce; the last one makes the seed. Raises as `commit_nonce`, and NoCommitment,
    TooFewCommitments, RevealedAlready, NonceDiffers.
    """
    draw = await _witnessed(session, who, draw_id)
    witness = await queries.ROWS.witness(session, draw.id, who.account_id)
    raise_if(draw_protocol.why_not_reveal(draw, witness, nonce))
    session.add(RandomDrawReveal(draw_id=draw.id, account_id=who.account_id, nonce=nonce, revealed_at=now))
    await _touch(session, who, draw, "revealed", {"nonce": nonce})
    if witness.reveals + 1 == witness.commitments:
        seed = sampling.joint_seed(await queries.ROWS.nonces(session, draw.id))
        await _seed(session, who, draw, seed, draw_protocol.BY_WITNESSES, now)


async def draw_sample(session: Session, who: Principal, draw_id: UUID, version: int, now: datetime) -> None:
    """Draws, once. Raises NotFound, Stale, Forbidden, NoSeed, AlreadyDrawn, FrameChanged, AlreadyVoid."""
    draw = await _organised(session, who, draw_id, version)
    raise_if(draw_protocol.why_not_draw(draw))
    drawn = await queries.ROWS.next(session, draw, {}, draw_protocol.takes(draw.strata, draw.terms))
    draw.state, draw.sample_size, draw.drawn_by, draw.drawn_at = State.DRAWN.value, len(drawn), who.account_id, now
    await session.flush()
    await queries.add(session, draw.id, drawn, How.DRAW, now)
    _tell(session, who, draw, "drawn", after={"state": draw.state, "sample_size": len(drawn)})


async def substitute(
    session: Session, who: Principal, draw_id: UUID, version: int, entry_id: str, reason: str, now: datetime
) -> None:
    """Takes one out of the sample (recusal) and the next of the stratum in.

    Raises NotFound, Stale, Forbidden, NotDrawn, NotInSample, NobodyLeft.
    """
    draw = await _organised(session, who, draw_id, version)
    raise_if(draw_protocol.why_not_change_sample(draw))
    found = await queries.live_entry(session, draw.id, entry_id)
    if found is None:
        raise rules.NotInSample
    stratum, place, used = found
    added = await queries.ROWS.next(session, draw, {stratum: used}, {stratum: used + 1})
    if not added:
        raise rules.NobodyLeft
    await queries.add(session, draw.id, added, How.SUBSTITUTE, now)
    made = RandomDrawSubstitution(
        draw_id=draw.id, stratum=stratum, out_place=place, in_place=added[0].place, reason=reason, account_id=who.account_id,
        made_at=now,
    )  # fmt: skip
    session.add(made)
    await _touch(session, who, draw, "substituted", {"stratum": stratum, "out_place": place, "in_place": made.in_place}, reason)


async def void(session: Session, who: Principal, draw_id: UUID, version: int, note: str | None, now: datetime) -> None:
    """Voids a draw with a reason; everything of it stays on record. Raises NotFound, Stale, Forbidden, AlreadyVoid, BadInput."""
    draw = await _organised(session, who, draw_id, version)
    reason = note or audit.circumstances(session).reason
    if reason is None:
        raise errors.BadInput(errors.Fault("/body/note", "missing"))
    draw.state, draw.voided_by, draw.voided_at, draw.void_reason = State.VOID.value, who.account_id, now, reason
    await session.flush()
    _tell(session, who, draw, "voided", after={"state": draw.state}, reason=reason)


async def _seed(session: Session, who: Principal, draw: RandomDraw, seed: str, source: str, now: datetime) -> None:
    if await queries.ROWS.is_seed_used(session, draw.district_id, seed):
        raise draw_protocol.SeedUsedBefore
    draw.seed, draw.seed_source, draw.seeded_by, draw.seeded_at = seed, source, who.account_id, now
    await session.flush()
    _tell(session, who, draw, "seeded", after={"seed": seed, "seed_source": source})


async def _organised(session: Session, who: Principal, draw_id: UUID, version: int) -> RandomDraw:
    """The draw, locked, for those who organise it."""
    draw = await queries.one_for_update(session, access.RANDOM_DRAWS_READ.admit(who), draw_id, version)
    unit = await references.unit(session, draw.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.Forbidden
    raise_if(rules.why_not_void(draw.state))
    return draw


async def _witnessed(session: Session, who: Principal, draw_id: UUID) -> RandomDraw:
    """The draw, locked, for anybody of the district."""
    draw = await queries.one_for_update(session, access.RANDOM_DRAWS_READ.admit(who), draw_id, None)
    raise_if(rules.why_not_void(draw.state))
    return draw


async def _touch(
    session: Session, who: Principal, draw: RandomDraw, verb: str, facts: dict[str, Any], reason: str | None = None
) -> None:
    # What hangs on a draw moves its version too, so that a saved record is known to be old.
    queries.touch(draw)
    await session.flush()
    _tell(session, who, draw, verb, after=facts, reason=reason)
