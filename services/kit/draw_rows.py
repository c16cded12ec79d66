"""What the rows of every kind of draw are asked: its witnesses, their nonces, its seed, what comes next, what was replaced."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, and_, func, literal, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from services.kit import answers, draw_protocol
from services.kit.db import Session
from services.kit.draw_protocol import Drawn, Witness


def listed(entry: ColumnElement[Any], *order: Any) -> ColumnElement[Any]:
    """A JSON list of entries in this order; empty where there are none."""
    return func.coalesce(func.json_agg(aggregate_order_by(entry, *order)), func.json_build_array(), type_=JSON)


@dataclass(frozen=True, slots=True)
class Tables:
    """The mapped classes of one kind of draw; `sample` holds what was drawn, `replaced` what was taken out of it again."""

    draw: Any
    commitment: Any
    reveal: Any
    sample: Any
    replaced: Any

    def commitments(self) -> ColumnElement[Any]:
        """Of the draw at hand, as JSON: who committed to what and when, with the nonce where it is revealed."""
        made, shown = self.commitment, self.reveal
        entry = answers.json_object(
            {
                "account_id": made.account_id,
                "nonce_sha256": made.nonce_sha256,
                "committed_at": answers.moment(made.committed_at),
                "nonce": shown.nonce,
                "revealed_at": answers.moment(shown.revealed_at),
            }
        )
        found: Any = select(listed(entry, made.committed_at, made.account_id)).select_from(made).outerjoin(shown, self._same())
        return self._of_draw(found, made)

    def substitutions(self) -> ColumnElement[Any]:
        """Of the draw at hand, as JSON: what left the sample and what entered in its place, if anything was left to."""
        row, left, entered = self.replaced, aliased(self.sample), aliased(self.sample)
        entry = answers.json_object(
            {
                "stratum": row.stratum,
                "out_id": left.id,
                "in_id": entered.id,
                "reason": row.reason,
                "account_id": row.account_id,
                "made_at": answers.moment(row.made_at),
            }
        )

        def at(drawn: Any, place: Any) -> ColumnElement[bool]:
            return and_(drawn.draw_id == row.draw_id, drawn.stratum == row.stratum, drawn.place == place)

        found: Any = select(listed(entry, row.made_at, row.out_place)).select_from(row)
        found = found.join(left, at(left, row.out_place)).outerjoin(entered, at(entered, row.in_place))
        return self._of_draw(found, row)

    async def witness(self, session: Session, draw_id: UUID, account_id: UUID) -> Witness:
        """What this account has done as a witness, and how many have committed themselves and revealed."""
        made, shown = self.commitment, self.reveal
        mine, revealed = made.account_id == account_id, shown.nonce.is_not(None)
        found = (
            select(
                func.max(made.nonce_sha256).filter(mine),
                func.coalesce(func.bool_or(revealed).filter(mine), False),
                func.count(),
                func.count().filter(revealed),
            )
            .select_from(made)
            .outerjoin(shown, self._same())
            .where(made.draw_id == draw_id)
        )
        return Witness(*(await session.execute(found)).one())

    async def is_committed(self, session: Session, draw_id: UUID, nonce_sha256: str) -> bool:
        """Whether somebody has committed to this very nonce."""
        made = self.commitment
        return await _exists(session, made.draw_id == draw_id, made.nonce_sha256 == nonce_sha256)

    async def nonces(self, session: Session, draw_id: UUID) -> list[str]:
        """The nonces revealed so far."""
        found = select(self.reveal.nonce).where(self.reveal.draw_id == draw_id)
        return list((await session.execute(found)).scalars())

    async def is_seed_used(self, session: Session, district_id: UUID, seed: str) -> bool:
        """Whether a draw of the district has this seed."""
        return await _exists(session, self.draw.district_id == district_id, self.draw.seed == seed)

    async def next(self, session: Session, draw: Any, used: Mapping[str, int], wanted: Mapping[str, int]) -> list[Drawn]:
        """What comes after place `used` up to `wanted` in each stratum of a seeded draw. Raises FrameChanged."""
        frame: bytes = (await session.execute(select(self.draw.frame).where(self.draw.id == draw.id))).scalar_one()
        # Hashing 200,000 ids takes a while: not on the loop that serves everybody.
        return await asyncio.to_thread(draw_protocol.sample, frame, draw.frame_sha256, draw.seed, used, wanted)

    def _same(self) -> ColumnElement[bool]:
        made, shown = self.commitment, self.reveal
        return and_(shown.draw_id == made.draw_id, shown.account_id == made.account_id)

    def _of_draw(self, found: Any, rows: Any) -> ColumnElement[Any]:
        whole: ColumnElement[Any] = found.where(rows.draw_id == self.draw.id).correlate(self.draw).scalar_subquery()
        return whole


async def _exists(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return (await session.execute(select(literal(1)).where(*conditions))).scalar_one_or_none() is not None
