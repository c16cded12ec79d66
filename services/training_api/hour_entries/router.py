"""Routes of reading class hours."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep
from services.training_api import access
from services.training_api.hour_entries import queries
from services.training_api.hour_entries.schemas import EntryFilter, EntryOut, EntryPage

router = routing.router("/v1/hour-entries", "hour_entries")


@router.get("", response_model=EntryPage, summary="学时记录列表")
async def page(wanted: Annotated[EntryFilter, Query()], who: access.MayReadHours, read: ReadDep, cursors: CursorsDep) -> Response:
    """Entries of the ledger, newest first; corrections stand there as entries of their own."""
    return cursors.answer(await queries.ENTRIES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{entry_id}", response_model=EntryOut, summary="学时记录")
async def one(request: Request, entry_id: fields.Id, who: access.MayReadHours, read: ReadDep) -> Response:
    """One entry."""
    return answers.one(request, await queries.ENTRY.one(read, who, entry_id))
