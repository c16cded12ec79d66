"""Route of the archive."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, Final
from uuid import UUID

from fastapi import Request
from fastapi.responses import StreamingResponse

from services.cases_api import access
from services.cases_api.draws.queries import records as draws
from services.cases_api.review_bundles import queries
from services.cases_api.review_bundles.formats import Archive
from services.kit import answers, exports, fields, routing
from services.kit.principal import Principal
from services.kit.runtime import ReadDep, Runtime, RuntimeDep

router = routing.router("/v1/review-campaigns/{campaign_id}", "review-campaigns")
ZIP: Final = "application/zip"
FILES: Final[dict[int | str, dict[str, Any]]] = {200: {"content": {ZIP: {"schema": {"type": "string", "format": "binary"}}}}}


@router.get("/bundle", response_class=StreamingResponse, responses=FILES, summary="评查档案包")
async def bundle(
    request: Request, campaign_id: fields.Id, who: access.MayExportReviewCampaigns, read: ReadDep, process: RuntimeDep
) -> StreamingResponse:
    """The whole record of a campaign as a zip for archives and outside checking: rubric, rounds, draws with their frames, reasons
    of assignments, sheets, arbitrations, results, objections and rectifications of published rounds, and a manifest of SHA-256
    hashes. Identities are masked, and of evidence there are the hashes alone.
    The same state gives the same bytes; `./zhifa reviews verify-bundle FILE` checks it offline. It is sent while it is made.
    """
    ground = await queries.ground(read, who, campaign_id, process.cursor_key)
    await exports.audited(request, process, who, "review_bundle", {"campaign_id": campaign_id})
    headers = {"Content-Disposition": answers.file_name_header(f"{ground.year}年案卷评查档案包.zip")}
    return StreamingResponse(_blocks(process, who, campaign_id, ground), media_type=ZIP, headers=headers)


async def _blocks(process: Runtime, who: Principal, campaign_id: UUID, ground: queries.Ground) -> AsyncIterator[bytes]:
    """The archive, entry by entry; no connection is held while the caller reads, and packing holds up nobody."""
    facts = {"campaign_id": str(campaign_id), "changed_at": ground.changed_at.isoformat().replace("+00:00", "Z")}
    archive = Archive(facts, ground.names)
    for path in queries.DOCUMENTS:
        archive.begin(path)
        yield await asyncio.to_thread(archive.add, await queries.document(process, campaign_id, path))
    for draw_id in ground.draw_ids:
        archive.begin(f"draws/{draw_id}.json")
        async with process.database.reading() as read:
            record = await draws.record(read, who, draw_id)
        yield await asyncio.to_thread(archive.add, record.body)
    for path in queries.LISTS:
        archive.begin(path)
        async for page in queries.lines(process, campaign_id, path):
            yield await asyncio.to_thread(archive.add, page)
    yield archive.end()
