"""Routes of the reasons."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.exemption_reasons import actions, queries
from services.training_api.exemption_reasons.schemas import (
    ExemptionReasonFilter,
    ExemptionReasonIn,
    ExemptionReasonOut,
    ExemptionReasonPage,
)

router = routing.router("/v1/exemption-reasons", "exemption_reasons")


@router.get("", response_model=ExemptionReasonPage, summary="减免事由列表")
async def page(
    wanted: Annotated[ExemptionReasonFilter, Query()],
    who: access.MayReadExemptionReasons,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Reasons by code and first day. `in_force_on` leaves those that hold on that day."""
    return cursors.answer(await queries.REASONS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ExemptionReasonOut, status_code=201, summary="设定减免事由")
async def add(
    request: Request, wanted: ExemptionReasonIn, who: access.MayWriteExemptionReasons, session: SessionDep, now: Now
) -> Response:
    """Says what a reason is and demands from a day on. Rows are only added; what was approved stays as it was approved."""
    row = await actions.add(session, who, wanted, now)
    return answers.created(request, await queries.one(session, row.id), f"/v1/exemption-reasons?code={row.code}")
