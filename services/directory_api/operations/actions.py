"""What the creator does with an operation."""

from __future__ import annotations

from uuid import UUID

from services.directory_api.operations import queries, rules
from services.kit import audit
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal


async def cancel(session: Session, who: Principal, operation_id: UUID, version: int) -> None:
    """Asks the work to stop; it does so at its next step and leaves nothing half-written. Raises NotFound, Stale, Ended."""
    raise_if(rules.why_not_cancel(await queries.state_for_update(session, who, operation_id, version)))
    await queries.ask_to_cancel(session, operation_id)
    audit.record(session, who, "operation.cancel_asked", "operation", operation_id, who.district_id, who.unit_id)
