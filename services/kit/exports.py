"""Lists as files: read page by page, written by a child process, streamed, noted in the audit trail.

No connection is held while the caller reads, and nothing is held in memory but a page.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any, Final, Literal

from fastapi import Request
from fastapi.responses import StreamingResponse

from services.kit import answers, audit, pagination, routing, workbooks
from services.kit.db import Reader
from services.kit.pagination import Page, Start
from services.kit.principal import Principal
from services.kit.runtime import Runtime

Form = Literal["csv", "xlsx"]
FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {"content": {each: {"schema": {"type": "string", "format": "binary"}} for each in workbooks.MEDIA_TYPES.values()}}
}
PAGE: Final = 2_000
# The items of a page are JSON arrays, a cell each.
Fetch = Callable[[Reader, Start | None], Awaitable[Page]]


async def audited(
    request: Request, runtime: Runtime, who: Principal, kind: str, facts: Mapping[str, Any], verb: str = "exported"
) -> None:
    """Notes, before the first byte leaves, who takes what out: `kind` is the list's (`hour_entry`), `facts` the filters."""
    async with runtime.database.transaction() as session:
        session.info["circumstances"] = routing.circumstances(request, runtime)
        audit.record(session, who, f"{kind}.{verb}", kind, None, who.district_id, who.unit_id, after=facts)


async def lines(runtime: Runtime, headings: Sequence[str], fetch: Fetch) -> AsyncIterator[bytes]:
    """The headings, and then page after page as the database made them."""
    yield json.dumps(headings).encode() + b"\n"
    start: Start | None = None
    while True:
        async with runtime.database.reading() as read:
            page = await fetch(read, start)
        yield "".join(f"{item}\n" for item in page.items).encode()
        if page.next_start is None:
            return
        start = [pagination.plain(value) for value in page.next_start]


def download(blocks: AsyncGenerator[bytes, None], form: str, name: str) -> StreamingResponse:
    """The file, under a name in any script."""
    headers = {"Content-Disposition": answers.file_name_header(f"{name}.{form}")}
    return StreamingResponse(blocks, media_type=workbooks.MEDIA_TYPES[form], headers=headers)
