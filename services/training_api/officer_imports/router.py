"""Routes of importing officers."""

from __future__ import annotations

from fastapi import Response

from services.kit import import_routes, routing
from services.kit.import_routes import DryRun, SheetFile
from services.kit.runtime import RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.officer_imports import actions

router = routing.router(actions.PATH, "officer_imports")


@router.post("", summary="导入执法人员", **import_routes.TAKES)
async def start(
    file: SheetFile, who: access.MayWriteOfficers, session: SessionDep, runtime: RuntimeDep, dry_run: DryRun = False
) -> Response:
    """Takes a list of officers in and works on it in the background. Good rows are entered, bad rows come back with every reason.

    Units by their codes. A row with an external id that is known corrects that officer; a row without one whose person
    stands there already changes nothing, so a list may be sent again. Identity numbers are checked and sealed.
    415 `sheet.kind_not_allowed`, 400 `sheet.unsafe`, `sheet.unreadable`.
    """
    return await import_routes.taken_in(session, who, runtime, actions.KIND, file, dry_run=dry_run)


import_routes.add_to(router, actions.IMPORTS, access.MayWriteOfficers, "执法人员")
