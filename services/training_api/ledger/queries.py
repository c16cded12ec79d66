"""Reads of the chain, and the call that seals it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Text, cast, func, literal, select

from services.kit import answers, errors
from services.kit.db import Reader
from services.kit.principal import Principal
from services.training_api.hour_entries.tables import HourSeal


def district_of(who: Principal) -> UUID:
    """The district whose chain is asked for; NotFound for a caller of none."""
    if who.district_id is None:
        raise errors.NotFound
    return who.district_id


async def verification(read: Reader, who: Principal) -> str:
    """Recomputes every link of the district's chain, as JSON text."""
    found = func.training.verify_hours(district_of(who)).table_valued("checked", "first_bad", "fault", "at_sequence")
    body = func.json_build_object(
        "checked",
        found.c.checked,
        "ok",
        found.c.fault.is_(None),
        "first_bad",
        found.c.first_bad,
        "fault",
        found.c.fault,
        "at_sequence",
        found.c.at_sequence,
    )
    return str((await read.execute(select(cast(body, Text)))).scalar_one())


async def head(read: Reader, who: Principal) -> str:
    """The newest link of the district's chain, as JSON text; sequence 0 when there is none."""
    last = select(HourSeal).where(HourSeal.district_id == district_of(who)).order_by(HourSeal.sequence.desc()).limit(1)
    newest = last.subquery()
    one = select(literal(1).label("one")).subquery()
    body = func.json_build_object(
        "sequence",
        func.coalesce(newest.c.sequence, 0),
        "chain_hash",
        func.encode(newest.c.chain_hash, "hex"),
        "sealed_at",
        answers.moment(newest.c.sealed_at),
    )
    statement = select(cast(body, Text)).select_from(one.outerjoin(newest, literal(1) == one.c.one))
    return str((await read.execute(statement)).scalar_one())


async def seal(read: Reader) -> int:
    """Seals what waits; the number of links made."""
    return int((await read.execute(select(func.training.seal_hours()))).scalar_one())
