"""Reads of the chain, and the call that seals it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, literal, select, text

from services.kit import answers, db, errors
from services.kit.db import Reader
from services.kit.principal import Principal
from services.training_api.hour_entries.tables import HourSeal
from services.training_api.ledger import rules

LINKS = "SELECT checked, reached, first_bad, fault, at_sequence FROM training.verify_links($1, $2, $3)"
UNCHAINED = "SELECT waiting, first_bad FROM training.unchained_hours($1)"
SEAL = text("SELECT training.seal_hours(:most, :now)")


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


async def check_outside(read: Reader, district_id: UUID, known: rules.Checked) -> rules.Checked:
    """Looks for rows that neither stand in the chain nor wait for it."""
    row = (await db.fetch(read, UNCHAINED, [district_id]))[0]
    fault = rules.Fault(rules.INSERTED, row["first_bad"], None) if row["first_bad"] else None
    return known.with_rows_outside(row["waiting"], fault)


async def head(read: Reader, who: Principal) -> str:
    """The newest link of the district's chain, as JSON text; sequence 0 when there is none."""
    last = select(HourSeal).where(HourSeal.district_id == district_of(who)).order_by(HourSeal.sequence.desc()).limit(1)
    newest = last.subquery()
    one = select(literal(1).label("one")).subquery()
    body: Any = func.json_build_object(
        "sequence",
        func.coalesce(newest.c.sequence, 0),
        "chain_hash",
        func.encode(newest.c.chain_hash, "hex"),
        "sealed_at",
        answers.moment(newest.c.sealed_at),
    )
    statement = select(cast(body, Text)).select_from(one.outerjoin(newest, literal(1) == one.c.one))
    return str((await read.execute(statement)).scalar_one())


async def seal(read: Reader, most: int, now: datetime) -> int:
    """Seals what waits, at most so many links; the number of links made."""
    return int((await read.execute(SEAL, {"most": most, "now": now})).scalar_one())
