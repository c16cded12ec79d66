"""Reads of plans: one statement each, JSON made by the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Column, ColumnElement, DateTime, Integer, MetaData, Table, Text, Uuid, func, select
from sqlalchemy.orm.attributes import flag_modified

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api.plans.tables import Plan

# Handles only: tasks and versions stand on plans, not the other way round.
ABOVE = MetaData(schema="tasks")
TASKS = Table("tasks", ABOVE, Column("plan_id", Uuid), Column("kind", Text), Column("ended_at", DateTime(timezone=True)))
VERSIONS = Table("plan_versions", ABOVE, Column("plan_id", Uuid), Column("number", Integer))


def _count(kind: str) -> ColumnElement[Any]:
    asked = (TASKS.c.plan_id == Plan.id, TASKS.c.kind == kind, TASKS.c.ended_at.is_(None))
    return select(func.count()).where(*asked).correlate(Plan).scalar_subquery()


LAST_VERSION = select(func.max(VERSIONS.c.number)).where(VERSIONS.c.plan_id == Plan.id).correlate(Plan).scalar_subquery()
BODY = answers.json_object(
    {
        "id": Plan.id,
        "district_id": Plan.district_id,
        "title": Plan.title,
        "region_code": Plan.region_code,
        "region_name": Plan.region_name,
        "document_no": Plan.document_no,
        "issued_on": Plan.issued_on,
        "goals": Plan.goals,
        "period_start": Plan.period_start,
        "period_end": Plan.period_end,
        "state": Plan.state,
        "tasks": _count("task"),
        "requirements": _count("requirement"),
        "version_number": LAST_VERSION,
        "content_sha256": Plan.content_sha256,
        "warnings": Plan.warnings,
        "external_system": Plan.external_system,
        "external_id": Plan.external_id,
        "activated_at": answers.moment(Plan.activated_at),
        "closed_at": answers.moment(Plan.closed_at),
        "version": Plan.version,
        "created_at": answers.moment(Plan.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of plans."""
    return visibility.within(who, district=Plan.district_id)


PLANS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-created_at": pagination.Order((Plan.created_at, Plan.id))},
    filters={
        "state": reads.equals(Plan.state),
        "region_code": reads.equals(Plan.region_code),
        "external_id": reads.equals(Plan.external_id),
    },
)
PLAN = reads.Single(body=BODY, version=Plan.version, key=Plan.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, plan_id: UUID, version: int) -> Plan:
    """The row, locked; NotFound, Stale."""
    statement = select(Plan).where(Plan.id == plan_id, visible_to(who)).with_for_update()
    plan = (await session.execute(statement)).scalar_one_or_none()
    if plan is None:
        raise errors.NotFound
    preconditions.expect(plan.version, version)
    return plan


def touch(plan: Plan) -> None:
    """Gives the row its next version though only its tasks changed."""
    flag_modified(plan, "title")


async def draft_of(session: Session, who: Principal, plan_id: UUID) -> Plan:
    """A draft of the caller's district, locked in share; BadInput (draft_id) when there is none."""
    wanted = select(Plan).where(Plan.id == plan_id, Plan.state == "draft", visible_to(who)).with_for_update(read=True)
    plan = (await session.execute(wanted)).scalar_one_or_none()
    if plan is None:
        raise errors.BadInput(errors.Fault("/body/draft_id", "not_found"))
    return plan


async def of_task(session: Session, plan_id: UUID) -> Plan:
    """The plan a visible task belongs to; locked in share, so that it is not activated meanwhile."""
    return (await session.execute(select(Plan).where(Plan.id == plan_id).with_for_update(read=True))).scalar_one()
