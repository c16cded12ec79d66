"""Reads and locks of document templates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select

from services.cases_api import access
from services.cases_api.document_templates import rules
from services.cases_api.document_templates.rules import State
from services.cases_api.document_templates.schemas import DocumentTemplateFilter
from services.cases_api.document_templates.tables import DocumentTemplate
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.rights import Right

Row = DocumentTemplate
PUBLIC = [state.value for state in sorted(rules.PUBLIC)]
VERBS: Mapping[str, Right] = {
    "change": access.DOCUMENT_TEMPLATES_WRITE,
    "publish": access.DOCUMENT_TEMPLATES_PUBLISH,
    "drop": access.DOCUMENT_TEMPLATES_WRITE,
    "repeal": access.DOCUMENT_TEMPLATES_PUBLISH,
}
PLAIN = (
    "id", "district_id", "unit_id", "type", "title", "elements", "reasoned", "source", "in_force_from", "in_force_to", "state",
    "published_on", "public_address", "reason", "created_by", "version",
)  # fmt: skip


def body(who: Principal) -> ColumnElement[Any]:
    """A version as the caller reads it."""
    return answers.json_object(
        {name: getattr(Row, name) for name in PLAIN}
        | {
            "attachment_ids": func.to_json(Row.attachment_ids),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
            "created_at": answers.moment(Row.created_at),
        }
    )


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    reached = visibility.under(who, VERBS[verb], district=Row.district_id, unit=Row.unit_id)
    return and_(Row.state.in_(sorted(rules.MOVES[verb])), reached)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter: what is public in the district or came with the system; drafts of units one may write for."""
    in_district = visibility.within(who, district=Row.district_id, unit=Row.unit_id)
    own = visibility.under(who, access.DOCUMENT_TEMPLATES_WRITE, district=Row.district_id, unit=Row.unit_id)
    return or_(Row.district_id.is_(None), and_(in_district, or_(Row.state.in_(PUBLIC), own)))


def in_force(day: Any) -> ColumnElement[bool]:
    """Versions that hold on a day, also those no longer in force today."""
    return and_(Row.state.in_(PUBLIC), Row.in_force_from <= day, or_(Row.in_force_to.is_(None), Row.in_force_to >= day))


async def page(read: Reader, who: Principal, wanted: DocumentTemplateFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of versions by the day they begin to hold."""
    named = wanted.model_dump(include={"unit_id", "type", "state"}, exclude_none=True)
    filters = [getattr(Row, name) == value for name, value in named.items()]
    filters += [in_force(wanted.on)] if wanted.on is not None else []
    order = pagination.Order((Row.in_force_from, Row.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, template_id: UUID) -> answers.One:
    """One version; NotFound also when the caller may not see it."""
    return await answers.read_one(connection, select(body(who), Row.version).where(Row.id == template_id, visible_to(who)))


async def one_for_update(session: Session, who: Principal, template_id: UUID, version: int) -> DocumentTemplate:
    """The row, locked, of a unit within the caller's reach; NotFound, Stale."""
    reach = visibility.within(who, district=Row.district_id, unit=Row.unit_id)
    found = (await session.execute(select(Row).where(Row.id == template_id, reach).with_for_update())).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def current(session: Session, of: DocumentTemplate, day: date) -> DocumentTemplate | None:
    """The version of the same unit, or of the district, that holds on the day or later, locked. One publication of a type after
    the other.
    """
    turn = func.hashtextextended(f"document template {of.district_id} {of.unit_id} {of.type}", 350111)
    await session.execute(select(func.pg_advisory_xact_lock(turn)))
    place = (Row.district_id == of.district_id, Row.unit_id.is_not_distinct_from(of.unit_id))
    same = (*place, Row.type == of.type, Row.state == State.PUBLISHED)
    holds = or_(Row.in_force_to.is_(None), Row.in_force_to >= day)
    statement = select(Row).where(*same, holds).order_by(Row.in_force_from.desc()).limit(1).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()
