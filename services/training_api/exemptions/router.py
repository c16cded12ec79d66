"""Routes of exemptions."""

from __future__ import annotations

import json
from typing import Annotated

from fastapi import Body, Query, Request, Response

from services.kit import answers, errors, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.exemptions import actions, queries
from services.training_api.exemptions.schemas import (
    ApproveIn,
    EndIn,
    ExemptionChange,
    ExemptionFilter,
    ExemptionIn,
    ExemptionOut,
    ExemptionPage,
    GroundIn,
    GroundOut,
    ReasonIn,
)

router = routing.router("/v1/exemptions", "exemptions")


@router.get("", response_model=ExemptionPage, summary="学时减免列表")
async def page(
    wanted: Annotated[ExemptionFilter, Query()], who: access.MayReadExemptions, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Exemptions of the caller's officers, newest first."""
    return cursors.answer(await queries.EXEMPTIONS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ExemptionOut, status_code=201, summary="提出学时减免")
async def propose(
    request: Request,
    wanted: ExemptionIn,
    who: access.MayProposeExemptions,
    session: SessionDep,
    now: Now,
    process: RuntimeDep,
) -> Response:
    """Asks for an exemption of an officer; the bureau decides. The ground in words is encrypted, no answer shows it.

    409 `exemption.overlapping` where the officer has one in the period already.
    """
    exemption = await actions.propose(session, who, process.extras["vault"], wanted, now)
    found = await queries.EXEMPTION.one(session, who, exemption.id)
    return answers.created(request, found, f"/v1/exemptions/{exemption.id}")


@router.get("/{exemption_id}", response_model=ExemptionOut, summary="学时减免")
async def one(request: Request, exemption_id: fields.Id, who: access.MayReadExemptions, read: ReadDep) -> Response:
    """One exemption."""
    return answers.one(request, await queries.EXEMPTION.one(read, who, exemption_id))


@router.patch("/{exemption_id}", response_model=ExemptionOut, summary="修改待批减免")
async def change(
    request: Request,
    exemption_id: fields.Id,
    wanted: ExemptionChange,
    who: access.MayProposeExemptions,
    version: IfMatch,
    session: SessionDep,
    process: RuntimeDep,
) -> Response:
    """Changes what is asked for while nobody has decided."""
    await actions.change(session, who, process.extras["vault"], exemption_id, version, wanted)
    return answers.one(request, await queries.EXEMPTION.one(session, who, exemption_id))


@router.post("/{exemption_id}/approve", response_model=ExemptionOut, summary="批准减免")
async def approve(
    request: Request,
    exemption_id: fields.Id,
    who: access.MayDecideExemptions,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Annotated[ApproveIn | None, Body()] = None,
) -> Response:
    """Lets the exemption hold, from now on also for compliance. 403 `exemption.own_proposal` for who proposed it."""
    await actions.approve(session, who, exemption_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await queries.EXEMPTION.one(session, who, exemption_id))


@router.post("/{exemption_id}/refuse", response_model=ExemptionOut, summary="不予减免")
async def refuse(
    request: Request,
    exemption_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayDecideExemptions,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Refuses the exemption, with a reason."""
    await actions.refuse(session, who, exemption_id, version, wanted.reason, now)
    return answers.one(request, await queries.EXEMPTION.one(session, who, exemption_id))


@router.post("/{exemption_id}/withdraw", response_model=ExemptionOut, summary="撤回减免申请")
async def withdraw(
    request: Request,
    exemption_id: fields.Id,
    who: access.MayProposeExemptions,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """The unit takes back what it asked for."""
    await actions.withdraw(session, who, exemption_id, version)
    return answers.one(request, await queries.EXEMPTION.one(session, who, exemption_id))


@router.post("/{exemption_id}/end", response_model=ExemptionOut, summary="提前结束减免")
async def end(
    request: Request,
    exemption_id: fields.Id,
    wanted: EndIn,
    who: access.MayEndExemptions,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Gives an approved exemption an earlier last day; figures as of before stay as they were."""
    await actions.end(session, who, exemption_id, version, wanted, now)
    return answers.one(request, await queries.EXEMPTION.one(session, who, exemption_id))


@router.post("/{exemption_id}/revoke", response_model=ExemptionOut, summary="撤销减免")
async def revoke(
    request: Request,
    exemption_id: fields.Id,
    wanted: ReasonIn,
    who: access.MayDecideExemptions,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Takes an approval back, from the first day of the exemption, with a reason."""
    await actions.revoke(session, who, exemption_id, version, wanted.reason, now)
    return answers.one(request, await queries.EXEMPTION.one(session, who, exemption_id))


@router.post(
    "/{exemption_id}/ground-disclosure",
    response_model=GroundOut,
    summary="查看减免具体情况",
    openapi_extra={routing.NEVER_KEPT: True},
)
async def disclose(
    request: Request,
    exemption_id: fields.Id,
    wanted: GroundIn,
    who: access.MayDiscloseGrounds,
    session: SessionDep,
    process: RuntimeDep,
) -> Response:
    """The ground in words, for a stated reason; every look stands in the audit trail. There is no dry run of it."""
    if request.query_params.get("dry_run") == "true":
        # It would show the ground and leave no trace.
        raise errors.BadInput(errors.Fault("/query/dry_run", "not_allowed"))
    shown = await actions.disclose(session, who, process.extras["vault"], exemption_id, wanted.reason)
    return Response(json.dumps(shown, ensure_ascii=False), media_type="application/json")
