"""Reads of exemptions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, or_, select, update
from sqlalchemy.orm import undefer

from services.kit import answers, errors, ids, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.exemptions import rules
from services.training_api.exemptions.rules import State, Verb
from services.training_api.exemptions.tables import Exemption, ExemptSpell
from services.training_api.officers.tables import Officer

NEWEST = pagination.Order((Exemption.created_at, Exemption.id))
PLAIN = ("id", "district_id", "officer_id", "reason", "waives", "from_on", "to_on")
REACH: dict[str, Any] = {"district": Exemption.district_id, "unit": Officer.unit_id}


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of exemptions: by the unit the officer belongs to now."""
    return visibility.within(who, **REACH)


def of_officers(statement: Select[Any]) -> Select[Any]:
    """Exemptions with the officers they are for."""
    return statement.select_from(Exemption).join(Officer, Officer.id == Exemption.officer_id)


def body(who: Principal) -> ColumnElement[Any]:
    """An exemption as this caller sees it."""
    return answers.json_object(
        {name: getattr(Exemption, name) for name in PLAIN}
        | {
            "unit_id": Officer.unit_id,
            "has_ground": Exemption.ground.is_not(None),
            "attachment_ids": Exemption.attachment_ids,
            "state": Exemption.state,
            "proposed_by": Exemption.proposed_by,
            "decided_by": Exemption.decided_by,
            "decided_at": answers.moment(Exemption.decided_at),
            "decision_note": Exemption.decision_note,
            "allowed_actions": answers.allowed_actions(_allowed(who)),
            "version": Exemption.version,
            "created_at": answers.moment(Exemption.created_at),
        }
    )


def _allowed(who: Principal) -> Mapping[str, ColumnElement[bool]]:
    rights = {
        Verb.CHANGE: access.EXEMPTIONS_PROPOSE,
        Verb.APPROVE: access.EXEMPTIONS_DECIDE,
        Verb.REFUSE: access.EXEMPTIONS_DECIDE,
        Verb.WITHDRAW: access.EXEMPTIONS_PROPOSE,
        Verb.END: access.EXEMPTIONS_END,
        Verb.REVOKE: access.EXEMPTIONS_DECIDE,
    }
    found: dict[str, ColumnElement[bool]] = {
        verb.value: Exemption.state.in_([state.value for state in rules.MOVES[verb]]) & visibility.under(who, right, **REACH)
        for verb, right in rights.items()
    }
    for verb in (Verb.APPROVE, Verb.REFUSE):
        found[verb.value] &= Exemption.proposed_by != visibility.me(who)
    disclosed = visibility.under(who, access.EXEMPTIONS_DISCLOSE, **REACH)
    return found | {"ground_disclosure": Exemption.ground.is_not(None) & disclosed}


def _covers(day: Any) -> ColumnElement[bool]:
    return and_(Exemption.from_on <= day, or_(Exemption.to_on.is_(None), Exemption.to_on >= day))


EXEMPTIONS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "officer_id": reads.equals(Exemption.officer_id),
        "unit_id": reads.equals(Officer.unit_id),
        "reason": reads.equals(Exemption.reason),
        "state": reads.equals(Exemption.state),
        "covers_on": reads.Filter(Date(), _covers),
    },
    source=of_officers,
)
EXEMPTION = reads.Single(body=body, version=Exemption.version, key=Exemption.id, visible_to=visible_to, source=of_officers)


async def one_for_update(session: Session, who: Principal, exemption_id: UUID, version: int) -> tuple[Exemption, Officer]:
    """The row with its officer, both locked; NotFound, Stale."""
    statement = (
        select(Exemption, Officer)
        .join(Officer, Officer.id == Exemption.officer_id)
        .where(Exemption.id == exemption_id, visible_to(who))
    )
    row = (await session.execute(statement.with_for_update(key_share=True))).one_or_none()
    if row is None:
        raise errors.NotFound
    preconditions.expect(row[0].version, version)
    return row[0], row[1]


async def with_ground(session: Session, who: Principal, exemption_id: UUID) -> tuple[Exemption, Officer]:
    """The exemption with its sealed ground; NotFound also when there is no ground."""
    statement = (
        select(Exemption, Officer)
        .join(Officer, Officer.id == Exemption.officer_id)
        .where(Exemption.id == exemption_id, visible_to(who))
    )
    row = (await session.execute(statement.options(undefer(Exemption.ground)))).one_or_none()
    if row is None or row[0].ground is None:
        raise errors.NotFound
    return row[0], row[1]


async def live_periods(session: Session, officer_id: UUID, but: UUID | None = None) -> list[rules.Period]:
    """Periods of the officer's exemptions that are asked for or hold, but for one of them."""
    statement = select(Exemption.from_on, Exemption.to_on).where(
        Exemption.officer_id == officer_id, Exemption.state.in_([State.PROPOSED.value, State.APPROVED.value])
    )
    if but is not None:
        statement = statement.where(Exemption.id != but)
    with session.no_autoflush:
        return [rules.Period(*row) for row in (await session.execute(statement)).all()]


async def hold(session: Session, exemption: Exemption, now: datetime) -> None:
    """Makes the exemption's period what holds, as known from now on."""
    await lapse(session, exemption, now)
    facts = {name: getattr(exemption, name) for name in ("officer_id", "reason", "waives", "from_on", "to_on")}
    session.add(ExemptSpell(id=ids.new_id(), exemption_id=exemption.id, recorded_at=now, **facts))


async def lapse(session: Session, exemption: Exemption, now: datetime) -> None:
    """What held of the exemption holds no longer, as known from now on."""
    current = (ExemptSpell.exemption_id == exemption.id) & ExemptSpell.superseded_at.is_(None)
    await session.execute(update(ExemptSpell).where(current).values(superseded_at=now))
