"""Reads of escalation rules."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, DateTime, case, cast, func, literal, or_, select

from services.kit import answers, pagination, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.tasks_api.escalation_rules import rules
from services.tasks_api.escalation_rules.tables import EscalationRule

ZONE: Final = "Asia/Shanghai"
BODY: Final = answers.json_object(
    {
        "id": EscalationRule.id,
        "district_id": EscalationRule.district_id,
        "step": EscalationRule.step,
        "valid_from": EscalationRule.valid_from,
        "enabled": EscalationRule.enabled,
        "basis": EscalationRule.basis,
        "offset_days": EscalationRule.offset_days,
        "action": EscalationRule.action,
        "audience": EscalationRule.audience,
        "reply_days": EscalationRule.reply_days,
        "repeat_days": EscalationRule.repeat_days,
        "repeat_most": EscalationRule.repeat_most,
        "note": EscalationRule.note,
        "recorded_by_name": EscalationRule.recorded_by_name,
        "recorded_at": answers.moment(EscalationRule.recorded_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The district's own rules and the shipped ones, for whoever may read rules at all."""
    return or_(EscalationRule.district_id.is_(None), visibility.within(who, district=EscalationRule.district_id))


def _newest(source: Any) -> Sequence[ColumnElement[Any]]:
    """A district's own rules before the shipped ones, then the latest."""
    return (source.district_id.is_(None), source.valid_from.desc(), source.recorded_at.desc(), source.id.desc())


RULES: Final = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-recorded_at": pagination.Order((EscalationRule.recorded_at, EscalationRule.id))},
    filters={"step": reads.equals(EscalationRule.step)},
)
RULE: Final = reads.Single(body=BODY, version=literal(1), key=EscalationRule.id, visible_to=visible_to)


async def ladder(connection: Reader | Session, district_id: UUID | None, day: date) -> Sequence[EscalationRule]:
    """The steps in force in a district on a day, by offset. Rules of other districts are none of its business."""
    own = or_(EscalationRule.district_id.is_(None), EscalationRule.district_id == district_id)
    columns = select(*EscalationRule.__table__.c)
    rows = (
        await connection.execute(columns.where(own, EscalationRule.valid_from <= day).order_by(*_newest(EscalationRule)))
    ).all()
    return rules.in_force([EscalationRule(**row._mapping) for row in rows], day)


def yellow_days(day: ColumnElement[date], district_id: ColumnElement[Any]) -> ColumnElement[int]:
    """How many working days before a due date lamps turn yellow on a day, as the rules said that day; null when they do not.

    Rules recorded later do not count, so that a past day shows the lamps it showed then.
    """
    rule = EscalationRule
    known = func.timezone(ZONE, rule.recorded_at) < cast(day + 1, DateTime)
    newest = (
        select(case((rule.enabled, -rule.offset_days)))
        .where(rule.step == rules.YELLOW, rule.valid_from <= day, known)
        .where(or_(rule.district_id.is_(None), rule.district_id == district_id))
        .order_by(*_newest(rule))
        .limit(1)
    )
    return newest.scalar_subquery()
