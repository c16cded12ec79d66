"""The acts of a draw, for whatever is drawn for. Each is told the subject's own draw, locked, or None where there is none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.draws import rules
from services.cases_api.draws.queries import rows
from services.cases_api.draws.queries.rows import ROWS
from services.cases_api.draws.rules import How, Purpose, State
from services.cases_api.draws.schemas import FrozenOut, StratumCount
from services.cases_api.draws.tables import Draw, DrawCommitment, DrawGrowth, DrawReveal, DrawSubstitution
from services.kit import ids, sampling
from services.kit.answers import One
from services.kit.db import Session
from services.kit.draw_schemas import SeedIn
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "draw"
TRAIL: Final = Trail(OBJECT, access.DRAWS_READ, unit=None, data=("subject_id",))


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn for. `is_open`: all units of the district may read frame and record."""

    purpose: Purpose
    id: UUID
    district_id: UUID
    is_open: bool


@dataclass(frozen=True, slots=True)
class Rounds:
    """Rounds of one kind, and the steps to a seed that are the same for all of them.

    `one` locks a round for those who draw (NotFound, Stale, IllegalMove), `seen` for witnesses, who come together and so name no
    version (NotFound, IllegalMove).
    """

    purpose: Purpose
    one: Callable[[Session, Principal, UUID, int], Awaitable[Any]]
    seen: Callable[[Session, Principal, UUID], Awaitable[Any]]

    async def live(self, session: Session, found: Any) -> Draw | None:
        """The round's draw that is not void, locked."""
        return await rows.live_for_update(session, self.purpose, found.id)

    async def give_seed(
        self, session: Session, who: Principal, round_id: UUID, version: int, wanted: SeedIn, now: datetime
    ) -> One:
        """Takes a seed from outside. Raises as `one`, and as the draw has it."""
        found = await self.one(session, who, round_id, version)
        draw = await give_seed(session, who, await self.live(session, found), wanted.seed, wanted.source, now)
        return await told(session, found.version, draw)

    async def commit_nonce(self, session: Session, who: Principal, round_id: UUID, nonce_sha256: str, now: datetime) -> One:
        """A witness commits to a nonce. Raises as `seen`, and as the draw has it."""
        found = await self.seen(session, who, round_id)
        draw = await commit_nonce(session, who, await self.live(session, found), nonce_sha256, now)
        return await told(session, found.version, draw)

    async def reveal(self, session: Session, who: Principal, round_id: UUID, nonce: str, now: datetime) -> One:
        """A witness reveals the nonce; the last one makes the seed. Raises as `seen`, and as the draw has it."""
        found = await self.seen(session, who, round_id)
        draw = await reveal(session, who, await self.live(session, found), nonce, now)
        return await told(session, found.version, draw)


async def freeze(session: Session, who: Principal, subject: Subject, found: Any, terms: dict[str, Any], now: datetime) -> Draw:
    """Freezes a frame and publishes its hash. Raises AlreadyFrozen, EmptyFrame, DoubledIds.

    `found` is a query's selection of files: file_id, id, stratum, and the reason of those left out.
    """
    if await rows.live_for_update(session, subject.purpose, subject.id) is not None:
        raise rules.AlreadyFrozen
    facts = {
        "id": ids.new_id(),
        "district_id": subject.district_id,
        "purpose": subject.purpose.value,
        "subject_id": subject.id,
        "state": State.FROZEN.value,
        "is_open": subject.is_open,
        "terms": terms,
        "terms_sha256": sampling.sha256(rules.canonical(terms)),
        "frozen_by": who.account_id,
        "frozen_at": now,
        "version": 1,
    }
    draw = await rows.freeze(session, facts, found)
    hashes = {name: getattr(draw, name) for name in ("frame_sha256", "frame_size", "terms_sha256", "excluded_sha256")}
    _tell(session, who, draw, "frozen", {}, hashes)
    return draw


async def give_seed(session: Session, who: Principal, draw: Draw | None, seed: str, source: str, now: datetime) -> Draw:
    """Takes a seed from outside. Raises NotFrozen, SeedKnown, AlreadyDrawn, ByWitnesses, SeedUsedBefore."""
    raise_if(rules.why_not_seed(draw, await _witness(session, who, draw)))
    assert draw is not None
    await _seed(session, who, draw, seed, source, now)
    return draw


async def _witness(session: Session, who: Principal, draw: Draw | None) -> rules.Witness:
    return rules.Witness(None, False, 0, 0) if draw is None else await ROWS.witness(session, draw.id, who.account_id)


async def _seed(session: Session, who: Principal, draw: Draw, seed: str, source: str, now: datetime) -> None:
    if await ROWS.is_seed_used(session, draw.district_id, seed):
        raise rules.SeedUsedBefore
    draw.seed, draw.seed_source, draw.seeded_by, draw.seeded_at = seed, source, who.account_id, now
    await session.flush()
    _tell(session, who, draw, "seeded", {}, {"seed": seed, "seed_source": source})


async def commit_nonce(session: Session, who: Principal, draw: Draw | None, nonce_sha256: str, now: datetime) -> Draw:
    """A witness commits to a nonce. Raises NotFrozen, SeedKnown, AlreadyDrawn, CommitmentsOver, CommittedAlready."""
    raise_if(rules.why_not_commit(draw, await _witness(session, who, draw)))
    assert draw is not None
    if await ROWS.is_committed(session, draw.id, nonce_sha256):
        raise rules.CommittedAlready
    session.add(DrawCommitment(draw_id=draw.id, account_id=who.account_id, nonce_sha256=nonce_sha256, committed_at=now))
    await session.flush()
    _tell(session, who, draw, "committed", {}, {"nonce_sha256": nonce_sha256})
    return draw


async def reveal(session: Session, who: Principal, draw: Draw | None, nonce: str, now: datetime) -> Draw:
    """A witness reveals the nonce; the last one makes the seed. Raises as `commit`, NoCommitment, TooFewCommitments,
    RevealedAlready, NonceDiffers.
    """
    witness = await _witness(session, who, draw)
    raise_if(rules.why_not_reveal(draw, witness, nonce))
    assert draw is not None
    session.add(DrawReveal(draw_id=draw.id, account_id=who.account_id, nonce=nonce, revealed_at=now))
    await session.flush()
    _tell(session, who, draw, "revealed", {}, {"nonce": nonce})
    if witness.reveals + 1 == witness.commitments:
        seed = sampling.joint_seed(await ROWS.nonces(session, draw.id))
        await _seed(session, who, draw, seed, rules.BY_WITNESSES, now)
    return draw


async def draw_sample(session: Session, who: Principal, draw: Draw | None, now: datetime) -> Draw:
    """Draws, once. Raises NotFrozen, NoSeed, AlreadyDrawn, FrameChanged."""
    raise_if(rules.why_not_draw(draw))
    assert draw is not None
    takes = rules.takes(draw.strata, draw.terms)
    drawn = await ROWS.next(session, draw, {}, takes)
    draw.state, draw.sample_size, draw.drawn_by, draw.drawn_at = State.DRAWN, len(drawn), who.account_id, now
    await session.flush()
    await rows.add_files(session, draw.id, drawn, How.DRAW, now)
    _tell(session, who, draw, "drawn", {"state": State.FROZEN}, {"state": State.DRAWN, "sample_size": len(drawn)})
    return draw


async def substitute(session: Session, who: Principal, draw: Draw | None, file_id: UUID, reason: str, now: datetime) -> Draw:
    """Takes a file out of the sample and the next ticket of its stratum in, if there is one. Raises NotDrawn, NotInSample."""
    raise_if(rules.why_not_change_sample(draw))
    assert draw is not None
    found = await rows.live_file(session, draw.id, file_id)
    if found is None:
        raise rules.NotInSample
    stratum, place = found
    used, _ = await rows.counts(session, draw.id)
    added = await ROWS.next(session, draw, used, {stratum: used[stratum] + 1})
    await rows.add_files(session, draw.id, added, How.SUBSTITUTE, now)
    made = DrawSubstitution(
        draw_id=draw.id, stratum=stratum, out_place=place, in_place=added[0].place if added else None, reason=reason,
        account_id=who.account_id, made_at=now,
    )  # fmt: skip
    session.add(made)
    facts = {"stratum": stratum, "out_place": place, "in_place": made.in_place}
    await _touch(session, who, draw, "substituted", facts, reason)
    return draw


async def grow(session: Session, who: Principal, draw: Draw | None, terms: dict[str, Any], reason: str, now: datetime) -> Draw:
    """Grows the sample under wider terms by the next tickets. Raises NotDrawn, NoGrowth."""
    raise_if(rules.why_not_change_sample(draw))
    assert draw is not None
    used, live = await rows.counts(session, draw.id)
    added = await ROWS.next(session, draw, used, rules.growth(draw.strata, live, used, terms))
    await rows.add_files(session, draw.id, added, How.GROWTH, now)
    number = await rows.growths(session, draw.id) + 1
    made = DrawGrowth(
        draw_id=draw.id, number=number, terms=terms, added=len(added), reason=reason, account_id=who.account_id, made_at=now
    )
    session.add(made)
    await _touch(session, who, draw, "grown", {"terms": terms, "added": len(added)}, reason)
    return draw


async def void(session: Session, who: Principal, draw: Draw, reason: str, now: datetime) -> None:
    """Voids a draw; everything of it stays on record."""
    before = draw.state
    draw.state, draw.voided_by, draw.voided_at, draw.void_reason = State.VOID, who.account_id, now, reason
    await session.flush()
    _tell(session, who, draw, "voided", {"state": before}, {"state": State.VOID}, reason)


async def open_to_all(session: Session, who: Principal, draw: Draw) -> None:
    """Lets all units of the district read the record from now on."""
    if not draw.is_open:
        draw.is_open = True
        await session.flush()
        _tell(session, who, draw, "opened", {"is_open": False}, {"is_open": True})


async def _touch(session: Session, who: Principal, draw: Draw, verb: str, facts: dict[str, Any], reason: str) -> None:
    # What hangs on a draw moves its version too, so that a saved record is known to be old.
    rows.touch(draw)
    await session.flush()
    _tell(session, who, draw, verb, {}, facts, reason)


async def told(session: Session, version: int, draw: Draw) -> One:
    """What everybody may know of a draw at every step: hashes and counts, never names. The version is its subject's."""
    witness = await ROWS.witness(session, draw.id, draw.frozen_by)
    takes = rules.takes(draw.strata, draw.terms)
    names = (
        "frame_sha256", "frame_size", "terms_sha256", "excluded_sha256", "excluded_size", "frozen_at", "seed", "seed_source",
        "seeded_at", "drawn_at", "state",
    )  # fmt: skip
    body = FrozenOut(
        draw_id=draw.id,
        draw_url=f"/v1/draws/{draw.id}",
        frame_url=f"/v1/draws/{draw.id}/frame",
        strata=[StratumCount(stratum=stratum, files=draw.strata[stratum], take=take) for stratum, take in takes.items()],
        sample_size=await _size(session, draw, sum(takes.values())),
        commitments=witness.commitments,
        reveals=witness.reveals,
        **{name: getattr(draw, name) for name in names},
    )
    return One(body.model_dump_json(exclude_none=True), version)


async def _size(session: Session, draw: Draw, planned: int) -> int:
    if draw.state == rules.State.FROZEN:
        return planned
    _, live = await rows.counts(session, draw.id)
    return sum(live.values())


def _tell(
    session: Session, who: Principal, draw: Draw, verb: str, before: dict[str, Any], after: dict[str, Any],
    reason: str | None = None,
) -> None:  # fmt: skip
    TRAIL.tell(session, who, draw, verb, before, after, reason, right=None if draw.is_open else access.REVIEW_ROUNDS_DRAW)
