"""Routes of the chain of class hours."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import Query, Request, Response
from fastapi.responses import StreamingResponse

from services.kit import answers, exports, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, RuntimeDep
from services.training_api import access
from services.training_api.ledger import actions, queries, rules
from services.training_api.ledger.schemas import DailyHeadPage, HeadFilter, HeadOut, VerificationOut

router = routing.router("/v1/ledger", "ledger")

LINES = "application/x-ndjson"
OPEN: dict[str, Any] = {"security": []}
EXPORTED: dict[int | str, dict[str, Any]] = {200: {"content": {LINES: {"schema": {"type": "string"}}}}}


@router.get("/verification", response_model=VerificationOut, summary="校验学时链")
async def verification(who: access.MayReadLedger, read: ReadDep, process: RuntimeDep) -> Response:
    """Recomputes the chain of the district and names the first entry that was changed, removed, put in or reordered.

    `checked` counts links (entries and decisions), `waiting` those recorded but not sealed yet. Fault `head`: the chain
    holds, but not with what was signed on an earlier day. A long chain is recomputed while the answer is under way.
    """
    district_id, seal = queries.district_of(who), process.extras["ledger_seal"]
    known = await actions.check_part(read, seal, district_id, rules.Checked())
    if known.is_over:
        return Response(json.dumps(known.told()), media_type="application/json")
    return StreamingResponse(actions.check_rest(process.database, seal, district_id, known), media_type="application/json")


@router.get("/head", response_model=HeadOut, summary="学时链的末端")
async def head(who: access.MayReadLedger, read: ReadDep, process: RuntimeDep, now: Now) -> Response:
    """The newest link of the district's chain, signed, for others to keep. `signature` is a compact JWS of the other fields."""
    told = await actions.head(read, process.extras["ledger_seal"], queries.district_of(who), now)
    return Response(told, media_type="application/json")


@router.get("/heads", response_model=DailyHeadPage, summary="每日学时链末端")
async def heads(
    wanted: Annotated[HeadFilter, Query()], who: access.MayReadLedger, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The heads as they were when each day was over, signed the night after; the latest first."""
    return cursors.answer(await queries.HEADS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/keys", response_model=fields.KeysOut, summary="学时链签名公钥", openapi_extra=OPEN)
async def keys(process: RuntimeDep) -> Response:
    """The public keys that heads are signed with (RFC 7517); they sign no tokens."""
    return Response(process.extras["ledger_jwks"], media_type="application/json")


@router.get("/export", response_class=Response, responses=EXPORTED, summary="导出学时链")
async def export(request: Request, who: access.MayExportLedger, process: RuntimeDep) -> StreamingResponse:
    """The whole chain of the district in its order, one JSON object a line, holding what the hashes cover and no more.

    With a head kept earlier anybody can check it without this system: `zhifa hours verify FILE --head HEADFILE`.
    """
    district_id = queries.district_of(who)
    await exports.audited(request, process, who, "ledger", {})
    headers = {"Content-Disposition": answers.file_name_header("ledger.jsonl")}
    return StreamingResponse(actions.export(process.database, district_id), media_type=LINES, headers=headers)
