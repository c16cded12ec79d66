"""Evidence files: a feature names attachments uploaded beforehand, and its right to read decides who may download them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import or_, select, text

from services.kit import errors, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.references import attachments
from services.kit.rights import Right

LINK = text("""
    INSERT INTO kit.attachment_links (attachment_id, object_type, object_id, district_id, unit_id, account_ids, audience)
    SELECT attachment_id, :object_type, :object_id, :district_id, :unit_id, '{}', CAST(:audience AS jsonb)
    FROM unnest(CAST(:attachment_ids AS uuid[])) AS attachment_id
    ON CONFLICT DO NOTHING
""")


async def attach(
    session: Session,
    who: Principal,
    attachment_ids: Sequence[UUID],
    object_type: str,
    object_id: UUID,
    right: Right,
    district_id: UUID,
    unit_id: UUID,
    pointers: Sequence[str] = (),
) -> None:
    """Links files to the object they prove; whoever reaches the object under `right` may download them.

    BadInput names each id that is repeated, or no file uploaded by the caller or the caller's unit (not_found), at its
    pointer, or in `/body/attachment_ids` where no pointers are given.
    """
    if not attachment_ids:
        return
    places = pointers or [f"/body/attachment_ids/{place}" for place in range(len(attachment_ids))]
    faults = await _faults(session, who, attachment_ids, places)
    if faults:
        raise errors.BadInput(*faults)
    linked = {
        "object_type": object_type,
        "object_id": object_id,
        "district_id": district_id,
        "unit_id": unit_id,
        "audience": json.dumps(outbox.audience_of(right)),
        "attachment_ids": list(attachment_ids),
    }
    await session.execute(LINK, linked)


async def _faults(
    session: Session, who: Principal, attachment_ids: Sequence[UUID], pointers: Sequence[str]
) -> list[errors.Fault]:
    own = attachments.c.uploaded_by == who.account_id
    if who.unit_id is not None:
        own = or_(own, attachments.c.unit_id == who.unit_id)
    found = select(attachments.c.id).where(attachments.c.id.in_(attachment_ids), own)
    known = set((await session.execute(found)).scalars())
    times = Counter(attachment_ids)
    placed = list(zip(pointers, attachment_ids, strict=True))
    unknown = [errors.Fault(pointer, "not_found") for pointer, each in placed if each not in known]
    repeated = [errors.Fault(pointer, "repeated") for pointer, each in placed if times[each] > 1]
    return [*unknown, *repeated]
