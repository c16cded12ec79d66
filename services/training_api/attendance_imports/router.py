"""Routes of attendance by file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from services.kit import answers, exports, fields, import_reports, operations, problems, routing
from services.kit.import_schemas import ImportFilter, ImportOut, ImportPage
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.attendance_imports import actions

router = routing.router(actions.PATH, "attendance_imports")
class_router = routing.router("/v1/classes/{class_id}", "attendance_imports")

ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "已受理；进度见 Location。"}}
LONG = {routing.KEEPS_DRY_RUNS: True, routing.TAKES_TIME: True}
Form = Annotated[exports.Form, Query(alias="format", description="文件格式。")]
DryRun = Annotated[bool, Query(description="`true`：照常检查并给出报告，但不登记。")]


@class_router.post(
    "/attendance-imports", status_code=202, response_class=Response, responses=ACCEPTED, openapi_extra=LONG, summary="导入考勤"
)
async def start(
    class_id: fields.Id,
    file: Annotated[UploadFile, File(description=".xlsx 或 .csv（UTF-8 或 GB18030），列标题见模板。")],
    who: access.MayRecordAttendance,
    session: SessionDep,
    runtime: RuntimeDep,
    now: Now,
    dry_run: DryRun = False,
) -> Response:
    """Takes the sign-in sheet of a class in and works on it in the background. Officers by certificate number, identity
    number or external id. Good rows are recorded, bad rows come back with every reason. A sheet may be sent again: what is
    recorded already does not change, what differs is corrected.
    """
    vault, name = runtime.extras["vault"], file.filename or ""
    started = await actions.start(session, who, vault, class_id, file.file, name, now, dry_run=dry_run)
    return operations.accepted(started)


@router.get("", response_model=ImportPage, summary="考勤导入列表")
async def page(
    wanted: Annotated[ImportFilter, Query()], who: access.MayRecordAttendance, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The caller's own imports, newest first."""
    return cursors.answer(await actions.IMPORTS.listing.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/template", response_class=Response, responses=exports.FILES, summary="考勤导入模板")
async def template(who: access.MayRecordAttendance, form: Form = "xlsx") -> StreamingResponse:
    """A sheet to fill: the headings and an example."""
    return exports.download(import_reports.template(actions.IMPORTS.layout, form, "考勤"), form, "考勤导入模板")


@router.get("/{import_id}", response_model=ImportOut, summary="考勤导入")
async def one(request: Request, import_id: fields.Id, who: access.MayRecordAttendance, read: ReadDep) -> Response:
    """How an import went: rows, accepted, refused, and why."""
    return answers.one(request, await actions.IMPORTS.one(read, who, import_id, _language(request)))


@router.get("/{import_id}/report", response_class=Response, responses=exports.FILES, summary="考勤导入报告")
async def report(
    request: Request,
    import_id: fields.Id,
    who: access.MayRecordAttendance,
    read: ReadDep,
    runtime: RuntimeDep,
    form: Form = "xlsx",
) -> StreamingResponse:
    """The sheet as it was sent, with two columns more: what became of each row, and why. 409 `import.not_finished`."""
    found = await actions.IMPORTS.kept(read, who, import_id)
    blocks = import_reports.stream(runtime, found, actions.IMPORTS.layout, form, _language(request))
    return exports.download(blocks, form, "考勤导入报告")


def _language(request: Request) -> str:
    return problems.language_of(request.headers.get("accept-language"))
