"""Routes of attachments."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any

from fastapi import File, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from services.directory_api import access
from services.directory_api.attachments import actions, formats, queries, rules
from services.directory_api.attachments.schemas import AttachmentFilter, AttachmentOut, AttachmentPage
from services.kit import answers, fields, preconditions, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep

router = routing.router("/v1/attachments", "attachments")

# A file opened in a browser must run nothing, whatever is in it.
HARMLESS = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}


@router.post("", response_model=AttachmentOut, status_code=201, summary="上传附件")
async def upload(
    request: Request,
    file: Annotated[UploadFile, File(description="PDF、docx、xlsx、PNG、JPEG 或文本；以内容为准。")],
    who: access.MayWriteAttachments,
    session: SessionDep,
    runtime: RuntimeDep,
    now: Now,
) -> Response:
    """Stores a file once by its content. It proves something when a report or case file names its id."""
    folder: Path = runtime.extras["store"]
    made = await actions.upload(session, who, folder, file.filename or "", await file.read(), now)
    return answers.created(request, await queries.ATTACHMENT.one(session, who, made.id), f"/v1/attachments/{made.id}")


@router.get("", response_model=AttachmentPage, summary="附件列表")
async def page(
    wanted: Annotated[AttachmentFilter, Query()], who: access.MayReadAttachments, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Files the caller may download, newest first."""
    return cursors.answer(await queries.ATTACHMENTS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/{attachment_id}", response_model=AttachmentOut, summary="附件说明")
async def one(request: Request, attachment_id: fields.Id, who: access.MayReadAttachments, read: ReadDep) -> Response:
    """A file's description."""
    return answers.one(request, await queries.ATTACHMENT.one(read, who, attachment_id))


@router.get("/{attachment_id}/content", response_class=Response, responses=CONTENT, summary="下载附件")
async def content(
    request: Request, attachment_id: fields.Id, who: access.MayReadAttachments, read: ReadDep, runtime: RuntimeDep
) -> Response:
    """The content, as a download, by the right of what it proves."""
    found = await queries.content(read, who, attachment_id)
    tag = f'"{found.sha256}"'
    if preconditions.not_modified(request, tag):
        return Response(status_code=304, headers={"ETag": tag})
    path = formats.place_of(runtime.extras["store"], found.sha256)
    if not await asyncio.to_thread(path.is_file):
        raise rules.ContentMissing
    headers = {
        "Content-Disposition": answers.file_name_header(found.file_name),
        "Content-Length": str(found.size),
        "ETag": tag,
    }
    return StreamingResponse(formats.chunks(path), media_type=found.media_type, headers=headers | HARMLESS)
