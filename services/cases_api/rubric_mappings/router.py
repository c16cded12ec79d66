"""Routes of mappings between rubrics."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.rubric_mappings import actions
from services.cases_api.rubric_mappings.schemas import RubricMappingIn, RubricMappingOut, WhatIfFilter, WhatIfPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatchOrNew
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/rubrics/{rubric_id}", "rubric-mappings")


@router.get("/mapping", response_model=RubricMappingOut, summary="新旧标准对应关系")
async def one(request: Request, rubric_id: fields.Id, who: access.MayReadRubrics, read: ReadDep) -> Response:
    """What every item and veto of the rubric this one replaces became in it. 409 while none is set."""
    return answers.one(request, await actions.shown(read, who, rubric_id))


@router.put("/mapping", response_model=RubricMappingOut, summary="设定新旧标准对应关系")
async def put(
    request: Request,
    rubric_id: fields.Id,
    wanted: RubricMappingIn,
    who: access.MayWriteRubrics,
    version: IfMatchOrNew,
    session: SessionDep,
    now: Now,
) -> Response:
    """Says what was renamed or given up since the rubric named by `replaces_id`; equal keys follow each other by themselves."""
    await actions.put(session, who, rubric_id, version, wanted, now)
    return answers.one(request, await actions.shown(session, who, rubric_id))


@router.get("/what-if", response_model=WhatIfPage, summary="按新标准试算")
async def what_if(
    rubric_id: fields.Id,
    wanted: Annotated[WhatIfFilter, Query()],
    who: access.MayTryRubrics,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Finished reviews under the old rubric with the total and grade they would have under this one, also while it is a draft.
    A deduction keeps its weight within its item, rounded half up to hundredths. Scores stay bound to the rubric they were given
    under: nothing is changed.
    """
    return cursors.answer(await actions.what_if(read, who, rubric_id, wanted, cursors.after(wanted)), wanted)
