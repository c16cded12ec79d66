"""Routes of the chain of class hours."""

from __future__ import annotations

from fastapi import Response

from services.kit import routing
from services.kit.runtime import ReadDep
from services.training_api import access
from services.training_api.ledger import queries
from services.training_api.ledger.schemas import HeadOut, VerificationOut

router = routing.router("/v1/ledger", "ledger")


@router.get("/verification", response_model=VerificationOut, summary="校验学时链")
async def verification(who: access.MayReadLedger, read: ReadDep) -> Response:
    """Recomputes the chain of the district and names the first entry that was changed, removed, put in or reordered."""
    return Response(await queries.verification(read, who), media_type="application/json")


@router.get("/head", response_model=HeadOut, summary="学时链的末端")
async def head(who: access.MayReadLedger, read: ReadDep) -> Response:
    """The newest link of the district's chain, for others to keep."""
    return Response(await queries.head(read, who), media_type="application/json")
