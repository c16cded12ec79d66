"""Routes of importing case files of past years."""

from __future__ import annotations

from fastapi import Response

from services.cases_api import access
from services.cases_api.case_imports import actions
from services.kit import import_routes, routing
from services.kit.import_routes import DryRun, SheetFile
from services.kit.runtime import RuntimeDep, SessionDep

router = routing.router(actions.PATH, "case-imports")


@router.post("", summary="导入历史案卷", **import_routes.TAKES)
async def start(
    file: SheetFile, who: access.MayImportCaseFiles, session: SessionDep, runtime: RuntimeDep, dry_run: DryRun = False
) -> Response:
    """Takes a file in and works on it in the background. Good rows become case files, bad rows come back with every reason.

    A file is known again by its external id, else by its number, so a sheet may be sent again. Identities are checked and
    sealed; persons are named in no report but the sender's own. A dry run does all but write.
    415 `sheet.kind_not_allowed`, 400 `sheet.unsafe`, `sheet.unreadable`.
    """
    return await import_routes.taken_in(session, who, runtime, actions.KIND, file, dry_run=dry_run)


import_routes.add_to(router, actions.IMPORTS, access.MayImportCaseFiles, "历史案卷")
