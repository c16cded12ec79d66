"""Routes by which case files come in."""

from __future__ import annotations

from fastapi import Request, Response

from services.cases_api import access
from services.cases_api.case_entries.actions import entries
from services.cases_api.case_entries.schemas import CaseFileBatchIn
from services.cases_api.case_files.queries import lists
from services.cases_api.case_files.schemas.bodies import CaseFileIn
from services.cases_api.case_files.schemas.lists import CaseFileOut
from services.kit import answers, batches, routing
from services.kit.runtime import Language, Now, RuntimeDep, SessionDep

router = routing.router("/v1/case-files", "case-files")


@router.post("", response_model=CaseFileOut, status_code=201, summary="录入案卷")
async def create(
    request: Request, wanted: CaseFileIn, who: access.MayWriteCaseFiles, session: SessionDep, process: RuntimeDep, now: Now
) -> Response:
    """Enters a case file; its number is the reserved one named, or the next of its unit, kind and year of filing."""
    made = await entries.create(session, who, wanted, process.extras["vault"], now)
    return answers.created(request, await lists.FILE.one(session, who, made.id), f"/v1/case-files/{made.id}")


@router.post("/batch", response_model=batches.Outcomes, summary="批量录入或更新案卷")
async def batch(
    wanted: CaseFileBatchIn, who: access.MayWriteCaseFiles, session: SessionDep, process: RuntimeDep, now: Now, language: Language
) -> Response:
    """Enters up to 500 files; one whose external id is known already is brought up to date."""
    told = await entries.batch(session, who, wanted, process.extras["vault"], now, language)
    return Response(told.model_dump_json(exclude_none=True), media_type="application/json")
