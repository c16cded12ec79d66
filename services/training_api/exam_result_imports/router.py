"""Routes of exam results by file."""

from __future__ import annotations

from fastapi import Response

from services.kit import fields, import_routes, operations, routing
from services.kit.import_routes import DryRun, SheetFile
from services.kit.runtime import RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.exam_result_imports import actions

router = routing.router(actions.PATH, "exam_result_imports")
exam_router = routing.router("/v1/exams/{exam_id}", "exam_result_imports")


@exam_router.post("/result-imports", summary="导入成绩", **import_routes.TAKES)
async def start(
    exam_id: fields.Id,
    file: SheetFile,
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


import_routes.add_to(router, actions.IMPORTS, access.MayWriteExamResults, "成绩")
