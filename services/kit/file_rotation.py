"""Files of imports sealed anew when the keys change, so that no old key must stay as long as they are kept.

Piece by piece, a few in a transaction, passing over those that somebody holds; which are left, they say themselves.
"""

from __future__ import annotations

import asyncio
from typing import Final
from uuid import UUID

from sqlalchemy import text

from services.kit import audit, db, import_files, logs
from services.kit.personal import UnreadablePersonalData, Vault
from services.kit.runtime import Runtime

log = logs.logger(__name__)

TABLE: Final = "kit.import_chunks"
# Each of them a megabyte at most.
BATCH: Final = 4
STALE = text(
    f"SELECT c.import_id, c.place, c.content FROM {TABLE} c JOIN kit.imports i ON i.id = c.import_id"  # noqa: S608  # a name of ours
    " WHERE i.service = :service AND (c.import_id, c.place) > (:import_id, :place)"
    " AND substring(c.content FROM 1 FOR :length) <> :prefix"
    f" ORDER BY c.import_id, c.place LIMIT {BATCH} FOR NO KEY UPDATE OF c SKIP LOCKED"
)
WRITE = text(f"UPDATE {TABLE} SET content = :content WHERE import_id = :import_id AND place = :place")  # noqa: S608  # a name of ours
Place = tuple[UUID, int]
FIRST: Final[Place] = (UUID(int=0), -1)


async def reseal(runtime: Runtime, vault: Vault, after: Place) -> tuple[int, Place | None]:
    """Seals some pieces of the service's files behind this one anew; how many, and where to go on (None: nothing is left)."""
    key = vault.keys.seals.active
    async with runtime.database.session() as session:
        where = {"service": runtime.service, "import_id": after[0], "place": after[1]}
        where |= {"length": len(key.prefix), "prefix": key.prefix}
        rows = (await session.execute(STALE, where)).all()
        if not rows:
            return 0, None
        made = 0
        for import_id, place, content in rows:
            anew = await asyncio.to_thread(_anew, vault, import_id, place, bytes(content))
            if anew is not None:
                await session.execute(WRITE, {"content": anew, "import_id": import_id, "place": place})
                made += 1
        if made:
            session.info["circumstances"] = audit.Circumstances(runtime.service, runtime.clock(), "")
            told = {"table": TABLE, "rows": made, "seal": key.name}
            audit.record(session, None, "personal_data.sealed_anew", "personal_data", None, after=told)
            await db.finish(session)
        return made, (rows[-1].import_id, rows[-1].place)


def _anew(vault: Vault, import_id: UUID, place: int, content: bytes) -> bytes | None:
    purpose = import_files.purpose(import_id, place)
    try:
        return vault.seal_bytes(vault.open_bytes(content, purpose), purpose)
    except UnreadablePersonalData:
        log.error("personal_data.unreadable", table=TABLE, id=str(import_id))
        return None
