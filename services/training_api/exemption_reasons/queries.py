"""Reads of the reasons."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, and_, bindparam, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from services.kit import answers, pagination, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api.exemption_reasons.tables import ExemptionReason

COLUMNS = (
    "id", "district_id", "code", "title_zh", "title_en", "minimum_months", "needs_evidence", "until_certified", "waives",
    "in_force", "valid_from",
)  # fmt: skip
BODY = answers.json_object(
    {name: getattr(ExemptionReason, name) for name in COLUMNS} | {"recorded_at": answers.moment(ExemptionReason.recorded_at)}
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of reasons: those of every district, and the own district's."""
    return or_(ExemptionReason.district_id.is_(None), visibility.within(who, district=ExemptionReason.district_id))


def _weight(row: Any) -> ColumnElement[Any]:
    """Of the rows of a code that have begun, the greatest holds: latest first day, the district's own, latest recorded."""
    return tuple_(row.valid_from, row.district_id.is_not(None), row.recorded_at, row.id)


def _holds_on(day: Any) -> ColumnElement[bool]:
    other = aliased(ExemptionReason)
    # The caller's district, as a named place of the statement: rows of another district are no rivals.
    mine = other.district_id == bindparam("who_district_id", None, type_=Uuid())
    begun = and_(other.code == ExemptionReason.code, other.valid_from <= day, or_(other.district_id.is_(None), mine))
    rival = and_(begun, _weight(other) > _weight(ExemptionReason))
    return and_(ExemptionReason.valid_from <= day, ExemptionReason.in_force, ~select(other.id).where(rival).exists())


REASONS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={
        "code": pagination.Order((ExemptionReason.code, ExemptionReason.valid_from, ExemptionReason.id), descending=False),
    },
    filters={"code": reads.equals(ExemptionReason.code), "in_force_on": reads.Filter(Date(), _holds_on)},
)


async def one(session: Session, reason_id: UUID) -> answers.One:
    """A reason just added."""
    return await answers.read_one(session, select(BODY, literal(1)).where(ExemptionReason.id == reason_id))


async def in_force(session: Session, district_id: UUID, code: str, day: date) -> ExemptionReason | None:
    """The reason as it is in this district on this day; None when there is none."""
    row = ExemptionReason
    begun = (row.code == code, row.valid_from <= day, or_(row.district_id.is_(None), row.district_id == district_id))
    statement = select(row).where(*begun).order_by(_weight(row).desc()).limit(1)
    found = (await session.execute(statement)).scalar_one_or_none()
    return found if found is not None and found.in_force else None
