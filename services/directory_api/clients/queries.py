"""Reads of machine clients."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.directory_api.clients.tables import Client
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": Client.id,
        "client_id": Client.client_id,
        "name": Client.name,
        "roles": Client.roles,
        "unit_id": Client.unit_id,
        "state": Client.state,
        "version": Client.version,
        "created_at": answers.moment(Client.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of clients."""
    return visibility.within(who)


CLIENTS = reads.Listing(
    body=BODY,
    visible_to=visible_to,
    orders={"client_id": pagination.Order((Client.client_id, Client.id), descending=False)},
    filters={"state": reads.equals(Client.state)},
)
CLIENT = reads.Single(body=BODY, version=Client.version, key=Client.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, client_id: UUID, version: int) -> Client:
    """The row, locked; NotFound, Stale."""
    found = select(Client).where(Client.id == client_id, visible_to(who)).with_for_update()
    client = (await session.execute(found)).scalar_one_or_none()
    if client is None:
        raise errors.NotFound
    preconditions.expect(client.version, version)
    return client


async def by_client_id(session: Session, client_id: str) -> Client | None:
    """The client that signs in under this name."""
    return (await session.execute(select(Client).where(Client.client_id == client_id))).scalar_one_or_none()
