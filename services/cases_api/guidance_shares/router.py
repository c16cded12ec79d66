"""Routes of shares of guided cases."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.cases_api import access
from services.cases_api.guidance_shares import queries
from services.cases_api.guidance_shares.schemas import GuidanceShareFilter, GuidanceSharePage
from services.kit import errors, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep

router = routing.router("/v1/guidance-shares", "guidance-shares")


@router.get("", response_model=GuidanceSharePage, summary="跟案指导比例")
async def page(
    wanted: Annotated[GuidanceShareFilter, Query()],
    who: access.MayReadGuidanceShares,
    read: ReadDep,
    cursors: CursorsDep,
    now: Now,
) -> Response:
    """How far each granting department has come with the share of the year's cases on its items that it must guide (plan task 11:
    at least 30 %). `need` is the share rounded up; a department without such a case owes nothing. With `as_of` as recorded then.
    """
    if wanted.as_of is not None and wanted.as_of > now:
        raise errors.BadInput(errors.Fault("/query/as_of", "in_future"))
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)
