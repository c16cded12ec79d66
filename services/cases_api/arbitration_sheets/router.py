"""Routes of the arbitrator's sheet."""

from __future__ import annotations

from fastapi import Request, Response

from services.cases_api import access
from services.cases_api.arbitration_sheets import actions
from services.cases_api.arbitrations import queries
from services.cases_api.arbitrations.schemas import ArbitrationDecline, ArbitrationIn, ArbitrationOut, ArbitrationRecuse
from services.kit import answers, fields, routing
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, SessionDep

router = routing.router("/v1/arbitrations", "arbitrations")


@router.post("/{arbitration_id}/open", response_model=ArbitrationOut, summary="开始复核")
async def open_up(
    request: Request, arbitration_id: fields.Id, who: access.MayArbitrate, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """The arbitrator looks into the file for the first time."""
    await actions.open_up(session, who, arbitration_id, version, now)
    return answers.one(request, await queries.one(session, who, arbitration_id))


@router.put("/{arbitration_id}", response_model=ArbitrationOut, summary="保存复核草稿")
async def save(
    request: Request,
    arbitration_id: fields.Id,
    wanted: ArbitrationIn,
    who: access.MayArbitrate,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Saves the whole draft as a new version. A second tab that knows only an older version is refused (412)."""
    await actions.save(session, who, arbitration_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, arbitration_id))


@router.post("/{arbitration_id}/submit", response_model=ArbitrationOut, summary="提交复核")
async def submit(
    request: Request,
    arbitration_id: fields.Id,
    who: access.MayArbitrate,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: ArbitrationIn | None = None,
) -> Response:
    """Hands in the sheet sent along, or the saved draft; each point the reviews differ in wants a decision with a reason."""
    sent = wanted if wanted is not None and wanted.model_fields_set else None
    await actions.submit(session, who, arbitration_id, version, sent, now)
    return answers.one(request, await queries.one(session, who, arbitration_id))


@router.post("/{arbitration_id}/decline", response_model=ArbitrationOut, summary="谢绝复核")
async def decline(
    request: Request,
    arbitration_id: fields.Id,
    wanted: ArbitrationDecline,
    who: access.MayArbitrate,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The arbitrator does not take the file, with a reason; the next in line gets it."""
    await actions.decline(session, who, arbitration_id, version, wanted.reason, now)
    return answers.one(request, await queries.one(session, who, arbitration_id))


@router.post("/{arbitration_id}/recuse", response_model=ArbitrationOut, summary="复核人回避")
async def recuse(
    request: Request,
    arbitration_id: fields.Id,
    wanted: ArbitrationRecuse,
    who: access.MayArbitrate,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """The arbitrator must not take the file: the conflict is declared, and the next in line gets the file."""
    await actions.recuse(session, who, arbitration_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, arbitration_id))
