"""Statements of attendance."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import and_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api.classes.rules import Seat
from services.training_api.classes.tables import Enrolment, SignIn
from services.training_api.officers.queries import visible_to
from services.training_api.officers.tables import Officer


@dataclass(frozen=True, slots=True)
class Mark:
    """Somebody's attendance: there or not, and the minutes missed."""

    officer_id: UUID
    present: bool
    missed_minutes: int


async def mark(session: Session, class_id: UUID, marks: Sequence[Mark], turn: int, now: datetime) -> None:
    """Records attendance; whoever came without being enrolled is enrolled by it, whatever the capacity."""
    rows = [
        {
            "class_id": class_id,
            "officer_id": each.officer_id,
            "state": Seat.ENROLLED.value,
            "turn": turn + place,
            "present": each.present,
            "missed_minutes": each.missed_minutes,
            "enrolled_at": now,
            "recorded_at": now,
        }
        for place, each in enumerate(marks)
    ]
    if rows:
        add = insert(Enrolment).values(rows)
        named = ("state", "present", "missed_minutes", "recorded_at")
        keys = [Enrolment.class_id, Enrolment.officer_id]
        changed = {name: getattr(add.excluded, name) for name in named}
        await session.execute(add.on_conflict_do_update(index_elements=keys, set_=changed))


async def seat(session: Session, class_id: UUID, officer_ids: Sequence[UUID], turn: int, now: datetime) -> None:
    """Enrols whoever came, whatever the capacity; what was recorded of their attendance stays."""
    facts = {"class_id": class_id, "state": Seat.ENROLLED.value, "enrolled_at": now}
    rows = [facts | {"officer_id": officer_id, "turn": turn + place} for place, officer_id in enumerate(officer_ids)]
    keys = [Enrolment.class_id, Enrolment.officer_id]
    add = insert(Enrolment).values(rows).on_conflict_do_update(index_elements=keys, set_={"state": Seat.ENROLLED.value})
    await session.execute(add)


async def sign_in(
    session: Session, who: Principal, class_id: UUID, officer_ids: Sequence[UUID], place: int, missed: int, now: datetime
) -> list[UUID]:
    """Notes signing in to a session; the first one counts. Answers who had not signed in before."""
    facts = {"class_id": class_id, "place": place, "signed_at": now, "missed_minutes": missed, "signed_by": who.account_id}
    add = insert(SignIn).values([facts | {"officer_id": officer_id} for officer_id in officer_ids])
    return list((await session.execute(add.on_conflict_do_nothing().returning(SignIn.officer_id))).scalars())


async def by_external_ids(
    session: Session, district_id: UUID, keys: Collection[tuple[str, str]]
) -> Mapping[tuple[str, str], UUID]:
    """Officers of the district by system and external id."""
    if not keys:
        return {}
    columns = (Officer.external_system, Officer.external_id)
    found: Any = select(*columns, Officer.id).where(Officer.district_id == district_id, tuple_(*columns).in_(keys))
    return {(row[0], row[1]): row[2] for row in await session.execute(found)}


async def known(session: Session, who: Principal, class_id: UUID, officer_ids: Collection[UUID]) -> set[UUID]:
    """Those whose attendance the caller may record: on the class's list, or the caller's own people."""
    listed = select(Enrolment.officer_id).where(
        Enrolment.class_id == class_id, Enrolment.officer_id.in_(officer_ids), Enrolment.state != Seat.WITHDRAWN.value
    )
    own = select(Officer.id).where(and_(Officer.id.in_(officer_ids), visible_to(who)))
    return set((await session.execute(listed.union(own))).scalars())
