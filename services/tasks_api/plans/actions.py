"""What the bureau does with plans, beside drafting and activating them."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from services.kit import audit
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.plans import queries, rules
from services.tasks_api.plans.schemas import PlanChange
from services.tasks_api.plans.tables import Plan

OBJECT = "plan"
tell: Final = Trail(OBJECT, access.PLANS_READ, unit=None).tell


async def change(session: Session, who: Principal, plan_id: UUID, version: int, wanted: PlanChange) -> Plan:
    """Changes the head of a draft. Raises NotFound, Stale, NotDraft, BadInput (period)."""
    plan = await queries.one_for_update(session, who, plan_id, version)
    raise_if(rules.why_not_edit(plan))
    sent = wanted.model_dump(exclude_unset=True)
    before, after = audit.changes({name: getattr(plan, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(plan, name, value)
    raise_if(rules.why_not_period(plan.period_start, plan.period_end))
    await session.flush()
    tell(session, who, plan, "changed", before, after)
    return plan


async def close(session: Session, who: Principal, plan_id: UUID, version: int, now: datetime) -> Plan:
    """Ends a plan in force; its assignments are read from then on. Raises NotFound, Stale, NotActive."""
    plan = await queries.one_for_update(session, who, plan_id, version)
    raise_if(rules.why_not_work(plan))
    plan.state, plan.closed_at = rules.State.CLOSED, now
    await session.flush()
    tell(session, who, plan, "closed", {"state": rules.State.ACTIVE}, {"state": plan.state})
    return plan
