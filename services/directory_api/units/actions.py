"""What administrators do with units."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.directory_api import access
from services.directory_api.units import queries, rules
from services.directory_api.units.schemas import UnitChange, UnitIn
from services.directory_api.units.tables import Unit
from services.kit import answers, audit, ids, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "unit"
FIRST = 1


async def create(session: Session, who: Principal, wanted: UnitIn, now: datetime) -> tuple[UUID, answers.One]:
    """Adds a unit below its parent, or a district. Raises DistrictKind, TooDeep, EndsBeforeItBegins, Duplicate (code)."""
    parent_path = await queries.path_of(session, who, wanted.parent_id)
    raise_if(rules.why_not_place(wanted.kind, parent_path))
    raise_if(rules.why_not_valid_between(wanted.valid_from, wanted.valid_to))
    unit_id = ids.new_id()
    path = rules.path_below(parent_path, unit_id)
    place = {"id": unit_id, "district_id": path[0], "path": list(path), "version": FIRST, "created_at": now}
    made = await queries.NEW_UNIT.add(session, who, wanted.model_dump() | place)
    _tell(session, who, "created", (unit_id, path[0]), FIRST, {}, wanted.model_dump(mode="json"))
    return unit_id, made


async def change(session: Session, who: Principal, unit_id: UUID, version: int, wanted: UnitChange) -> Unit:
    """Changes a unit's names, marks or validity. Raises NotFound, Stale, EndsBeforeItBegins."""
    unit = await queries.one_for_update(session, who, unit_id, version)
    sent = wanted.model_dump(exclude_unset=True)
    before, after = audit.changes({name: getattr(unit, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(unit, name, value)
    raise_if(rules.why_not_valid_between(unit.valid_from, unit.valid_to))
    await session.flush()
    _tell(session, who, "changed", (unit.id, unit.district_id), unit.version, before, after)
    return unit


def _tell(
    session: Session,
    who: Principal,
    verb: str,
    place: tuple[UUID, UUID],
    version: int,
    before: dict[str, object],
    after: dict[str, object],
) -> None:
    unit_id, district_id = place
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, unit_id, district_id, unit_id, before=before, after=after)
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, unit_id, version, access.UNITS_READ, district_id, unit_id)
