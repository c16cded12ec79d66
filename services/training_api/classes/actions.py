"""What is done with training classes."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit import audit, errors, ids, outbox, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.classes import queries, rules
from services.training_api.classes.schemas import ClassIn
from services.training_api.classes.tables import TrainingClass

OBJECT = "class"


async def create(session: Session, who: Principal, wanted: ClassIn, now: datetime) -> TrainingClass:
    """Plans a class of a unit. Raises BadInput (organiser, times, hours)."""
    unit = await references.unit(session, wanted.organiser_id, "/body/organiser_id")
    faults = rules.faults_of_times(wanted.starts_at, wanted.ends_at, wanted.hours)
    if not rights.covers(who, unit.path):
        faults.append(errors.Fault("/body/organiser_id", "not_found"))
    if faults:
        raise errors.BadInput(*faults)
    facts = wanted.model_dump(exclude={"organiser_id", "hours", "kind", "category"})
    made = TrainingClass(
        id=ids.new_id(),
        district_id=unit.district_id,
        unit_id=unit.id,
        kind=wanted.kind.value,
        category=wanted.category.value,
        hundredths=wanted.hours,
        state=rules.State.PLANNED.value,
        created_at=now,
        **facts,
    )
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json"))
    return made


async def cancel(session: Session, who: Principal, class_id: UUID, version: int, reason: str) -> TrainingClass:
    """Says that a planned class does not take place. Raises NotFound, Stale, HoursPosted, Cancelled."""
    found = await queries.one_for_update(session, who, class_id, version)
    raise_if(rules.why_not_cancel(found))
    found.state = rules.State.CANCELLED.value
    await session.flush()
    _tell(session, who, found, "cancelled", {"state": "planned"}, {"state": "cancelled"}, reason=reason)
    return found


async def hold(session: Session, who: Principal, found: TrainingClass) -> None:
    """Marks a class as held, with its first hours."""
    if found.state == rules.State.HELD:
        return
    found.state = rules.State.HELD.value
    await session.flush()
    _tell(session, who, found, "held", {"state": "planned"}, {"state": "held"})


async def touch(session: Session, who: Principal, found: TrainingClass, verb: str, after: Any) -> None:
    """Makes a new version of a class whose enrolments changed: its body counts them, so its ETag must follow them."""
    await queries.touch(session, found)
    _tell(session, who, found, verb, {}, after)


def _tell(
    session: Session, who: Principal, found: TrainingClass, verb: str, before: Any, after: Any, *, reason: str | None = None
) -> None:
    place = (found.district_id, found.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, found.id, *place, before=before, after=after, reason=reason)
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, found.id, found.version, access.CLASSES_READ, *place)
