"""Reads of endpoints, and of those they belong to."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, delete, func, literal, select, true, union_all

from services.directory_api.accounts.tables import Account
from services.directory_api.changes.tables import feed
from services.directory_api.clients.tables import Client
from services.directory_api.units.tables import Unit
from services.directory_api.webhook_endpoints.rules import State
from services.directory_api.webhook_endpoints.tables import WebhookEndpoint, WebhookProgress
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

ENABLED = WebhookEndpoint.state == State.ENABLED.value
ALLOWED = answers.allowed_actions(
    {"change": true(), "rotate-secret": true(), "test": true(), "disable": ENABLED, "enable": ~ENABLED, "delete": true()}
)
BODY = answers.json_object(
    {
        "id": WebhookEndpoint.id,
        "owner_id": WebhookEndpoint.owner_id,
        "owner_kind": WebhookEndpoint.owner_kind,
        "district_id": WebhookEndpoint.district_id,
        "url": WebhookEndpoint.url,
        "description": WebhookEndpoint.description,
        "event_types": WebhookEndpoint.event_types,
        "unit_id": WebhookEndpoint.unit_id,
        "state": WebhookEndpoint.state,
        "disabled_why": WebhookEndpoint.disabled_why,
        "disabled_at": answers.moment(WebhookEndpoint.disabled_at),
        "previous_until": answers.moment(WebhookEndpoint.previous_until),
        "position": WebhookProgress.position,
        "failures": WebhookProgress.failures,
        "failing_since": answers.moment(WebhookProgress.failing_since),
        "paused_until": answers.moment(WebhookProgress.paused_until),
        "last_delivered_at": answers.moment(WebhookProgress.last_delivered_at),
        "allowed_actions": ALLOWED,
        "version": WebhookEndpoint.version,
        "created_at": answers.moment(WebhookEndpoint.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of endpoints and their deliveries."""
    own = WebhookEndpoint.owner_id == visibility.me(who)
    return visibility.within(who, district=WebhookEndpoint.district_id, own=own)


def _with_progress(statement: Select[Any]) -> Select[Any]:
    joined = WebhookEndpoint.__table__.join(WebhookProgress.__table__, WebhookProgress.endpoint_id == WebhookEndpoint.id)
    return statement.select_from(joined)


ENDPOINTS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"-created_at": pagination.Order((WebhookEndpoint.created_at, WebhookEndpoint.id))},
    filters={"state": reads.equals(WebhookEndpoint.state), "owner_id": reads.equals(WebhookEndpoint.owner_id)},
    source=_with_progress,
)
ENDPOINT = reads.Single(
    body=BODY, version=WebhookEndpoint.version, key=WebhookEndpoint.id, visible_to=visible_to, source=_with_progress
)


async def one_for_update(session: Session, who: Principal, endpoint_id: UUID, version: int) -> WebhookEndpoint:
    """The row, locked; NotFound, Stale."""
    found = select(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id, visible_to(who)).with_for_update()
    endpoint = (await session.execute(found)).scalar_one_or_none()
    if endpoint is None:
        raise errors.NotFound
    preconditions.expect(endpoint.version, version)
    return endpoint


async def progress_for_update(session: Session, endpoint_id: UUID) -> WebhookProgress:
    """How far the endpoint has come, locked."""
    found = select(WebhookProgress).where(WebhookProgress.endpoint_id == endpoint_id).with_for_update()
    return (await session.execute(found)).scalar_one()


async def remove(session: Session, endpoint_id: UUID) -> None:
    """Takes the endpoint away with its deliveries."""
    await session.execute(delete(WebhookEndpoint).where(WebhookEndpoint.id == endpoint_id))


async def owned(session: Session, owner_id: UUID) -> int:
    """How many endpoints somebody has; two that are made at once wait for each other here."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(owner_id), 350_111))))
    counted = select(func.count()).where(WebhookEndpoint.owner_id == owner_id)
    return int((await session.execute(counted)).scalar_one())


async def newest_place(session: Session) -> int:
    """The end of the feed."""
    return int((await session.execute(select(func.coalesce(func.max(feed.c.sequence), 0)))).scalar_one())


async def owner(connection: Session | Reader, owner_id: UUID) -> tuple[Principal, bool, bool] | None:
    """Who this id stands for as of now, whether it may sign in, and whether it is a machine client."""

    def columns(of: type[Account] | type[Client], name: Any, machine: bool) -> Select[Any]:
        state = (of.state == "active").label("active")
        return select(name.label("name"), of.roles, of.unit_id, state, literal(machine).label("machine")).where(of.id == owner_id)

    either = union_all(columns(Account, Account.display_name, False), columns(Client, Client.name, True)).subquery()
    found = select(either, Unit.path).select_from(either.outerjoin(Unit, Unit.id == either.c.unit_id))
    row: Any = (await connection.execute(found)).first()
    if row is None:
        return None
    person = Principal(owner_id, row.name, frozenset(map(Role, row.roles)), row.unit_id, tuple(row.path or ()))
    return person, row.active, row.machine
