"""What units do with the documents of their files."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_documents import queries
from services.cases_api.case_documents.schemas import CaseDocumentIn
from services.cases_api.case_documents.tables import CaseDocument, RedactedCopy
from services.cases_api.case_files.actions import trail
from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.queries import rows as file_rows
from services.cases_api.case_files.rules import states
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.document_numbers import actions as numbers
from services.cases_api.document_numbers.tables import DocumentNumber
from services.kit import clock, errors, evidence, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal


async def add(session: Session, who: Principal, file_id: UUID, wanted: CaseDocumentIn, now: datetime) -> CaseDocument:
    """Adds a document or its next version. Raises NotFound, Locked, BadInput (its number, the uploaded file)."""
    file = await file_rows.one_for_update(session, who, file_id, None)
    raise_if(states.why_not_change(file))
    if wanted.made_on is not None and wanted.made_on > clock.local_day(now):
        raise errors.BadInput(errors.Fault("/body/made_on", "day.in_the_future"))
    number = await _number(session, who, file, wanted, now)
    made = CaseDocument(
        id=ids.new_id(),
        case_file_id=file.id,
        version=await queries.next_version(session, file.id, wanted.type, wanted.title),
        created_by=who.account_id,
        created_at=now,
        number=number.number if number else wanted.number,
        number_id=number.id if number else None,
        **wanted.model_dump(include={"type", "title", "made_on", "elements", "attachment_id"}),
    )
    session.add(made)
    await session.flush()
    if wanted.attachment_id is not None:
        await trail.attach(session, who, file, wanted.attachment_id)
    facts = {
        "document_id": made.id,
        "type": made.type,
        "number": made.number,
        "version": made.version,
        "attachment_id": made.attachment_id,
    }
    trail.tell(session, who, file, "document_added", {}, facts)
    return made


async def add_redacted(
    session: Session, who: Principal, file_id: UUID, document_id: UUID, attachment_id: UUID, now: datetime
) -> None:
    """Adds a blacked-out copy of a document; reviewers of rounds with hidden units may download it and nothing else of it.

    The file itself is untouched, also when it is locked. Raises NotFound, BadInput (the uploaded file).
    """
    file = await file_rows.one_for_update(session, who, file_id, None)
    document = await queries.one_of_file(session, file.id, document_id)
    session.add(
        RedactedCopy(
            id=ids.new_id(), document_id=document.id, attachment_id=attachment_id, created_by=who.account_id, created_at=now
        )
    )
    await session.flush()
    place, pointers = (file.district_id, file.unit_id), ["/body/attachment_id"]
    await evidence.attach(session, who, [attachment_id], masking.MASKED, file.id, access.CASE_FILES_READ, *place, pointers)
    trail.tell(session, who, file, "redacted_copy_added", {}, {"document_id": document.id, "attachment_id": attachment_id})


async def _number(
    session: Session, who: Principal, file: CaseFile, wanted: CaseDocumentIn, now: datetime
) -> DocumentNumber | None:
    """The document's number, where this system gives it."""
    given = [name for name in ("number", "number_id", "take_number") if getattr(wanted, name)]
    if len(given) > 1:
        raise errors.BadInput(*(errors.Fault(f"/body/{name}", "not_allowed") for name in given[1:]))
    if wanted.number_id is not None:
        return await numbers.use(session, who, wanted.number_id, file.unit_id, wanted.type, file.id)
    year = clock.local_day(now).year
    return await numbers.next_one(session, who, file.unit_id, wanted.type, year, file.id, now) if wanted.take_number else None
