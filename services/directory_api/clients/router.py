"""Routes of machine clients."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query, Request, Response

from services.directory_api import access
from services.directory_api.accounts.rules import AccountState
from services.directory_api.clients import actions, queries
from services.directory_api.clients.schemas import ClientFilter, ClientIn, ClientOut, ClientPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/clients", "clients")

# An answer that shows a secret once is not kept for a replay.
ONCE = {routing.NEVER_KEPT: True}


@router.get("", response_model=ClientPage, summary="机器客户端列表")
async def page(
    wanted: Annotated[ClientFilter, Query()], who: access.MayManageClients, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Machine clients by name."""
    return cursors.answer(await queries.CLIENTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ClientOut, status_code=201, summary="新增机器客户端", openapi_extra=ONCE)
async def create(request: Request, wanted: ClientIn, who: access.MayManageClients, session: SessionDep, now: Now) -> Response:
    """Adds a client; its random secret is told here, once."""
    client, secret = await actions.create(session, who, wanted, now)
    found = await queries.CLIENT.one(session, who, client.id)
    return answers.created(request, _with_secret(found, secret), f"/v1/clients/{client.id}")


@router.get("/{client_id}", response_model=ClientOut, summary="机器客户端")
async def one(request: Request, client_id: fields.Id, who: access.MayManageClients, read: ReadDep) -> Response:
    """One client."""
    return answers.one(request, await queries.CLIENT.one(read, who, client_id))


@router.post("/{client_id}/rotate-secret", response_model=ClientOut, summary="更换密钥", openapi_extra=ONCE)
async def rotate_secret(
    request: Request, client_id: fields.Id, who: access.MayManageClients, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """A new secret, told once; the old one ends at once."""
    secret = await actions.rotate_secret(session, who, client_id, version, now)
    return answers.one(request, _with_secret(await queries.CLIENT.one(session, who, client_id), secret))


@router.post("/{client_id}/disable", response_model=ClientOut, summary="停用机器客户端")
async def disable(
    request: Request, client_id: fields.Id, who: access.MayManageClients, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Ends the client's tokens within seconds."""
    await actions.set_state(session, who, client_id, version, AccountState.DISABLED, now)
    return answers.one(request, await queries.CLIENT.one(session, who, client_id))


@router.post("/{client_id}/enable", response_model=ClientOut, summary="启用机器客户端")
async def enable(
    request: Request, client_id: fields.Id, who: access.MayManageClients, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Lets the client in again."""
    await actions.set_state(session, who, client_id, version, AccountState.ACTIVE, now)
    return answers.one(request, await queries.CLIENT.one(session, who, client_id))


def _with_secret(found: answers.One, secret: str) -> answers.One:
    return answers.One(json.dumps(json.loads(found.body) | {"client_secret": secret}, ensure_ascii=False), found.version)
