"""Routes of the index of recordings of a case file."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.case_recordings import actions, queries
from services.cases_api.case_recordings.schemas import (
    CaseRecordingFilter,
    CaseRecordingIn,
    CaseRecordingOut,
    CaseRecordingPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/case-files/{case_file_id}/recordings", "case-files")


@router.get("", response_model=CaseRecordingPage, summary="全过程记录索引")
async def recordings_page(
    case_file_id: fields.Id,
    wanted: Annotated[CaseRecordingFilter, Query()],
    who: access.MayReadCaseFiles,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """What was recorded of a case, by the time of recording."""
    return cursors.answer(await queries.page(read, who, case_file_id, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=CaseRecordingOut, status_code=201, summary="新增全过程记录")
async def add_recording(
    request: Request,
    case_file_id: fields.Id,
    wanted: CaseRecordingIn,
    who: access.MayWriteCaseFiles,
    session: SessionDep,
    now: Now,
) -> Response:
    """Enters a recording into the index; entries are never changed or removed."""
    made = await actions.add(session, who, case_file_id, wanted, now)
    return answers.created(request, await queries.one(session, made.id), f"/v1/case-files/{case_file_id}/recordings")
