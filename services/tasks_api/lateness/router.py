"""Routes of the lateness record."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, clock, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep
from services.tasks_api import access
from services.tasks_api.lateness import queries
from services.tasks_api.lateness.schemas import LatenessFilter, LatenessOut, LatenessPage

router = routing.router("/v1/lateness", "lateness")


@router.get("", response_model=LatenessPage, summary="逾期记录列表")
async def page(
    wanted: Annotated[LatenessFilter, Query()], who: access.MayReadLateness, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Who was late with what: first late day, working days late, how it ended, extensions and warnings. Never erased."""
    found = await queries.page(read, who, wanted, cursors.after(wanted), clock.local_day(now))
    return cursors.answer(found, wanted)


@router.get("/{lateness_id}", response_model=LatenessOut, summary="逾期记录")
async def one(request: Request, lateness_id: fields.Id, who: access.MayReadLateness, read: ReadDep, now: Now) -> Response:
    """One record."""
    return answers.one(request, await queries.ONE.one(read, who, lateness_id, today=clock.local_day(now)))
