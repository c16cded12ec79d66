"""Routes of endpoints."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query, Request, Response

from services.directory_api import access
from services.directory_api.webhook_endpoints import actions, queries
from services.directory_api.webhook_endpoints.schemas import (
    EndpointChange,
    EndpointFilter,
    EndpointIn,
    EndpointOut,
    EndpointPage,
    RotationIn,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep

router = routing.router("/v1/webhook-endpoints", "webhook-endpoints")

# An answer that shows a secret once is not kept for a replay.
ONCE = {routing.NEVER_KEPT: True}


@router.get("", response_model=EndpointPage, summary="推送端点列表")
async def page(
    wanted: Annotated[EndpointFilter, Query()], who: access.MayReadWebhooks, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Endpoints, the newest first: a machine client sees its own, the bureau those of its district."""
    return cursors.answer(await queries.ENDPOINTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=EndpointOut, status_code=201, summary="新增推送端点", openapi_extra=ONCE)
async def create(
    request: Request, wanted: EndpointIn, who: access.MayManageWebhooks, session: SessionDep, now: Now, process: RuntimeDep
) -> Response:
    """Adds an endpoint, told of every change from now on that its owner may see; its secret is shown here, once.

    Messages follow Standard Webhooks: `webhook-id`, `webhook-timestamp` and `webhook-signature` stand in the header, the body
    names type, object and version, and the object itself is read where it lives.
    """
    vault, allowed = process.extras["webhook_vault"], process.settings.webhook_targets
    endpoint, secret = await actions.create(session, who, wanted, vault, allowed, now)
    found = await queries.ENDPOINT.one(session, who, endpoint.id)
    return answers.created(request, _with_secret(found, secret), f"/v1/webhook-endpoints/{endpoint.id}")


@router.get("/{endpoint_id}", response_model=EndpointOut, summary="推送端点")
async def one(request: Request, endpoint_id: fields.Id, who: access.MayReadWebhooks, read: ReadDep) -> Response:
    """One endpoint, with how far it has come."""
    return answers.one(request, await queries.ENDPOINT.one(read, who, endpoint_id))


@router.patch("/{endpoint_id}", response_model=EndpointOut, summary="修改推送端点")
async def change(
    request: Request,
    endpoint_id: fields.Id,
    wanted: EndpointChange,
    who: access.MayManageWebhooks,
    version: IfMatch,
    session: SessionDep,
    process: RuntimeDep,
) -> Response:
    """Changes address, description or filter; what is not sent stays."""
    await actions.change(session, who, endpoint_id, version, wanted, process.settings.webhook_targets)
    return answers.one(request, await queries.ENDPOINT.one(session, who, endpoint_id))


@router.delete("/{endpoint_id}", status_code=204, summary="删除推送端点")
async def remove(endpoint_id: fields.Id, who: access.MayManageWebhooks, version: IfMatch, session: SessionDep) -> Response:
    """Takes an endpoint away together with its delivery log."""
    await actions.remove(session, who, endpoint_id, version)
    return Response(status_code=204)


@router.post("/{endpoint_id}/rotate-secret", response_model=EndpointOut, summary="更换签名密钥", openapi_extra=ONCE)
async def rotate_secret(
    request: Request,
    endpoint_id: fields.Id,
    who: access.MayManageWebhooks,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    process: RuntimeDep,
    wanted: RotationIn | None = None,
) -> Response:
    """A new secret, shown once. Until `previous_until` each message carries two signatures, with the new and the old secret."""
    hours = (wanted or RotationIn()).overlap_hours
    secret = await actions.rotate_secret(session, who, endpoint_id, version, hours, process.extras["webhook_vault"], now)
    return answers.one(request, _with_secret(await queries.ENDPOINT.one(session, who, endpoint_id), secret))


@router.post("/{endpoint_id}/disable", response_model=EndpointOut, summary="停用推送端点")
async def disable(
    request: Request, endpoint_id: fields.Id, who: access.MayManageWebhooks, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Sends nothing any more, until it is enabled again."""
    await actions.disable(session, who, endpoint_id, version, now)
    return answers.one(request, await queries.ENDPOINT.one(session, who, endpoint_id))


@router.post("/{endpoint_id}/enable", response_model=EndpointOut, summary="启用推送端点")
async def enable(
    request: Request, endpoint_id: fields.Id, who: access.MayManageWebhooks, version: IfMatch, session: SessionDep
) -> Response:
    """Goes on where it stopped, so that nothing said meanwhile is missed."""
    await actions.enable(session, who, endpoint_id, version)
    return answers.one(request, await queries.ENDPOINT.one(session, who, endpoint_id))


def _with_secret(found: answers.One, secret: str) -> answers.One:
    return answers.One(json.dumps(json.loads(found.body) | {"secret": secret}, ensure_ascii=False), found.version)
