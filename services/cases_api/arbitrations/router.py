"""Routes of arbitrations; those of the arbitrator's sheet stand in `arbitration_sheets`."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.arbitrations import actions, queries
from services.cases_api.arbitrations.schemas import (
    ArbitrationFilter,
    ArbitrationNew,
    ArbitrationOut,
    ArbitrationPage,
    ArbitrationVersionFilter,
    ArbitrationVersionPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/arbitrations", "arbitrations")


@router.get("", response_model=ArbitrationPage, summary="复核列表")
async def page(
    wanted: Annotated[ArbitrationFilter, Query()], who: access.MayReadArbitrations, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Arbitrations the caller may see: an arbitrator the own ones, a unit those of its files once published, the bureau all."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ArbitrationOut, status_code=201, summary="提请复核")
async def create(
    request: Request, wanted: ArbitrationNew, who: access.MayOrganiseArbitrations, session: SessionDep, now: Now
) -> Response:
    """Opens one for a file whose reviews disagree and whose earlier arbitration was withdrawn; else they open by themselves."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/arbitrations/{made.id}")


@router.get("/{arbitration_id}", response_model=ArbitrationOut, summary="复核")
async def one(request: Request, arbitration_id: fields.Id, who: access.MayReadArbitrations, read: ReadDep) -> Response:
    """One arbitration, with the sheets of the reviewers without their names."""
    return answers.one(request, await queries.one(read, who, arbitration_id))


@router.get("/{arbitration_id}/versions", response_model=ArbitrationVersionPage, summary="复核历史版本")
async def versions(
    arbitration_id: fields.Id,
    wanted: Annotated[ArbitrationVersionFilter, Query()],
    who: access.MayReadArbitrationHistory,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Every version that was saved or submitted; for the arbitrator and the bureau."""
    return cursors.answer(await queries.versions(read, who, arbitration_id, wanted, cursors.after(wanted)), wanted)


@router.post("/{arbitration_id}/assign", response_model=ArbitrationOut, summary="再次选定复核人")
async def assign(
    request: Request,
    arbitration_id: fields.Id,
    who: access.MayOrganiseArbitrations,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Looks again for an arbitrator where nobody was free, by the same seed."""
    await actions.assign(session, who, arbitration_id, version, now)
    return answers.one(request, await queries.one(session, who, arbitration_id))


@router.post("/{arbitration_id}/void", response_model=ArbitrationOut, summary="作废复核")
async def void(
    request: Request,
    arbitration_id: fields.Id,
    who: access.MayOrganiseArbitrations,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Withdraws an arbitration, which is kept; another can be opened. `X-Change-Reason` is demanded."""
    await actions.void(session, who, arbitration_id, version, now)
    return answers.one(request, await queries.one(session, who, arbitration_id))
