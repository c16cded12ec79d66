"""Routes of the delivery log, and what is sent on request."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query, Request, Response

from services.directory_api import access
from services.directory_api.webhook_deliveries import actions, queries
from services.directory_api.webhook_deliveries.schemas import (
    DeliveryFilter,
    DeliveryOut,
    DeliveryPage,
    RedeliveryIn,
    RedeliveryOut,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/webhook-deliveries", "webhook-deliveries")
by_endpoint = routing.router("/v1/webhook-endpoints", "webhook-deliveries")


@router.get("", response_model=DeliveryPage, summary="推送记录列表")
async def page(
    wanted: Annotated[DeliveryFilter, Query()], who: access.MayReadWebhooks, read: ReadDep, cursors: CursorsDep
) -> Response:
    """What was sent and what came of it, the newest first. Ended deliveries are kept for 30 days."""
    return cursors.answer(await queries.DELIVERIES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{delivery_id}", response_model=DeliveryOut, summary="推送记录")
async def one(request: Request, delivery_id: fields.Id, who: access.MayReadWebhooks, read: ReadDep) -> Response:
    """One delivery."""
    return answers.one(request, await queries.DELIVERY.one(read, who, delivery_id))


@router.post("/{delivery_id}/redeliver", response_model=DeliveryOut, summary="重新推送")
async def redeliver(
    request: Request, delivery_id: fields.Id, who: access.MayManageWebhooks, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Sends the message again under the same `webhook-id`, whatever became of it. 409 while the endpoint is disabled."""
    await actions.redeliver(session, who, delivery_id, version, now)
    return answers.one(request, await queries.DELIVERY.one(session, who, delivery_id))


@by_endpoint.post("/{endpoint_id}/test", response_model=DeliveryOut, status_code=202, summary="推送测试消息")
async def test(
    request: Request, endpoint_id: fields.Id, who: access.MayManageWebhooks, session: SessionDep, now: Now
) -> Response:
    """Sends a `webhook.test` at once and once, also to a disabled endpoint; what came of it is read at `Location`."""
    delivery = await actions.test(session, who, endpoint_id, now)
    found = await queries.DELIVERY.one(session, who, delivery.id)
    return answers.one(request, found, status=202, location=f"/v1/webhook-deliveries/{delivery.id}")


@by_endpoint.post("/{endpoint_id}/redeliver-failed", response_model=RedeliveryOut, summary="重新推送失败的消息")
async def redeliver_failed(
    endpoint_id: fields.Id, wanted: RedeliveryIn, who: access.MayManageWebhooks, session: SessionDep, now: Now
) -> Response:
    """Sends again all that was given up since a moment, each message under its own `webhook-id`."""
    count = await actions.redeliver_failed(session, who, endpoint_id, wanted.since, now)
    return Response(json.dumps({"deliveries": count}), media_type="application/json")
