"""What is done with obligations: numbers declared, and what is measured kept for later."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.kit import audit, evidence, ids, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.obligations import queries, rules
from services.tasks_api.obligations.schemas import DeclarationIn
from services.tasks_api.obligations.tables import Declaration

OBJECT = "obligation_declaration"
RECORDING = "obligation_recording"


async def declare(session: Session, who: Principal, obligation: str, wanted: DeclarationIn, now: datetime) -> UUID:
    """A unit's leader gives a number that no record shows.

    Raises Unknown, NotDeclarable, NotOwed, Recorded, BadInput (unit, attachments).
    """
    found = rules.BY_ID.get(obligation)
    if found is None:
        raise rules.Unknown
    question = await queries.asked(session, who.district_id, wanted.year, None, now)
    raise_if(rules.why_not_declare(found, await queries.value_of(session, who, question, obligation, wanted.unit_id)))
    row = Declaration(
        id=ids.new_id(),
        district_id=who.district_id,
        obligation=obligation,
        declared_by=who.account_id,
        declared_by_name=who.name,
        declared_at=now,
        **wanted.model_dump(),
    )
    session.add(row)
    await session.flush()
    place = (row.district_id, row.unit_id)
    await evidence.attach(session, who, row.attachment_ids, OBJECT, row.id, access.OBLIGATIONS_READ, *place)
    told = {"obligation": obligation, "year": row.year, "value": row.value, "note": row.note}
    audit.record(session, who, f"{OBJECT}.made", OBJECT, row.id, *place, after=told)
    outbox.publish(session, f"{OBJECT}.made", OBJECT, row.id, 1, access.OBLIGATIONS_READ, *place)
    return row.id


async def record(session: Session, who: Principal, years: Sequence[int], now: datetime) -> int:
    """Keeps what is measured of the caller's district and differs from what was kept last; how many values."""
    kept = 0
    for year in years:
        question = await queries.asked(session, who.district_id, year, None, now)
        kept += await queries.keep(session, who, question, now)
    return kept


def tell_recorded(session: Session, who: Principal, kept: int) -> None:
    """The audit row and message of values kept because somebody asked for it."""
    recording = ids.new_id()
    audit.record(session, who, f"{RECORDING}.made", RECORDING, recording, who.district_id, after={"recorded": kept})
    outbox.publish(session, f"{RECORDING}.made", RECORDING, recording, 1, access.OBLIGATIONS_RECORD, who.district_id)
