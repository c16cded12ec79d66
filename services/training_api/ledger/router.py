"""Routes of the chain of class hours."""

from __future__ import annotations

import json

from fastapi import Response
from fastapi.responses import StreamingResponse

from services.kit import routing
from services.kit.runtime import ReadDep, RuntimeDep
from services.training_api import access
from services.training_api.ledger import actions, queries, rules
from services.training_api.ledger.schemas import HeadOut, VerificationOut

router = routing.router("/v1/ledger", "ledger")


@router.get("/verification", response_model=VerificationOut, summary="校验学时链")
async def verification(who: access.MayReadLedger, read: ReadDep, process: RuntimeDep) -> Response:
    """Recomputes the chain of the district and names the first entry that was changed, removed, put in or reordered.

    `checked` counts links (entries and decisions), `waiting` those recorded but not sealed yet. A long chain is
    recomputed part by part while the answer is under way.
    """
    district_id = queries.district_of(who)
    known = await actions.check_part(read, district_id, rules.Checked())
    if known.is_over:
        return Response(json.dumps(known.told()), media_type="application/json")
    return StreamingResponse(actions.check_rest(process.database, district_id, known), media_type="application/json")


@router.get("/head", response_model=HeadOut, summary="学时链的末端")
async def head(who: access.MayReadLedger, read: ReadDep) -> Response:
    """The newest link of the district's chain, for others to keep."""
    return Response(await queries.head(read, who), media_type="application/json")
