"""Reads of the rules about people."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, literal, select

from services.kit import answers, dated, pagination, reads
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api.personnel_rules.tables import PersonnelRule

COLUMNS = (
    "id", "district_id", "certificate_months", "required_exams", "exam_valid_months", "number_digits_min", "number_digits_max",
    "verification_name", "public_list_name", "public_list_needs_exam", "valid_from",
)  # fmt: skip
BODY = answers.json_object(
    {name: getattr(PersonnelRule, name) for name in COLUMNS} | {"recorded_at": answers.moment(PersonnelRule.recorded_at)}
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the rules: those of every district, and the own district's."""
    return dated.visible_to(PersonnelRule, who)


RULES = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-valid_from": pagination.Order((PersonnelRule.valid_from, PersonnelRule.id))},
    filters={"in_force_on": dated.in_force_on(PersonnelRule)},
)


async def one(session: Session, rule_id: UUID) -> answers.One:
    """A rule just added."""
    return await answers.read_one(session, select(BODY, literal(1)).where(PersonnelRule.id == rule_id))


async def in_force(session: Session, district_id: UUID, day: date) -> PersonnelRule | None:
    """What holds in this district on this day; None before the first rule there is."""
    return await dated.in_force(session, PersonnelRule, district_id, day)
