"""Routes of officers."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, errors, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.officers import actions, queries
from services.training_api.officers.schemas import (
    DisclosureIn,
    IdentityOut,
    LeaveIn,
    OfficerChange,
    OfficerFilter,
    OfficerOut,
    OfficerPage,
    ReclassifyIn,
    RejoinIn,
    SearchIn,
    TransferIn,
)

router = routing.router("/v1/officers", "officers")


@router.get("", response_model=OfficerPage, summary="执法人员列表")
async def page(
    wanted: Annotated[OfficerFilter, Query()], who: access.MayReadOfficers, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Officers of the caller's units, newest first. `in_service_on` leaves those who served on that day."""
    return cursors.answer(await queries.OFFICERS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("/search", response_model=OfficerPage, summary="按证件号码或姓名查找", openapi_extra={routing.ONLY_READS: True})
async def search(wanted: SearchIn, who: access.MaySearchOfficers, session: SessionDep, process: RuntimeDep) -> Response:
    """Finds officers by a whole identity number or the beginning of a name, at most 50; neither ever stands in a URL."""
    found = await actions.search(session, who, process.extras["vault"], wanted)
    return Response(f'{{"items":[{",".join(found)}],"next_cursor":null}}', media_type="application/json")


@router.get("/{officer_id}", response_model=OfficerOut, summary="执法人员")
async def one(request: Request, officer_id: fields.Id, who: access.MayReadOfficers, read: ReadDep) -> Response:
    """One officer, with the units served in."""
    return answers.one(request, await queries.OFFICER.one(read, who, officer_id))


@router.patch("/{officer_id}", response_model=OfficerOut, summary="更正执法人员信息")
async def change(
    request: Request,
    officer_id: fields.Id,
    wanted: OfficerChange,
    who: access.MayWriteOfficers,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    process: RuntimeDep,
) -> Response:
    """Corrects facts of an officer; figures asked for an earlier moment stay as they were."""
    await actions.change(session, who, process.extras["vault"], officer_id, version, wanted, now)
    return answers.one(request, await queries.OFFICER.one(session, who, officer_id))


@router.post("/{officer_id}/transfer", response_model=OfficerOut, summary="调动")
async def transfer(
    request: Request,
    officer_id: fields.Id,
    wanted: TransferIn,
    who: access.MayTransferOfficers,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Moves an officer to another unit from a day on; the hours stay with the person."""
    await actions.transfer(session, who, officer_id, version, wanted, now)
    return answers.one(request, await queries.OFFICER.one(session, who, officer_id))


@router.post("/{officer_id}/reclassify", response_model=OfficerOut, summary="转换人员类别")
async def reclassify(
    request: Request,
    officer_id: fields.Id,
    wanted: ReclassifyIn,
    who: access.MayReclassifyOfficers,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """An auxiliary becomes a regular officer from a day on, or the other way round; what came before stays."""
    await actions.reclassify(session, who, officer_id, version, wanted, now)
    return answers.one(request, await queries.OFFICER.one(session, who, officer_id))


@router.post("/{officer_id}/leave", response_model=OfficerOut, summary="离职")
async def leave(
    request: Request,
    officer_id: fields.Id,
    wanted: LeaveIn,
    who: access.MayEndService,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Ends an officer's service with a day."""
    await actions.leave(session, who, officer_id, version, wanted, now)
    return answers.one(request, await queries.OFFICER.one(session, who, officer_id))


@router.post("/{officer_id}/rejoin", response_model=OfficerOut, summary="重新入职")
async def rejoin(
    request: Request,
    officer_id: fields.Id,
    wanted: RejoinIn,
    who: access.MayRejoinOfficers,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Somebody who left serves again; hours and history of before stay the person's. 409 `officer.still_serves`."""
    await actions.rejoin(session, who, officer_id, version, wanted, now)
    return answers.one(request, await queries.OFFICER.one(session, who, officer_id))


@router.post(
    "/{officer_id}/identity-disclosure",
    response_model=IdentityOut,
    summary="查看完整证件号码",
    openapi_extra={routing.NEVER_KEPT: True},
)
async def disclose_identity(
    request: Request,
    officer_id: fields.Id,
    wanted: DisclosureIn,
    who: access.MayDiscloseIdentity,
    session: SessionDep,
    process: RuntimeDep,
) -> Response:
    """The identity number in clear, for a stated reason; every look stands in the audit trail. There is no dry run of it."""
    if request.query_params.get("dry_run") == "true":
        # It would show the number and leave no trace.
        raise errors.BadInput(errors.Fault("/query/dry_run", "not_allowed"))
    shown = await actions.disclose_identity(session, who, process.extras["vault"], officer_id, wanted.reason)
    return Response(json.dumps(shown), media_type="application/json")
