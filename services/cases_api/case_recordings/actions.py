"""What units do with the index of recordings."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_files import actions as files
from services.cases_api.case_files import queries as file_queries
from services.cases_api.case_files.rules import states
from services.cases_api.case_recordings import rules
from services.cases_api.case_recordings.schemas import CaseRecordingIn
from services.cases_api.case_recordings.tables import CaseRecording
from services.kit import errors, evidence, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT: Final = "case_recording"


async def add(session: Session, who: Principal, file_id: UUID, wanted: CaseRecordingIn, now: datetime) -> CaseRecording:
    """Enters a recording into the index of an open file. Raises NotFound, Locked, BadInput."""
    file = await file_queries.one_for_update(session, who, file_id, None)
    raise_if(states.why_not_change(file))
    if faults := list(rules.faults(wanted, now)):
        raise errors.BadInput(*faults)
    made = CaseRecording(id=ids.new_id(), case_file_id=file.id, created_by=who.account_id, created_at=now, **wanted.model_dump())
    session.add(made)
    await session.flush()
    if wanted.attachment_id is not None:
        named, place = [wanted.attachment_id], (file.district_id, file.unit_id)
        await evidence.attach(session, who, named, OBJECT, made.id, access.CASE_FILES_READ, *place, pointer="/body/attachment_id")
    facts = {"recording_id": made.id, "stage": made.stage, "medium": made.medium, "sha256": made.sha256}
    files.tell(session, who, file, "recording_added", {}, facts)
    return made
