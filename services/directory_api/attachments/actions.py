"""What people do with files."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from pathlib import Path

from services.directory_api import access
from services.directory_api.attachments import formats, queries, rules
from services.directory_api.attachments.tables import Attachment
from services.kit import audit, ids, outbox
from services.kit.db import Reader, Session
from services.kit.principal import Principal


async def upload(session: Session, who: Principal, folder: Path, name: str, content: bytes, now: datetime) -> Attachment:
    """Stores a file, its type read from the content. Raises NoFile, UnknownKind.

    The content is stored before the row: a file without a row is harmless, a row without a file is not.
    """
    media_type = await asyncio.to_thread(rules.media_type_of, content)
    digest = await asyncio.to_thread(formats.put, folder, content)
    attachment = Attachment(
        id=ids.new_id(), district_id=who.district_id, unit_id=who.unit_id, uploaded_by=who.account_id,
        file_name=rules.clean_name(name, media_type), media_type=media_type, size=len(content), sha256=digest, version=1,
        created_at=now,
    )  # fmt: skip
    session.add(attachment)
    facts = {"media_type": media_type, "size": len(content), "sha256": digest}
    audit.record(session, who, "attachment.uploaded", "attachment", attachment.id, who.district_id, who.unit_id, after=facts)
    outbox.publish(
        session, "attachment.uploaded", "attachment", attachment.id, 1, access.ATTACHMENTS_WRITE, who.district_id, who.unit_id,
        account_ids=[who.account_id],
    )  # fmt: skip
    return attachment


# No request lasts this long, so a content without a row by then was never kept.
ORPHAN_AGE = timedelta(days=1)


async def sweep(read: Reader, folder: Path, prefix: str, now: datetime) -> int:
    """Drops contents that no row names (dry runs, uploads rolled back) once they are a day old; answers how many.

    Looks at one of the store's 256 folders at a time (`prefix` is its name), so that no sweep lasts long.
    """
    old = await asyncio.to_thread(formats.older_than, folder / prefix, now - ORPHAN_AGE)
    orphans = set(old) - await queries.known(read, old)
    return await asyncio.to_thread(formats.drop, folder, prefix, orphans, now - ORPHAN_AGE)
