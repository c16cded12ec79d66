"""Routes of attendance by file."""

from __future__ import annotations

from fastapi import Response

from services.kit import fields, import_routes, operations, routing
from services.kit.import_routes import DryRun, SheetFile
from services.kit.runtime import Now, RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.attendance_imports import actions

router = routing.router(actions.PATH, "attendance_imports")
class_router = routing.router("/v1/classes/{class_id}", "attendance_imports")


@class_router.post("/attendance-imports", summary="导入考勤", **import_routes.TAKES)
async def start(
    class_id: fields.Id,
    file: SheetFile,
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


import_routes.add_to(router, actions.IMPORTS, access.MayRecordAttendance, "考勤")
