"""Routes of problem summaries."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Body, Query, Request, Response

from services.kit import answers, clock, exports, fields, references, routing
from services.kit.db import Reader, Session
from services.kit.documents import rendering
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.principal import Principal
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep
from services.tasks_api import access
from services.tasks_api.problem_summaries import actions, formats, queries
from services.tasks_api.problem_summaries.rules import Verb
from services.tasks_api.problem_summaries.schemas import (
    DecisionIn,
    ProblemSummaryChange,
    ProblemSummaryFilter,
    ProblemSummaryIn,
    ProblemSummaryOut,
    ProblemSummaryPage,
)

router = routing.router("/v1/problem-summaries", "problem-summaries")
BINARY: dict[str, Any] = {"schema": {"type": "string", "format": "binary"}}
PAPERS: dict[int | str, dict[str, Any]] = {200: {"content": dict.fromkeys(rendering.MEDIA_TYPES.values(), BINARY)}}
SLOW = {routing.TAKES_TIME: True}
Note = Annotated[DecisionIn | None, Body()]


@router.get("", response_model=ProblemSummaryPage, summary="突出问题整治总结列表")
async def page(
    wanted: Annotated[ProblemSummaryFilter, Query()], who: access.MayReadSummaries, read: ReadDep, cursors: CursorsDep, now: Now
) -> Response:
    """Summaries of the units in the caller's sight, and the district's roll-ups; the latest first."""
    found = await queries.SUMMARIES.page(read, who, wanted, cursors.after(wanted), today=clock.local_day(now))
    return cursors.answer(found, wanted)


@router.post("", response_model=ProblemSummaryOut, status_code=201, summary="起草总结")
async def add(
    request: Request, wanted: ProblemSummaryIn, who: access.MayWriteSummaries, session: SessionDep, now: Now
) -> Response:
    """Begins a summary of a period; one per unit and period. The roll-up (`scope=district`) is the bureau's."""
    made = await actions.add(session, who, wanted, now)
    return answers.created(request, await _one(session, who, made, now), f"/v1/problem-summaries/{made}")


@router.get("/{summary_id}", response_model=ProblemSummaryOut, summary="突出问题整治总结")
async def one(request: Request, summary_id: fields.Id, who: access.MayReadSummaries, read: ReadDep, now: Now) -> Response:
    """One summary with its figures; a roll-up with a row for every unit, those without a summary of their own too."""
    return answers.one(request, await _one(read, who, summary_id, now))


@router.get("/{summary_id}/file", response_class=Response, responses=PAPERS, openapi_extra=SLOW, summary="总结文件")
async def file(
    request: Request,
    summary_id: fields.Id,
    who: access.MayReadSummaries,
    process: RuntimeDep,
    read: ReadDep,
    now: Now,
    form: Annotated[rendering.Form, Query(alias="format", description="文件格式。")] = "pdf",
) -> Response:
    """The summary as PDF or .docx in the layout of GB/T 9704; the district's roll-up with a row for every unit."""
    summary = json.loads((await _one(read, who, summary_id, now)).body)
    unit = await references.unit(read, UUID(summary["unit_id"]))
    made = await rendering.render(formats.paper(summary, unit.name), form, now)
    told = {"summary_id": str(summary_id), "format": form}
    await exports.audited(request, process, who, actions.OBJECT, told)
    headers = {"Content-Disposition": answers.file_name_header(f"{summary['title']}.{form}")}
    return Response(made, media_type=rendering.MEDIA_TYPES[form], headers=headers)


@router.patch("/{summary_id}", response_model=ProblemSummaryOut, summary="修改总结草稿")
async def change(
    request: Request,
    summary_id: fields.Id,
    wanted: ProblemSummaryChange,
    who: access.MayWriteSummaries,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Changes text, title or files of a draft."""
    await actions.change(session, who, summary_id, version, wanted)
    return answers.one(request, await _one(session, who, summary_id, now))


@router.post("/{summary_id}/submit", response_model=ProblemSummaryOut, summary="报送总结")
async def submit(
    request: Request, summary_id: fields.Id, who: access.MaySubmitSummaries, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Hands it in; its figures are counted from the problems and kept as they stand."""
    await actions.submit(session, who, summary_id, version, now)
    return answers.one(request, await _one(session, who, summary_id, now))


@router.post("/{summary_id}/return", response_model=ProblemSummaryOut, summary="退回总结")
async def send_back(
    request: Request,
    summary_id: fields.Id,
    who: access.MayDecideSummaries,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """Returns it with a reason: a unit's by the bureau, the roll-up by the government."""
    await actions.decide(session, who, Verb.RETURN, summary_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await _one(session, who, summary_id, now))


@router.post("/{summary_id}/approve", response_model=ProblemSummaryOut, summary="审定总结")
async def approve(
    request: Request,
    summary_id: fields.Id,
    who: access.MayDecideSummaries,
    version: IfMatch,
    session: SessionDep,
    now: Now,
    wanted: Note = None,
) -> Response:
    """Accepts it: a unit's by the bureau, the roll-up by the government; never by the person who handed it in."""
    await actions.decide(session, who, Verb.APPROVE, summary_id, version, wanted.note if wanted else None, now)
    return answers.one(request, await _one(session, who, summary_id, now))


async def _one(connection: Reader | Session, who: Principal, summary_id: UUID, now: datetime) -> answers.One:
    reader = access.SUMMARIES_READ.admit(who)
    return await queries.SUMMARY.one(connection, reader, summary_id, today=clock.local_day(now))
