"""Routes of draws. They are made and moved by `POST /v1/review-rounds/{id}/freeze`, `seed`, `draw` and their like."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.draws import queries
from services.cases_api.draws.schemas import DrawFilter, DrawOut, DrawPage, FrameOut, TicketFilter, TicketPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep

router = routing.router("/v1/draws", "draws")


@router.get("", response_model=DrawPage, summary="抽取记录列表")
async def page(wanted: Annotated[DrawFilter, Query()], who: access.MayReadDraws, read: ReadDep, cursors: CursorsDep) -> Response:
    """Draws of the caller's district, void ones among them, newest first."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{draw_id}", response_model=DrawOut, summary="抽取记录全文")
async def one(request: Request, draw_id: fields.Id, who: access.MayReadDraws, read: ReadDep) -> Response:
    """The whole record: frame, hashes, seed and its source, tickets, cut-offs, substitutes. Saved to a file it can be checked
    offline, without the database, by `./zhifa reviews verify-draw FILE` or `docs/verify_draw.py`.
    """
    return answers.one(request, await queries.record(read, who, draw_id))


@router.get("/{draw_id}/frame", response_model=FrameOut, summary="抽样范围")
async def frame(request: Request, draw_id: fields.Id, who: access.MayReadDraws, read: ReadDep) -> Response:
    """The frozen frame as canonical JSON (RFC 8785): the very bytes whose SHA-256 is `frame_sha256`."""
    return answers.one(request, await queries.frame_bytes(read, who, draw_id))


@router.get("/{draw_id}/tickets", response_model=TicketPage, summary="全部抽签号")
async def tickets(
    draw_id: fields.Id, wanted: Annotated[TicketFilter, Query()], who: access.MayReadDraws, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Every ticket of one stratum, drawn or not, in their order: who comes next is no secret once the seed is known."""
    return cursors.answer(await queries.tickets(read, who, draw_id, wanted, cursors.after(wanted)), wanted)
