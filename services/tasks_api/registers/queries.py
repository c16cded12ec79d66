"""What records refer to, asked of the database: each maker answers the `verify` of a kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Text, cast, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB

from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers.kinds import Draft, Verify
from services.kit.registers.tables import LIVE
from services.tasks_api.registers.tables import Record


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
