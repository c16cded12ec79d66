"""What the bureau records of grants to townships."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from services.kit import audit, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.township_grants import queries, rules
from services.training_api.township_grants.schemas import GrantChange, GrantIn
from services.training_api.township_grants.tables import TownshipGrant

OBJECT = "township_grant"
_tell: Final = Trail(OBJECT, access.GRANTS_READ, unit="department_id").tell


async def create(session: Session, who: Principal, wanted: GrantIn, now: datetime) -> TownshipGrant:
    """Records a grant. Raises BadInput (units, period), Overlap."""
    department = await references.unit(session, wanted.department_id, "/body/department_id")
    township = await references.unit(session, wanted.unit_id)
    faults = [
        None if rights.covers(who, department.path) else errors.Fault("/body/department_id", "not_found"),
        None if rights.covers(who, township.path) else errors.Fault("/body/unit_id", "not_found"),
        None if township.kind in rules.TOWNSHIP_KINDS else errors.Fault("/body/unit_id", "township_grant.no_township"),
        rules.fault_of_period(wanted.from_on, wanted.to_on),
    ]
    _demand(faults)
    made = TownshipGrant(id=ids.new_id(), district_id=department.district_id, created_at=now, **wanted.model_dump())
    raise_if(rules.why_not_add(made, await queries.of_pair(session, made.department_id, made.unit_id, but=made.id)))
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json"))
    return made


async def change(session: Session, who: Principal, grant_id: UUID, version: int, wanted: GrantChange) -> TownshipGrant:
    """Corrects or ends a grant. Raises NotFound, Stale, BadInput (period), Overlap."""
    found = await queries.one_for_update(session, who, grant_id, version)
    sent = wanted.model_dump(exclude_unset=True)
    if sent.get("from_on", found.from_on) is None:
        sent.pop("from_on")
    before, after = audit.changes({name: getattr(found, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(found, name, value)
    _demand([rules.fault_of_period(found.from_on, found.to_on)])
    others = await queries.of_pair(session, found.department_id, found.unit_id, but=found.id)
    raise_if(rules.why_not_add(found, others))
    await session.flush()
    _tell(session, who, found, "changed", before, after)
    return found


def _demand(faults: list[errors.Fault | None]) -> None:
    if found := [fault for fault in faults if fault is not None]:
        raise errors.BadInput(*found)
