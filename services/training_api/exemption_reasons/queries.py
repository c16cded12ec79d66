"""Reads of the reasons."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, literal, select

from services.kit import answers, dated, pagination, reads
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
CODE = pagination.Order((ExemptionReason.code, ExemptionReason.valid_from, ExemptionReason.id), descending=False)
LATEST = dated.in_force_on(ExemptionReason, "code")


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of reasons: those of every district, and the own district's."""
    return dated.visible_to(ExemptionReason, who)


REASONS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"code": CODE},
    filters={
        "code": reads.equals(ExemptionReason.code),
        "in_force_on": reads.Filter(LATEST.type, lambda day: and_(ExemptionReason.in_force, LATEST.predicate(day))),
    },
)


async def one(session: Session, reason_id: UUID) -> answers.One:
    """A reason just added."""
    return await answers.read_one(session, select(BODY, literal(1)).where(ExemptionReason.id == reason_id))


async def in_force(session: Session, district_id: UUID, code: str, day: date) -> ExemptionReason | None:
    """The reason as it is in this district on this day; None when there is none, or none any more."""
    found = await dated.in_force(session, ExemptionReason, district_id, day, ExemptionReason.code == code)
    return found if found is not None and found.in_force else None
