"""Routes of importing class hours."""

from __future__ import annotations

from fastapi import Response

from services.kit import import_routes, routing
from services.kit.import_routes import DryRun, SheetFile
from services.kit.runtime import RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.hour_imports import actions

router = routing.router(actions.PATH, "hour_imports")


@router.post("", summary="导入学时", **import_routes.TAKES)
async def start(
    file: SheetFile, who: access.MayImportHours, session: SessionDep, runtime: RuntimeDep, dry_run: DryRun = False
) -> Response:
    """Takes a file in and works on it in the background. Good rows are posted, bad rows come back with every reason.

    The same row never counts twice (by its external id, else by all it says), so a file may be sent again. A dry run
    does all but post. 415 `sheet.kind_not_allowed`, 400 `sheet.unsafe`, `sheet.unreadable`.
    """
    return await import_routes.taken_in(session, who, runtime, actions.KIND, file, dry_run=dry_run)


import_routes.add_to(router, actions.IMPORTS, access.MayImportHours, "学时")
