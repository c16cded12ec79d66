"""Reads of the chain and its heads, and the call that seals it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, text
from sqlalchemy.dialects.postgresql import insert

from services.kit import answers, db, errors, heads, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.training_api.ledger import rules
from services.training_api.ledger.tables import HourHead

LINKS = "SELECT checked, reached, first_bad, fault, at_sequence FROM training.verify_links($1, $2, $3)"
UNCHAINED = "SELECT waiting, first_bad, checked, reached FROM training.unchained_hours($1, $2, $3)"
LINES = "SELECT lines, reached FROM training.ledger_lines($1, $2, $3)"
SEAL = text("SELECT training.seal_hours(:most, :now)")
NEWEST = """
    SELECT s.sequence, s.chain_hash, s.sealed_at FROM training.hour_seals s
    WHERE s.district_id = $1 ORDER BY s.sequence DESC LIMIT 1
"""
UNSIGNED = "SELECT district_id, sequence, chain_hash, sealed_at FROM training.unsigned_heads($1, $2)"
SIGNED = """
    SELECT h.day, h.sequence, h.chain_hash, h.sealed_at, h.signed_at, h.signature,
           s.entry_id, s.chain_hash IS NOT DISTINCT FROM h.chain_hash AND s.sealed_at = h.sealed_at AS agrees
    FROM training.hour_heads h
    LEFT JOIN training.hour_seals s ON s.district_id = h.district_id AND s.sequence = h.sequence
    WHERE h.district_id = $1 ORDER BY h.day
"""


def district_of(who: Principal) -> UUID:
    """The district whose chain is asked for; NotFound for a caller of none."""
    if who.district_id is None:
        raise errors.NotFound
    return who.district_id


async def check_links(read: Reader, district_id: UUID, known: rules.Checked, most: int) -> rules.Checked:
    """Recomputes at most so many links behind those checked already."""
    row = (await db.fetch(read, LINKS, [district_id, known.reached, most]))[0]
    fault = rules.Fault(row["fault"], row["first_bad"], row["at_sequence"]) if row["fault"] else None
    return known.with_links(row["checked"], row["reached"], fault, is_last=row["checked"] < most)


async def check_outside(read: Reader, district_id: UUID, known: rules.Checked, most: int) -> rules.Checked:
    """Looks among so many entries for rows that neither stand in the chain nor wait for it."""
    row = (await db.fetch(read, UNCHAINED, [district_id, known.entries_reached, most]))[0]
    fault = rules.Fault(rules.INSERTED, row["first_bad"], None) if row["first_bad"] else None
    return known.with_rows_outside(row["waiting"], fault, row["reached"], is_last=row["checked"] < most)


async def signed_heads(read: Reader, district_id: UUID) -> Sequence[tuple[heads.Head, str, UUID | None, bool]]:
    """The daily heads with their signatures, the entry each ends with, and whether the chain still has that link."""
    rows = await db.fetch(read, SIGNED, [district_id])
    return [
        (
            heads.Head(district_id, row["sequence"], bytes(row["chain_hash"]), row["sealed_at"], row["signed_at"], row["day"]),
            row["signature"],
            row["entry_id"],
            row["agrees"],
        )
        for row in rows
    ]


async def newest(read: Reader, district_id: UUID, now: datetime) -> heads.Head:
    """The newest link of the chain; sequence 0 when there is none."""
    rows = await db.fetch(read, NEWEST, [district_id])
    if not rows:
        return heads.Head(district_id, 0, None, None, now)
    return heads.Head(district_id, rows[0]["sequence"], bytes(rows[0]["chain_hash"]), rows[0]["sealed_at"], now)


async def unsigned(read: Reader, day: date, over_at: datetime, now: datetime) -> list[heads.Head]:
    """What must be signed for a day that is over."""
    rows = await db.fetch(read, UNSIGNED, [day, over_at])
    return [heads.Head(row["district_id"], row["sequence"], bytes(row["chain_hash"]), row["sealed_at"], now, day) for row in rows]


async def keep_head(session: Session, head: heads.Head, signature: str) -> None:
    """Keeps a signed daily head, unless another process was faster."""
    values = {
        "district_id": head.district_id,
        "day": head.day,
        "sequence": head.sequence,
        "chain_hash": head.chain_hash,
        "sealed_at": head.sealed_at,
        "signed_at": head.signed_at,
        "signature": signature,
    }
    await session.execute(insert(HourHead).values(values).on_conflict_do_nothing())


async def lines(read: Reader, district_id: UUID, behind: int, most: int) -> tuple[str, int | None]:
    """Some more lines of the exported chain, and the place reached; None behind the last."""
    row = (await db.fetch(read, LINES, [district_id, behind, most]))[0]
    return row["lines"] or "", row["reached"]


async def seal(read: Reader, most: int, now: datetime) -> int:
    """Seals what waits, at most so many links; the number of links made."""
    return int((await read.execute(SEAL, {"most": most, "now": now})).scalar_one())


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of heads: the district's."""
    return visibility.within(who, district=HourHead.district_id)


def _body() -> ColumnElement[Any]:
    return answers.json_object(
        {
            "district_id": HourHead.district_id,
            "day": HourHead.day,
            "sequence": HourHead.sequence,
            "chain_hash": func.encode(HourHead.chain_hash, "hex"),
            "sealed_at": answers.moment(HourHead.sealed_at),
            "signed_at": answers.moment(HourHead.signed_at),
            "signature": HourHead.signature,
        }
    )


HEADS = reads.Listing(
    body=_body(),
    visible_to=visible_to,
    orders={"-day": pagination.Order((HourHead.day, HourHead.district_id))},
    filters={
        "day": reads.equals(HourHead.day),
        "day__gte": reads.at_least(HourHead.day),
        "day__lte": reads.at_most(HourHead.day),
    },
)
