"""Routes by which officers come in."""

from __future__ import annotations

from fastapi import Request, Response

from services.kit import answers, batches, routing
from services.kit.runtime import Language, Now, RuntimeDep, SessionDep
from services.training_api import access
from services.training_api.officer_entries import actions
from services.training_api.officers import queries
from services.training_api.officers.schemas import BatchIn, OfficerIn, OfficerOut

router = routing.router("/v1/officers", "officers")


@router.post("", response_model=OfficerOut, status_code=201, summary="新增执法人员")
async def create(
    request: Request, wanted: OfficerIn, who: access.MayWriteOfficers, session: SessionDep, now: Now, process: RuntimeDep
) -> Response:
    """Adds an officer. The identity number is encrypted; no answer shows it. 409 `officer.duplicate` when it is in service."""
    officer = await actions.create(session, who, process.extras["vault"], wanted, now)
    return answers.created(request, await queries.OFFICER.one(session, who, officer.id), f"/v1/officers/{officer.id}")


@router.post("/batch", response_model=batches.Outcomes, summary="批量新增或更新执法人员")
async def batch(
    wanted: BatchIn, who: access.MayWriteOfficers, session: SessionDep, now: Now, language: Language, process: RuntimeDep
) -> batches.Outcomes:
    """Adds up to 500 officers, each with its own outcome; a known external id corrects that officer instead.

    `atomic`: one refusal refuses all (400 `batch.refused`, every fault located by item).
    """
    return await actions.batch(session, who, process.extras["vault"], wanted, now, language)
