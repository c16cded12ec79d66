"""Routes of declared conflicts."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.conflict_declarations import actions, queries
from services.cases_api.conflict_declarations.schemas import (
    ConflictDeclarationFilter,
    ConflictDeclarationIn,
    ConflictDeclarationOut,
    ConflictDeclarationPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/conflict-declarations", "conflict-declarations")


@router.get("", response_model=ConflictDeclarationPage, summary="回避申报列表")
async def page(
    wanted: Annotated[ConflictDeclarationFilter, Query()], who: access.MayReadConflicts, read: ReadDep, cursors: CursorsDep
) -> Response:
    """One's own declarations; for the bureau those of the district."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ConflictDeclarationOut, status_code=201, summary="申报回避")
async def create(
    request: Request, wanted: ConflictDeclarationIn, who: access.MayDeclareConflicts, session: SessionDep, now: Now
) -> Response:
    """Declares a conflict with a unit or a case file. The bureau may lay one down for somebody else, pin it, or clear one that
    the system finds (`kind: cleared`).
    """
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/conflict-declarations/{made.id}")


@router.get("/{declaration_id}", response_model=ConflictDeclarationOut, summary="回避申报")
async def one(request: Request, declaration_id: fields.Id, who: access.MayReadConflicts, read: ReadDep) -> Response:
    """One declaration."""
    return answers.one(request, await queries.one(read, who, declaration_id))


@router.post("/{declaration_id}/withdraw", response_model=ConflictDeclarationOut, summary="撤回回避申报")
async def withdraw(
    request: Request, declaration_id: fields.Id, who: access.MayDeclareConflicts, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Withdraws a declaration; it stays on record. One pinned by the bureau only the bureau withdraws."""
    await actions.withdraw(session, who, declaration_id, version, now)
    return answers.one(request, await queries.one(session, who, declaration_id))
