"""Routes of importing case files of past years."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import File, Query, Request, Response, UploadFile
from fastapi.responses import StreamingResponse

from services.cases_api import access
from services.cases_api.case_imports import actions
from services.kit import answers, exports, fields, import_reports, imports, operations, problems, routing
from services.kit.import_schemas import ImportFilter, ImportOut, ImportPage
from services.kit.pagination import CursorsDep
from services.kit.runtime import ReadDep, RuntimeDep, SessionDep

router = routing.router(actions.PATH, "case-imports")

ACCEPTED: dict[int | str, dict[str, Any]] = {202: {"description": "已受理；进度见 Location。"}}
LONG = {routing.KEEPS_DRY_RUNS: True, routing.TAKES_TIME: True}
Form = Annotated[exports.Form, Query(alias="format", description="文件格式。")]
DryRun = Annotated[bool, Query(description="`true`：照常检查并给出报告，但不写入。")]


@router.post("", status_code=202, response_class=Response, responses=ACCEPTED, openapi_extra=LONG, summary="导入历史案卷")
async def start(
    file: Annotated[UploadFile, File(description=".xlsx 或 .csv（UTF-8 或 GB18030），列标题见模板。")],
    who: access.MayImportCaseFiles,
    session: SessionDep,
    runtime: RuntimeDep,
    dry_run: DryRun = False,
) -> Response:
    """Takes a file in and works on it in the background. Good rows become case files, bad rows come back with every reason.

    A file is known again by its external id, else by its number, so a sheet may be sent again. Identities are checked and
    sealed; persons are named in no report but the sender's own. A dry run does all but write.
    415 `sheet.kind_not_allowed`, 400 `sheet.unsafe`, `sheet.unreadable`.
    """
    vault = runtime.extras["vault"]
    started = await imports.start(session, who, vault, actions.KIND, file.file, file.filename or "", dry_run=dry_run)
    return operations.accepted(started)


@router.get("", response_model=ImportPage, summary="历史案卷导入列表")
async def page(
    wanted: Annotated[ImportFilter, Query()], who: access.MayImportCaseFiles, read: ReadDep, cursors: CursorsDep
) -> Response:
    """The caller's own imports, newest first."""
    return cursors.answer(await actions.IMPORTS.listing.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.get("/template", response_class=Response, responses=exports.FILES, summary="历史案卷导入模板")
async def template(who: access.MayImportCaseFiles, form: Form = "xlsx") -> StreamingResponse:
    """A file to fill: the headings and an example."""
    return exports.download(import_reports.template(actions.IMPORTS.layout, form, "历史案卷"), form, "历史案卷导入模板")


@router.get("/{import_id}", response_model=ImportOut, summary="历史案卷导入")
async def one(request: Request, import_id: fields.Id, who: access.MayImportCaseFiles, read: ReadDep) -> Response:
    """How an import went: rows, accepted, refused, and why."""
    return answers.one(request, await actions.IMPORTS.one(read, who, import_id, _language(request)))


@router.get("/{import_id}/report", response_class=Response, responses=exports.FILES, summary="历史案卷导入报告")
async def report(
    request: Request,
    import_id: fields.Id,
    who: access.MayImportCaseFiles,
    read: ReadDep,
    runtime: RuntimeDep,
    form: Form = "xlsx",
) -> StreamingResponse:
    """The file as it was sent, with two columns more: what became of each row, and why. 409 `import.not_finished`."""
    found = await actions.IMPORTS.kept(read, who, import_id)
    blocks = import_reports.stream(runtime, found, actions.IMPORTS.layout, form, _language(request))
    return exports.download(blocks, form, "历史案卷导入报告")


def _language(request: Request) -> str:
    return problems.language_of(request.headers.get("accept-language"))
