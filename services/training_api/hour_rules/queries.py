"""Reads of the dated settings of the ledger."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, and_, bindparam, func, literal, or_, select, tuple_
from sqlalchemy.orm import aliased

from services.kit import answers, pagination, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api.hour_entries.rules import Source
from services.training_api.hour_rules import rules
from services.training_api.hour_rules.tables import HourRuleRow

CAPS = {source: getattr(HourRuleRow, f"{source.value}_cap") for source in Source}
PLAIN = ("id", "district_id", "valid_from", "members_wait", "teaching_times", "recorded_by")
BODY = answers.json_object(
    {name: getattr(HourRuleRow, name) for name in PLAIN}
    | {
        "pending_sources": func.to_json(HourRuleRow.pending_sources),
        "source_caps": answers.json_object({source.value: answers.hours(column) for source, column in CAPS.items()}),
        "carry_over_hours": answers.hours(HourRuleRow.carry_over),
        "recorded_at": answers.moment(HourRuleRow.recorded_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the settings: those of every district, and the own district's."""
    return or_(HourRuleRow.district_id.is_(None), visibility.within(who, district=HourRuleRow.district_id))


def _weight(row: Any) -> ColumnElement[Any]:
    """As in rules.Settings.on."""
    return tuple_(row.valid_from, row.district_id.is_not(None), row.recorded_at, row.id)


def _holds_on(day: Any) -> ColumnElement[bool]:
    other = aliased(HourRuleRow)
    # The caller's district, as a named place of the statement: rows of another district are no rivals.
    mine = other.district_id == bindparam("who_district_id", None, type_=Uuid())
    begun = and_(other.valid_from <= day, or_(other.district_id.is_(None), mine))
    rival = and_(begun, _weight(other) > _weight(HourRuleRow))
    return and_(HourRuleRow.valid_from <= day, ~select(other.id).where(rival).exists())


RULES = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-valid_from": pagination.Order((HourRuleRow.valid_from, HourRuleRow.recorded_at, HourRuleRow.id))},
    filters={"in_force_on": reads.Filter(Date(), _holds_on)},
)
# Rows never change, so each has one version for ever.
RULE = reads.Single(body=BODY, version=literal(1), key=HourRuleRow.id, visible_to=visible_to)


async def settings(session: Session, district_id: UUID) -> rules.Settings:
    """All rows that may hold in a district."""
    mine = or_(HourRuleRow.district_id.is_(None), HourRuleRow.district_id == district_id)
    return rules.Settings([_rule(row) for row in (await session.execute(select(HourRuleRow).where(mine))).scalars()])


def _rule(row: HourRuleRow) -> rules.HourRule:
    caps = {source: getattr(row, f"{source.value}_cap") for source in Source}
    return rules.HourRule(
        id=row.id,
        is_own=row.district_id is not None,
        valid_from=row.valid_from,
        recorded_at=row.recorded_at,
        pending_sources=frozenset(map(Source, row.pending_sources)),
        members_wait=row.members_wait,
        caps={source: cap for source, cap in caps.items() if cap is not None},
        teaching_times=row.teaching_times,
        carry_over=row.carry_over,
    )
