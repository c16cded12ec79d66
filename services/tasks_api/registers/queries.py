"""What records refer to, asked of the database: each maker answers the `verify` of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from services.kit import references
from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers.kinds import Draft, Verify
from services.kit.registers.tables import LIVE
from services.tasks_api.registers.tables import Record


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


def record_named(name: str, key: str) -> Verify:
    """The fact names a record of another kind, of the same unit, that is not void; or nothing."""

    async def verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
        wanted: UUID | None = getattr(draft.facts, name)
        if wanted is None:
            return []
        same = (Record.id == wanted, Record.kind == key, Record.unit_id == draft.unit.id, Record.state == LIVE)
        known = (await session.execute(select(Record.id).where(*same))).scalar_one_or_none()
        return [] if known else [Fault(f"/body/{name}", "not_found")]

    return verify


def once(*names: str) -> Verify:
    """A unit has one record of the kind with these facts; the last of them is pointed at."""

    async def verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
        kind = _kind_of(draft)
        facts = draft.facts.model_dump(mode="json", include=set(names))
        # Two at once would not see each other: they take their turn.
        turn = f"{kind} {draft.unit.id} {sorted(facts.items())}"
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(cast(literal(turn), Text), 350111))))
        same = (Record.kind == kind, Record.unit_id == draft.unit.id, Record.state == LIVE)
        found = select(Record.id).where(*same, Record.facts.contains(cast(literal(facts, JSONB), JSONB)))
        others = set((await session.execute(found)).scalars()) - {draft.record_id}
        return [Fault(f"/body/{names[-1]}", "repeated")] if others else []

    return verify


def _kind_of(draft: Draft[Any]) -> str:
    """The key of the kind whose facts these are: the name of the module that declares them."""
    return str(type(draft.facts).__module__.rpartition(".")[2]).replace("_", "-")


def both(*parts: Verify) -> Verify:
    """Everything that each of them finds."""

    async def verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
        return [fault for part in parts for fault in await part(session, who, draft)]

    return verify
