"""Route of the public list."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.kit import clock, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep
from services.training_api.auxiliary_staff import queries
from services.training_api.auxiliary_staff.schemas import AuxiliaryFilter, AuxiliaryPage

router = routing.router("/v1/auxiliary-staff", "auxiliary_staff")


@router.get("", response_model=AuxiliaryPage, summary="辅助人员公示名单", openapi_extra={"security": []})
async def page(wanted: Annotated[AuxiliaryFilter, Query()], read: ReadDep, cursors: CursorsDep, now: Now) -> Response:
    """Auxiliary staff in service, by unit, open to anybody. The district's rules say how names are shown, and whether only
    those who passed the exam are listed.
    """
    return cursors.answer(await queries.page(read, wanted, cursors.after(wanted), clock.local_day(now)), wanted)
