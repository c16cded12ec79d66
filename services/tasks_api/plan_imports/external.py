"""The one door to the directory's names: how documents speak of the district's units and groups."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.kit.db import Session
from services.kit.references import unit_groups, units
from services.tasks_api.plan_imports import rules


async def known_units(session: Session, district_id: UUID) -> rules.KnownUnits:
    """Units by id and groups by key, with every name they go by."""
    columns = (units.c.id, units.c.name, units.c.short_name)
    found = (await session.execute(select(*columns).where(units.c.district_id == district_id))).all()
    rows: list[rules.UnitRow] = [(str(row.id), row.name, row.short_name, (), False) for row in found]
    groups = select(unit_groups.c.key, unit_groups.c.name, unit_groups.c.aliases)
    grouped = (await session.execute(groups.where(unit_groups.c.district_id == district_id))).all()
    rows += [(row.key, row.name, row.name, tuple(row.aliases), True) for row in grouped]
    region = next((row.name for row in found if row.id == district_id), "")
    return rules.KnownUnits.of(rows, region.removesuffix("人民政府"))


async def district_code(session: Session, district_id: UUID) -> str:
    """Division code of the district."""
    return str((await session.execute(select(units.c.code).where(units.c.id == district_id))).scalar_one())
