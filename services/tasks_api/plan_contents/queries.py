"""The content of a plan as it stands, and keeping it as a version."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import cast, func, select
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, insert

from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api.plan_contents.tables import PlanVersion
from services.tasks_api.plans.tables import Plan
from services.tasks_api.tasks import queries as tasks
from services.tasks_api.tasks.rules import Kind
from services.tasks_api.tasks.tables import Task

HEAD: Final = ("title", "document_no", "issued_on", "period_start", "period_end")


async def content(session: Session, plan_id: UUID) -> list[dict[str, Any]]:
    """The same as they are read."""
    asked = (Task.plan_id == plan_id, Task.ended_at.is_(None), Task.kind != Kind.SUBTASK)
    listed = func.coalesce(func.json_agg(aggregate_order_by(tasks.BODY, Task.place)), tasks.EMPTY)
    found: list[dict[str, Any]] = (await session.execute(select(cast(listed, JSONB)).where(*asked))).scalar_one()
    return found


async def last_number(session: Session, plan_id: UUID) -> int:
    """The number of the newest version; 0 when there is none."""
    found = select(func.coalesce(func.max(PlanVersion.number), 0)).where(PlanVersion.plan_id == plan_id)
    return int((await session.execute(found)).scalar_one())


async def keep(
    session: Session, who: Principal, plan: Plan, number: int, reason: str | None, counts: dict[str, int], moment: datetime
) -> None:
    """Keeps the plan as it stands as a version."""
    head = {name: value for name in HEAD if (value := getattr(plan, name)) is not None}
    row = {
        "plan_id": plan.id,
        "number": number,
        "district_id": plan.district_id,
        "reason": reason,
        "head": {name: value if isinstance(value, str) else value.isoformat() for name, value in head.items()},
        "content": await content(session, plan.id),
        "counts": counts,
        "made_by": who.account_id,
        "made_by_name": who.name,
        "recorded_at": moment,
    }
    await session.execute(insert(PlanVersion).values(row))
