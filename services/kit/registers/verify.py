"""What records of several services refer to, asked of the database: each maker answers the `verify` of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.kit import references
from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers.kinds import Draft, Verify


def units_named(name: str) -> Verify:
    """The fact names units (one or several) of the record's district."""

    async def verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
        value: UUID | list[UUID] = getattr(draft.facts, name)
        named = value if isinstance(value, list) else [value]
        known = await references.some_units(session, named)
        return [
            Fault(f"/body/{name}/{place}" if isinstance(value, list) else f"/body/{name}", "not_found")
            for place, each in enumerate(named)
            if each not in known or known[each].district_id != draft.unit.district_id
        ]

    return verify


def both(*parts: Verify) -> Verify:
    """Everything that each of them finds."""

    async def verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
        return [fault for part in parts for fault in await part(session, who, draft)]

    return verify
