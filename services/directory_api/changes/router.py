"""Route of the feed."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Response

from services.directory_api import access
from services.directory_api.changes import queries
from services.directory_api.changes.schemas import ChangePage, ChangeQuery
from services.kit import routing
from services.kit.runtime import ReadDep

router = routing.router("/v1/changes", "changes")


@router.get("", response_model=ChangePage, summary="变更流")
async def after(wanted: Annotated[ChangeQuery, Query()], who: access.MayReadChanges, read: ReadDep) -> Response:
    """What changed after the cursor, gap-free and in commit order, as far as the caller may see it."""
    found = await queries.after(read, who, wanted)
    body = f'{{"items":[{",".join(found.items)}],"next_cursor":"{found.next_cursor}"}}'
    return Response(body, media_type="application/json")
