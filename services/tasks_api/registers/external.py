"""The door of registers to what the case service publishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Uuid, column, select, table

from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers.kinds import Draft

GRANTED_ITEMS = table("granted_items", column("id", Uuid), column("unit_id", Uuid), schema="published")


async def granted_item(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
    """The granted item named (赋权事项), if any, is one of the record's own unit."""
    wanted: UUID | None = draft.facts.granted_item_id
    if wanted is None:
        return []
    same = (GRANTED_ITEMS.c.id == wanted, GRANTED_ITEMS.c.unit_id == draft.unit.id)
    known = (await session.execute(select(GRANTED_ITEMS.c.id).where(*same))).scalar_one_or_none()
    return [] if known else [Fault("/body/granted_item_id", "not_found")]
