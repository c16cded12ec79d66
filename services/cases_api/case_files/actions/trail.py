"""What is told of a change: the row of the file's history, audit row and message; and files attached."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.rules.states import State
from services.cases_api.case_files.tables import CaseFile, CaseMove
from services.kit import evidence, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT: Final = masking.OBJECT
TRAIL: Final = Trail(OBJECT, access.CASE_FILES_READ)
# What may hold a person's data in free text enters the audit trail by name only.
UNTOLD: Final = frozenset({"decision", "note"})


def move_row(
    who: Principal,
    file: CaseFile,
    action: str,
    start: State | None,
    end: State,
    on: date,
    now: datetime,
    reason: str | None = None,
) -> CaseMove:
    """A row of the file's history."""
    return CaseMove(
        id=ids.new_id(),
        case_file_id=file.id,
        action=action,
        from_state=start,
        to_state=end,
        effective_on=on,
        reason=reason,
        account_id=who.account_id,
        recorded_at=now,
    )


async def attach(session: Session, who: Principal, file: CaseFile, attachment_id: UUID) -> None:
    """Puts an uploaded file into a case file: who may read the one may download the other. BadInput for another's upload."""
    place = (file.district_id, file.unit_id)
    right, pointers = access.CASE_FILES_READ, ["/body/attachment_id"]
    await evidence.attach(session, who, [attachment_id], OBJECT, file.id, right, *place, pointers=pointers)


def tell(
    session: Session,
    who: Principal,
    file: CaseFile,
    verb: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    """Audit row and message of a change; free texts are named, not told."""
    old, new = ({name: "…" if name in UNTOLD else value for name, value in side.items()} for side in (before, after))
    TRAIL.tell(session, who, file, verb, old, new, reason)
