"""Reads of awards."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.awards import rules
from services.training_api.awards.rules import Verb
from services.training_api.awards.tables import Award

LATEST = pagination.Order((Award.awarded_on, Award.id))
REACH: dict[str, Any] = {"district": Award.district_id, "unit": Award.unit_id}
PLAIN = (
    "id", "district_id", "unit_id", "officer_id", "kind", "level", "title", "awarded_on", "awarded_by", "document_no",
    "attachment_ids", "state", "void_reason", "external_system", "external_id", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of awards: by the unit that was served in, or honoured."""
    return visibility.within(who, **REACH)


def body(who: Principal) -> ColumnElement[Any]:
    """An award as this caller sees it."""
    rights = {Verb.CHANGE: access.AWARDS_WRITE, Verb.VOID: access.AWARDS_VOID}
    allowed = {
        verb.value: Award.state.in_([state.value for state in rules.MOVES[verb]]) & visibility.under(who, right, **REACH)
        for verb, right in rights.items()
    }
    return answers.json_object(
        {name: getattr(Award, name) for name in PLAIN}
        | {"allowed_actions": answers.allowed_actions(allowed), "created_at": answers.moment(Award.created_at)}
    )


AWARDS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-awarded_on": LATEST, "awarded_on": pagination.Order(LATEST.columns, descending=False)},
    filters={
        "officer_id": reads.equals(Award.officer_id),
        "unit_id": reads.equals(Award.unit_id),
        "kind": reads.equals(Award.kind),
        "level": reads.equals(Award.level),
        "state": reads.equals(Award.state),
        "awarded_on__gte": reads.at_least(Award.awarded_on),
        "awarded_on__lte": reads.at_most(Award.awarded_on),
    },
)
AWARD = reads.Single(body=body, version=Award.version, key=Award.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, award_id: UUID, version: int) -> Award:
    """The row, locked; NotFound, Stale."""
    statement = select(Award).where(Award.id == award_id, visible_to(who)).with_for_update()
    found: Award | None = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def has_external_id(session: Session, district_id: UUID, system: str, external_id: str) -> bool:
    """Whether the external id is taken in the district."""
    named = (Award.district_id == district_id, Award.external_system == system, Award.external_id == external_id)
    return (await session.execute(select(Award.id).where(*named))).first() is not None
