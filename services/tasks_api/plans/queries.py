"""Reads of plans: one statement each, JSON made by the database."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.kit import errors, preconditions, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api.plans.tables import Plan


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of plans."""
    return visibility.within(who, district=Plan.district_id)


async def one_for_update(session: Session, who: Principal, plan_id: UUID, version: int) -> Plan:
    """The row, locked; NotFound, Stale."""
    statement = select(Plan).where(Plan.id == plan_id, visible_to(who)).with_for_update()
    plan = (await session.execute(statement)).scalar_one_or_none()
    if plan is None:
        raise errors.NotFound
    preconditions.expect(plan.version, version)
    return plan
