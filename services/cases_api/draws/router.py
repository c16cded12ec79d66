"""Routes of draws. They are made and moved by `POST /v1/review-rounds/{id}/freeze`, `seed`, `draw` and their like."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from services.cases_api import access
from services.cases_api.draws.actions import Rounds
from services.cases_api.draws.queries import records
from services.cases_api.draws.schemas import (
    DrawFilter,
    DrawOut,
    DrawPage,
    FrameOut,
    FrozenOut,
    TicketFilter,
    TicketPage,
)
from services.kit import answers, fields, routing
from services.kit.draw_schemas import CommitmentIn, RevealIn, SeedIn
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/draws", "draws")


@router.get("", response_model=DrawPage, summary="抽取记录列表")
async def page(wanted: Annotated[DrawFilter, Query()], who: access.MayReadDraws, read: ReadDep, cursors: CursorsDep) -> Response:
    """Draws of the caller's district, void ones among them, newest first."""
    return cursors.answer(await records.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{draw_id}", response_model=DrawOut, summary="抽取记录全文")
async def one(request: Request, draw_id: fields.Id, who: access.MayReadDraws, read: ReadDep) -> Response:
    """The whole record: frame, hashes, seed and its source, tickets, cut-offs, substitutes. Saved to a file it can be checked
    offline, without the database, by `./zhifa reviews verify-draw FILE` or `docs/verify_draw.py`.
    """
    return answers.one(request, await records.record(read, who, draw_id))


@router.get("/{draw_id}/frame", response_model=FrameOut, summary="抽样范围")
async def frame(request: Request, draw_id: fields.Id, who: access.MayReadDraws, read: ReadDep) -> Response:
    """The frozen frame as canonical JSON (RFC 8785): the very bytes whose SHA-256 is `frame_sha256`."""
    return answers.one(request, await records.frame_bytes(read, who, draw_id))


@router.get("/{draw_id}/tickets", response_model=TicketPage, summary="全部抽签号")
async def tickets(
    draw_id: fields.Id, wanted: Annotated[TicketFilter, Query()], who: access.MayReadDraws, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Every ticket of one stratum, drawn or not, in their order: who comes next is no secret once the seed is known."""
    return cursors.answer(await records.tickets(read, who, draw_id, wanted, cursors.after(wanted)), wanted)


def add_seeding(router: APIRouter, rounds: Rounds, may_draw: Any) -> None:
    """Adds the steps to a seed below the rounds of one kind; `may_draw` is the annotation of those who draw."""

    async def seed(
        request: Request, round_id: fields.Id, wanted: SeedIn, who: Any, version: IfMatch, session: SessionDep, now: Now
    ) -> Response:
        """Takes a seed from outside (dice, a lottery, a beacon), with its source. 409 before the freeze, when there is a seed,
        beside commitments, or for a seed used before.
        """
        return answers.one(request, await rounds.give_seed(session, who, round_id, version, wanted, now))

    async def commit(
        request: Request, round_id: fields.Id, wanted: CommitmentIn, who: access.MayWitnessDraws, session: SessionDep, now: Now
    ) -> Response:
        """A witness commits to a secret nonce by its SHA-256, after the freeze. Two witnesses or more make the seed together."""
        found = await rounds.commit_nonce(session, who, round_id, wanted.nonce_sha256, now)
        return answers.one(request, found, status=201)

    async def reveal(
        request: Request, round_id: fields.Id, wanted: RevealIn, who: access.MayWitnessDraws, session: SessionDep, now: Now
    ) -> Response:
        """A witness reveals the nonce. The first one ends the commitments; with the last one the seed is known: the SHA-256, in
        hex, of the nonces sorted by their commitments and joined by line feeds.
        """
        return answers.one(request, await rounds.reveal(session, who, round_id, wanted.nonce, now), status=201)

    # FastAPI reads who may call from the annotation.
    seed.__annotations__["who"] = may_draw
    told: dict[str, Any] = {"methods": ["POST"], "response_model": FrozenOut}
    router.add_api_route("/seed", seed, summary="登记种子", **told)
    router.add_api_route("/commitments", commit, status_code=201, summary="见证人提交承诺", **told)
    router.add_api_route("/reveals", reveal, status_code=201, summary="见证人揭示随机数", **told)
