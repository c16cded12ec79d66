"""Reads of officers and of their service over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, and_, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import undefer

from services.kit import answers, errors, ids, pagination, preconditions, reads, references, visibility
from services.kit.db import Session
from services.kit.principal import Principal, Role
from services.training_api import access
from services.training_api.officers import rules
from services.training_api.officers.tables import Officer, OfficerUnit

SEARCH_LIMIT = 50
TAKE_TURN = text("SELECT pg_advisory_xact_lock(350112, hashtext(:district))")
NEWEST = pagination.Order((Officer.created_at, Officer.id))

SPELL = answers.json_object({name: getattr(OfficerUnit, name) for name in ("unit_id", "kind", "from_on", "to_on")})
CURRENT_UNITS = (
    select(func.json_agg(aggregate_order_by(SPELL, OfficerUnit.from_on)))
    .where(OfficerUnit.officer_id == Officer.id, OfficerUnit.superseded_at.is_(None))
    .scalar_subquery()
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of officers: by the unit they belong to now, or belonged to last."""
    return visibility.within(who, district=Officer.district_id, unit=Officer.unit_id)


def sees_names(who: Principal) -> bool:
    """Need to know: the unit's own people and the bureau work with persons, the platform with its own numbers."""
    return Role.PLATFORM not in who.roles


def body(who: Principal) -> ColumnElement[Any]:
    """An officer as this caller sees it."""
    reach: dict[str, Any] = {"district": Officer.district_id, "unit": Officer.unit_id}
    serving = Officer.left_on.is_(None)
    return answers.json_object(
        {
            "id": Officer.id,
            "district_id": Officer.district_id,
            "unit_id": Officer.unit_id,
            "name": Officer.name if sees_names(who) else func.training.masked_name(Officer.name),
            "id_type": Officer.id_type,
            "id_number_masked": Officer.id_number_masked,
            "kind": Officer.kind,
            "posts": func.to_json(Officer.posts),
            "hired_on": Officer.hired_on,
            "left_on": Officer.left_on,
            "units": CURRENT_UNITS,
            "external_system": Officer.external_system,
            "external_id": Officer.external_id,
            "allowed_actions": answers.allowed_actions(
                {
                    "change": visibility.under(who, access.OFFICERS_WRITE, **reach),
                    "transfer": serving & visibility.under(who, access.OFFICERS_TRANSFER, **reach),
                    "reclassify": serving & visibility.under(who, access.OFFICERS_RECLASSIFY, **reach),
                    "leave": serving & visibility.under(who, access.OFFICERS_LEAVE, **reach),
                    "rejoin": ~serving & visibility.under(who, access.OFFICERS_REJOIN, **reach),
                    "identity_disclosure": visibility.under(who, access.OFFICERS_DISCLOSE, **reach),
                }
            ),
            "version": Officer.version,
            "created_at": answers.moment(Officer.created_at),
        }
    )


def _serving_on(day: Any) -> ColumnElement[bool]:
    return and_(Officer.hired_on <= day, or_(Officer.left_on.is_(None), Officer.left_on >= day))


OFFICERS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "unit_id": reads.equals(Officer.unit_id),
        "kind": reads.equals(Officer.kind),
        "in_service_on": reads.Filter(Date(), _serving_on),
        "external_system": reads.equals(Officer.external_system),
        "external_id": reads.equals(Officer.external_id),
    },
)
OFFICER = reads.Single(body=body, version=Officer.version, key=Officer.id, visible_to=visible_to)


async def search(session: Session, who: Principal, condition: ColumnElement[bool]) -> list[str]:
    """Officers the caller may see that meet the condition, as JSON texts; the newest 50."""
    statement = select(reads.body_for(body, who)).where(visible_to(who), condition)
    statement = statement.order_by(Officer.created_at.desc(), Officer.id.desc()).limit(SEARCH_LIMIT)
    return list((await session.execute(statement)).scalars())


def has_index(indexes: Sequence[bytes]) -> ColumnElement[bool]:
    """Officers whose identity number has one of these blind indexes."""
    return Officer.id_index.in_(indexes)


def is_named(beginning: str) -> ColumnElement[bool]:
    """Officers whose name begins so."""
    return func.starts_with(Officer.name, beginning)


async def one_for_update(session: Session, who: Principal, officer_id: UUID, version: int) -> Officer:
    """The row, locked; NotFound, Stale."""
    officer = await _locked(session, who, Officer.id == officer_id)
    if officer is None:
        raise errors.NotFound
    preconditions.expect(officer.version, version)
    return officer


async def lock(session: Session, who: Principal, officer_id: UUID, pointer: str = "/body/officer_id") -> Officer:
    """The officer a body names, locked against other writers of the same person; BadInput when there is none."""
    officer = await _locked(session, who, Officer.id == officer_id)
    if officer is None:
        raise errors.BadInput(errors.Fault(pointer, "not_found"))
    return officer


async def lock_all(session: Session, officer_ids: Iterable[UUID]) -> dict[UUID, Officer]:
    """Officers locked in the order of their ids, so that two writers never wait for each other crosswise."""
    statement = select(Officer).where(Officer.id.in_(list(officer_ids))).order_by(Officer.id)
    found = (await session.execute(statement.with_for_update(key_share=True))).scalars()
    return {officer.id: officer for officer in found}


async def _locked(session: Session, who: Principal, condition: ColumnElement[bool]) -> Officer | None:
    statement = select(Officer).where(condition, visible_to(who)).with_for_update(key_share=True)
    found: Officer | None = (await session.execute(statement)).scalar_one_or_none()
    return found


async def with_number(session: Session, who: Principal, officer_id: UUID) -> Officer:
    """The officer with the sealed number; NotFound."""
    statement = select(Officer).where(Officer.id == officer_id, visible_to(who)).options(undefer(Officer.id_number))
    officer = (await session.execute(statement)).scalar_one_or_none()
    if officer is None:
        raise errors.NotFound
    return officer


async def invisible(session: Session, who: Principal, officer_ids: Sequence[UUID]) -> set[UUID]:
    """Those of the ids behind which the caller sees no officer."""
    statement = select(Officer.id).where(Officer.id.in_(officer_ids), visible_to(who))
    return set(officer_ids) - set((await session.execute(statement)).scalars())


async def take_turn(session: Session, district_id: UUID) -> None:
    """Who comes into a district's service comes one after another, so that nobody is written down twice at once."""
    await session.execute(TAKE_TURN, {"district": str(district_id)})


async def is_held(session: Session, officer: Officer, indexes: Sequence[bytes]) -> bool:
    """Whether another officer in the district's service has an identity number with one of these blind indexes."""
    statement = select(Officer.id).where(
        Officer.district_id == officer.district_id,
        Officer.id_index.in_(indexes),
        Officer.id != officer.id,
        Officer.left_on.is_(None),
    )
    with session.no_autoflush:
        return (await session.execute(statement.limit(1))).first() is not None


@dataclass(frozen=True, slots=True)
class Units:
    """Units asked for, and those of them and of the units above them that enforce."""

    units: dict[UUID, references.Unit]
    enforcing: frozenset[UUID]


async def units_around(session: Session, unit_ids: Iterable[UUID]) -> Units:
    """These units, and which of them and of the units above them enforce."""
    units = await references.some_units(session, set(unit_ids))
    above = {part for unit in units.values() for part in unit.path} - units.keys()
    found = units | (await references.some_units(session, above) if above else {})
    return Units(units, frozenset(key for key, unit in found.items() if unit.enforcement))


async def timeline(session: Session, officer_id: UUID) -> rules.Timeline:
    """Service over time as known now."""
    return (await timelines(session, [officer_id]))[officer_id]


async def timelines(session: Session, officer_ids: Iterable[UUID]) -> dict[UUID, rules.Timeline]:
    """Service over time of many officers."""
    wanted = list(officer_ids)
    statement = select(OfficerUnit).where(OfficerUnit.officer_id.in_(wanted), OfficerUnit.superseded_at.is_(None))
    found: dict[UUID, rules.Timeline] = dict.fromkeys(wanted, ())
    for row in (await session.execute(statement.order_by(OfficerUnit.from_on))).scalars():
        found[row.officer_id] += (rules.Spell(row.unit_id, rules.OfficerKind(row.kind), row.from_on, row.to_on),)
    return found


async def rewrite(session: Session, officer: Officer, known: rules.Timeline, wanted: rules.Timeline, now: datetime) -> None:
    """Makes this the officer's service as known from now on; rows that no longer hold are superseded, never changed."""
    gone = [spell.from_on for spell in known if spell not in wanted]
    current = (OfficerUnit.officer_id == officer.id) & OfficerUnit.superseded_at.is_(None)
    if gone:
        await session.execute(update(OfficerUnit).where(current, OfficerUnit.from_on.in_(gone)).values(superseded_at=now))
    await begin(session, [(officer, spell) for spell in wanted if spell not in known], now)


async def begin(session: Session, spells: Sequence[tuple[Officer, rules.Spell]], now: datetime) -> None:
    """Adds spells of service, as known from now on."""
    if spells:
        await session.execute(insert(OfficerUnit), [_row(officer, spell, now) for officer, spell in spells])


def _row(officer: Officer, spell: rules.Spell, now: datetime) -> dict[str, Any]:
    return {
        "id": ids.new_id(),
        "officer_id": officer.id,
        "district_id": officer.district_id,
        "unit_id": spell.unit_id,
        "kind": spell.kind.value,
        "from_on": spell.from_on,
        "to_on": spell.to_on,
        "recorded_at": now,
    }
