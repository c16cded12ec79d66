"""What units do with the index of recordings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api.case_files.actions import trail
from services.cases_api.case_files.queries import rows as file_rows
from services.cases_api.case_files.rules import states
from services.cases_api.case_recordings import rules
from services.cases_api.case_recordings.schemas import CaseRecordingIn
from services.cases_api.case_recordings.tables import CaseRecording
from services.kit import errors, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal


async def add(session: Session, who: Principal, file_id: UUID, wanted: CaseRecordingIn, now: datetime) -> CaseRecording:
    """Enters a recording into the index of an open file. Raises NotFound, Locked, BadInput."""
    file = await file_rows.one_for_update(session, who, file_id, None)
    raise_if(states.why_not_change(file))
    if faults := list(rules.faults(wanted, now)):
        raise errors.BadInput(*faults)
    made = CaseRecording(id=ids.new_id(), case_file_id=file.id, created_by=who.account_id, created_at=now, **wanted.model_dump())
    session.add(made)
    await session.flush()
    if wanted.attachment_id is not None:
        await trail.attach(session, who, file, wanted.attachment_id)
    facts = {"recording_id": made.id, "stage": made.stage, "medium": made.medium, "sha256": made.sha256}
    trail.tell(session, who, file, "recording_added", {}, facts)
    return made
