"""Writes the rows of a draft plan."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit import ids
from services.kit.db import Session
from services.tasks_api.plans.rules import State
from services.tasks_api.plans.tables import Plan


async def add(
    session: Session,
    district_id: UUID,
    head: dict[str, Any],
    warnings: list[dict[str, Any]],
    content_sha256: str | None,
    now: datetime,
) -> Plan:
    """The row of a new draft."""
    plan = Plan(
        id=ids.new_id(), district_id=district_id, state=State.DRAFT, warnings=warnings, content_sha256=content_sha256,
        created_at=now, **head,
    )  # fmt: skip
    session.add(plan)
    await session.flush()
    return plan
