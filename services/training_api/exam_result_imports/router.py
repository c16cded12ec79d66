"""Routes of exam results by file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from services.kit import answers, exports, fields, import_reports, operations, problems, routing
from services.kit.import_schemas import ImportFilter, ImportOut, ImportPage
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep, RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.exam_result_imports import actions

router = routing.router(actions.PATH, "exam_result_imports")
exam_router = routing.router("/v1/exams/{exam_id}", "exam_result_imports")

ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "已受理；进度见 Location。"}}
LONG = {routing.KEEPS_DRY_RUNS: True, routing.TAKES_TIME: True}
Form = Annotated[exports.Form, Query(alias="format", description="文件格式。")]
DryRun = Annotated[bool, Query(description="`true`：照常检查并给出报告，但不登记。")]


@exam_router.post(
    "/result-imports", status_code=202, response_class=Response, responses=ACCEPTED, openapi_extra=LONG, summary="导入成绩"
)
async def start(
    exam_id: fields.Id,
    file: Annotated[UploadFile, File(description=".xlsx 或 .csv（UTF-8 或 GB18030），列标题见模板。")],
    who: access.MayWriteExamResults,
    session: SessionDep,
    runtime: RuntimeDep,
    dry_run: DryRun = False,
) -> Response:
    """Takes the results of an exam in and works on it in the background. Officers by certificate number, identity
    number or external id. Good rows are entered, bad rows come back with every reason. A list may be sent again: what is
    recorded already does not change, what differs is corrected.
    """
    vault, name = runtime.extras["vault"], file.filename or ""
    started = await actions.start(session, who, vault, exam_id, file.file, name, dry_run=dry_run)
    return operations.accepted(started)


@router.get("", response_model=ImportPage, summary="成绩导入列表")
async def page(
    wanted: Annotated[ImportFilter, Query()], who: access.MayWriteExamResults, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The caller's own imports, newest first."""
    return cursors.answer(await actions.IMPORTS.listing.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/template", response_class=Response, responses=exports.FILES, summary="成绩导入模板")
async def template(who: access.MayWriteExamResults, form: Form = "xlsx") -> StreamingResponse:
    """A list to fill: the headings and an example."""
    return exports.download(import_reports.template(actions.IMPORTS.layout, form, "成绩"), form, "成绩导入模板")


@router.get("/{import_id}", response_model=ImportOut, summary="成绩导入")
async def one(request: Request, import_id: fields.Id, who: access.MayWriteExamResults, read: ReadDep) -> Response:
    """How an import went: rows, accepted, refused, and why."""
    return answers.one(request, await actions.IMPORTS.one(read, who, import_id, _language(request)))


@router.get("/{import_id}/report", response_class=Response, responses=exports.FILES, summary="成绩导入报告")
async def report(
    request: Request,
    import_id: fields.Id,
    who: access.MayWriteExamResults,
    read: ReadDep,
    runtime: RuntimeDep,
    form: Form = "xlsx",
) -> StreamingResponse:
    """The list as it was sent, with two columns more: what became of each row, and why. 409 `import.not_finished`."""
    found = await actions.IMPORTS.kept(read, who, import_id)
    blocks = import_reports.stream(runtime, found, actions.IMPORTS.layout, form, _language(request))
    return exports.download(blocks, form, "成绩导入报告")


def _language(request: Request) -> str:
    return problems.language_of(request.headers.get("accept-language"))
