"""Reads of class hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Text, and_, case, cast, func, literal, not_, or_, select
from sqlalchemy.orm import aliased

from services.kit import answers, errors, pagination, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.hour_entries import rules
from services.training_api.hour_entries.tables import HourDecision, HourEntry, HourSeal

Reversal = aliased(HourEntry, name="reversal")
NEWEST = pagination.Order((HourEntry.created_at, HourEntry.id))
YEAR: ColumnElement[int] = cast(func.extract("year", HourEntry.occurred_on), Integer)
state_shown: ColumnElement[str] = case(
    (HourEntry.entered_as == rules.State.POSTED.value, HourEntry.entered_as),
    else_=func.coalesce(HourDecision.decision, literal(rules.State.PENDING.value, Text)),
)
# As in rules.EntryFacts.version.
VERSION: ColumnElement[int] = 2 * (
    1 + cast(HourDecision.entry_id.is_not(None), Integer) + cast(Reversal.id.is_not(None), Integer)
) + cast(HourSeal.sequence.is_not(None), Integer)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of class hours: by the officer's unit when they were recorded."""
    return visibility.within(who, district=HourEntry.district_id, unit=HourEntry.unit_id)


def joined(statement: Any) -> Select[Any]:
    """Entries with their decision, their reversal and their link in the chain."""
    sealed = and_(HourSeal.entry_id == HourEntry.id, HourSeal.link == "entry")
    return with_decisions(statement).outerjoin(Reversal, Reversal.reverses_id == HourEntry.id).outerjoin(HourSeal, sealed)


def body(who: Principal) -> ColumnElement[Any]:
    """An entry as this caller sees it."""
    reach: dict[str, Any] = {"district": HourEntry.district_id, "unit": HourEntry.unit_id}
    refuse = (state_shown == rules.State.PENDING.value) & visibility.under(who, access.HOURS_DECIDE, **reach)
    closed = func.training.year_is_closed(HourEntry.district_id, YEAR)
    confirm = refuse & or_(visibility.under(who, access.HOURS_ENTER_LATE, **reach), not_(closed))
    undo = and_(state_shown == rules.State.POSTED.value, HourEntry.reverses_id.is_(None), Reversal.id.is_(None))
    return answers.json_object(
        {
            "id": HourEntry.id,
            "district_id": HourEntry.district_id,
            "unit_id": HourEntry.unit_id,
            "officer_id": HourEntry.officer_id,
            "category": HourEntry.category,
            "hours": answers.hours(HourEntry.hundredths),
            "occurred_on": HourEntry.occurred_on,
            "days": HourEntry.days,
            "year": YEAR,
            "starts_at": answers.moment(HourEntry.starts_at),
            "ends_at": answers.moment(HourEntry.ends_at),
            "source": HourEntry.source,
            "class_id": HourEntry.class_id,
            "course": HourEntry.course,
            "settings_id": HourEntry.settings_id,
            "hour_rule_id": HourEntry.hour_rule_id,
            "late_reason": HourEntry.late_reason,
            "state": state_shown,
            "reverses_id": HourEntry.reverses_id,
            "reversed_by_id": Reversal.id,
            "note": HourEntry.note,
            "external_system": HourEntry.external_system,
            "external_id": HourEntry.external_id,
            "entered_by": HourEntry.entered_by,
            "created_at": answers.moment(HourEntry.created_at),
            "decided_by": HourDecision.decided_by,
            "decided_at": answers.moment(HourDecision.decided_at),
            "decision_reason": HourDecision.reason,
            "sequence": HourSeal.sequence,
            "chain_hash": func.encode(HourSeal.chain_hash, "hex"),
            "allowed_actions": answers.allowed_actions(
                {
                    "confirm": confirm,
                    "refuse": refuse,
                    "reversal": undo & visibility.under(who, access.HOURS_REVERSE, **reach),
                }
            ),
            "version": VERSION,
        }
    )


def _in_year(year: Any) -> ColumnElement[bool]:
    return HourEntry.occurred_on.between(func.make_date(year, 1, 1), func.make_date(year, 12, 31))


ENTRIES = reads.Listing(
    body=body,
    visible_to=visible_to,
    source=joined,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "officer_id": reads.equals(HourEntry.officer_id),
        "unit_id": reads.equals(HourEntry.unit_id),
        "class_id": reads.equals(HourEntry.class_id),
        "category": reads.equals(HourEntry.category),
        "source": reads.equals(HourEntry.source),
        "state": reads.equals(state_shown),
        "year": reads.Filter(Integer(), _in_year),
        "occurred_on__gte": reads.at_least(HourEntry.occurred_on),
        "occurred_on__lte": reads.at_most(HourEntry.occurred_on),
        "external_id": reads.equals(HourEntry.external_id),
    },
)
ENTRY = reads.Single(body=body, version=VERSION, key=HourEntry.id, visible_to=visible_to, source=joined)


async def entry(session: Session, who: Principal, entry_id: UUID) -> HourEntry:
    """The row; NotFound. Rows never change, so none is locked: writers lock the officer."""
    found = (await session.execute(select(HourEntry).where(HourEntry.id == entry_id, visible_to(who)))).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def facts_of(session: Session, found: HourEntry) -> rules.EntryFacts:
    """What became of an entry up to now."""
    columns = (HourDecision.decision, Reversal.id, HourSeal.sequence)
    row = (await session.execute(joined(select(*columns)).where(HourEntry.id == found.id))).one()
    return rules.EntryFacts(
        occurred_on=found.occurred_on,
        entered_as=rules.State(found.entered_as),
        decision=rules.State(row[0]) if row[0] else None,
        is_reversal=found.reverses_id is not None,
        is_reversed=row[1] is not None,
        is_sealed=row[2] is not None,
    )


def claim(found: HourEntry) -> rules.Claim:
    """What an entry claims of a person's time."""
    when = (found.occurred_on, found.days, found.starts_at, found.ends_at)
    return rules.Claim(found.hundredths, *when, rules.Source(found.source), found.course)


def with_decisions(statement: Any) -> Select[Any]:
    """Entries with their decision alone."""
    decided: Select[Any] = statement.select_from(HourEntry).outerjoin(HourDecision, HourDecision.entry_id == HourEntry.id)
    return decided


def counted(officer_id: Any, year: Any, at: Any) -> ColumnElement[bool]:
    """Entries behind an officer's figure, as recorded at a moment: posted at once, or by a decision up to then."""
    decided = and_(HourDecision.decision == rules.State.POSTED.value, HourDecision.decided_at <= at)
    posted = or_(HourEntry.entered_as == rules.State.POSTED.value, decided)
    return and_(HourEntry.officer_id == officer_id, _in_year(year), HourEntry.created_at <= at, posted)
