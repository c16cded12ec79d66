"""Lookups of what sheets name by a number or a name of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, SQLColumnExpression, select

from services.kit.db import Reader, Session
from services.kit.registers.kinds import Lookup


def by(
    heading: str, text: ColumnElement[str] | SQLColumnExpression[str], of: Any, district_id: Any, *where: ColumnElement[bool]
) -> Lookup:
    """What has this text; `of` is its id, `heading` what the text is called. Texts should be unique in a district; of several
    with one text none is found, for nobody could say which is meant."""

    async def find(session: Session, district: UUID, texts: Collection[str]) -> Mapping[str, UUID]:
        found = select(text, of).where(district_id == district, text.in_(list(texts)), *where)
        rows = [(str(row[0]), row[1]) for row in await session.execute(found)]
        count = Counter(told for told, _ in rows)
        return {told: found_id for told, found_id in rows if count[told] == 1}

    async def name(read: Reader, ids: Collection[UUID]) -> Mapping[UUID, str]:
        rows = (await read.execute(select(of.label("id"), text.label("told")).where(of.in_(list(ids))))).all()
        return {row.id: row.told for row in rows}

    return Lookup(heading, find, name)
