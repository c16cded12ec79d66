"""Reads of rubrics: one statement each, JSON made by the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from services.cases_api import access
from services.cases_api.rubrics import rules
from services.cases_api.rubrics.schemas import RubricFilter
from services.cases_api.rubrics.tables import Rubric
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

CONTENT = ("title", "basis", "assumed", "kinds", "procedures", "blocks", "vetoes", "grades")


def body(who: Principal) -> ColumnElement[Any]:
    """The rubric as the caller reads it: its content unfolded."""
    return answers.json_object(
        {
            "id": Rubric.id,
            "district_id": Rubric.district_id,
            "replaces_id": Rubric.replaces_id,
            "state": Rubric.state,
            **{name: Rubric.content[name] for name in CONTENT},
            "content_hash": Rubric.content_hash,
            "structure_hash": Rubric.structure_hash,
            "created_at": answers.moment(Rubric.created_at),
            "published_at": answers.moment(Rubric.published_at),
            "superseded_at": answers.moment(Rubric.superseded_at),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in rules.MOVES}),
            "version": Rubric.version,
        }
    )


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    return and_(Rubric.state.in_(rules.MOVES[verb]), visibility.under(who, access.RUBRICS_WRITE, district=Rubric.district_id))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of rubrics: those of the district; drafts are for those who write them."""
    district = visibility.within(who, district=Rubric.district_id)
    return district if Role.BUREAU in who.roles else and_(district, Rubric.state != rules.State.DRAFT)


async def page(read: Reader, who: Principal, wanted: RubricFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of rubrics by the time they were made."""
    found = select(body(who)).where(visible_to(who), *_filters(wanted))
    order = pagination.Order((Rubric.created_at, Rubric.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, found, order, wanted, start)


def _filters(wanted: RubricFilter) -> list[ColumnElement[bool]]:
    named = wanted.model_dump(include={"state", "content_hash"}, exclude_none=True)
    found = [getattr(Rubric, name) == value for name, value in named.items()]
    if wanted.kind is not None:
        found.append(or_(~Rubric.content.has_key("kinds"), Rubric.content["kinds"].contains([wanted.kind.value])))
    return found


async def one(connection: Reader | Session, who: Principal, rubric_id: UUID) -> answers.One:
    """One rubric; NotFound also when the caller may not see it."""
    return await answers.read_one(connection, select(body(who), Rubric.version).where(Rubric.id == rubric_id, visible_to(who)))


async def content(connection: Reader | Session, who: Principal, rubric_id: UUID) -> tuple[dict[str, Any], int]:
    """The content that was hashed, with the row's version."""
    statement = select(Rubric.content, Rubric.version).where(Rubric.id == rubric_id, visible_to(who))
    row = (await connection.execute(statement)).one_or_none()
    if row is None:
        raise errors.NotFound
    return row.content, row.version


async def one_for_update(session: Session, who: Principal, rubric_id: UUID, version: int) -> Rubric:
    """The row, locked; NotFound, Stale."""
    rubric = await _locked(session, who, rubric_id)
    if rubric is None:
        raise errors.NotFound
    preconditions.expect(rubric.version, version)
    return rubric


async def replaced_for_update(session: Session, who: Principal, rubric_id: UUID | None) -> Rubric | None:
    """The rubric that a draft shall replace, locked; BadInput when there is none, None when none is named."""
    if rubric_id is None:
        return None
    rubric = await _locked(session, who, rubric_id)
    if rubric is None:
        raise errors.BadInput(errors.Fault("/body/replaces_id", "not_found"))
    return rubric


async def _locked(session: Session, who: Principal, rubric_id: UUID) -> Rubric | None:
    statement = select(Rubric).where(Rubric.id == rubric_id, visible_to(who)).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def published(session: Session, district_id: UUID, rubric_id: UUID) -> Rubric:
    """A published rubric of the district for a campaign to use; BadInput when there is none, NotPublished."""
    statement = select(Rubric).where(Rubric.id == rubric_id, Rubric.district_id == district_id).with_for_update(read=True)
    rubric = (await session.execute(statement)).scalar_one_or_none()
    if rubric is None:
        raise errors.BadInput(errors.Fault("/body/rubric_id", "not_found"))
    if rubric.state != rules.State.PUBLISHED:
        raise rules.NotPublished
    return rubric
