"""Routes of the audit trail."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from services.directory_api import access
from services.directory_api.audit_events import actions, queries
from services.directory_api.audit_events.schemas import (
    AuditEventFilter,
    AuditEventOut,
    AuditEventPage,
    HeadOut,
    HeadQuery,
    VerificationOut,
    VerificationQuery,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, RuntimeDep

# What a signed head is, beside other things a key may come to sign.
HEAD_TYPE = "zhifa-audit-head"
OPEN: dict[str, Any] = {"security": []}
router = routing.router("/v1/audit-events", "audit-events")
JSON = "application/json"


@router.get("", response_model=AuditEventPage, summary="审计记录列表")
async def page(
    wanted: Annotated[AuditEventFilter, Query()], who: access.MayReadAudit, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The trail, newest first; filter by actor, object, action and time."""
    return cursors.answer(await queries.AUDIT_EVENTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/verification", response_model=VerificationOut, response_model_exclude_none=True, summary="校验审计链")
async def verification(
    wanted: Annotated[VerificationQuery, Query()], who: access.MayReadAudit, read: ReadDep, process: RuntimeDep
) -> Response:
    """Recomputes the hash chain and names the first row that was changed, removed or put in.

    A long trail is verified in stretches: as long as `next_after` is told, go on with it as `after`. Behind the last link
    all rows are looked for in the chain; of a long trail while the answer is under way.
    """
    found = await queries.verification(read, wanted)
    if not found.ok or found.next_after is not None:
        return Response(found.told(), media_type=JSON)
    bad, reached = await queries.unsealed(read, None, actions.ROWS)
    if reached is None:
        return Response(found.with_inserted(bad).told(), media_type=JSON)
    return StreamingResponse(actions.check_rest(process.database, found, reached), media_type=JSON)


@router.get("/head", response_model=HeadOut, summary="审计链的末端")
async def head(
    wanted: Annotated[HeadQuery, Query()], who: access.MayReadAudit, read: ReadDep, process: RuntimeDep, now: Now
) -> Response:
    """The newest link of the chain, signed, for others to keep; with `sequence` the link at that place, to compare with one kept.

    `signature` is a compact JWS of the other fields. 404 where the chain does not reach the place: it was cut off.
    """
    told = (await queries.head(read, wanted.sequence, now)).signed(process.extras["audit_seal"])
    return Response(told, media_type="application/json")


@router.get("/keys", response_model=fields.KeysOut, summary="审计链签名公钥", openapi_extra=OPEN)
async def keys(process: RuntimeDep) -> Response:
    """The public keys that heads of the trail are signed with (RFC 7517); they sign no tokens and no heads of the ledger."""
    return Response(process.extras["audit_jwks"], media_type="application/json")


@router.get("/{event_id}", response_model=AuditEventOut, summary="审计记录")
async def one(request: Request, event_id: fields.Id, who: access.MayReadAudit, read: ReadDep) -> Response:
    """One row of the trail."""
    return answers.one(request, await queries.AUDIT_EVENT.one(read, who, event_id))
