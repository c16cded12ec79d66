"""Reads of the index: who may read the file may read what was recorded of it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal, null, select

from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.case_recordings.schemas import CaseRecordingFilter
from services.cases_api.case_recordings.tables import CaseRecording
from services.kit import answers, pagination
from services.kit.db import Reader, Session
from services.kit.principal import Principal

PLAIN = ("id", "case_file_id", "stage", "medium", "title", "device_no", "kept_at", "sha256", "attachment_id", "created_by")
MOMENTS = ("started_at", "ended_at", "created_at")
FIELDS = {name: getattr(CaseRecording, name) for name in PLAIN} | {
    name: answers.moment(getattr(CaseRecording, name)) for name in MOMENTS
}
BODY = answers.json_object(FIELDS)


def body(who: Principal) -> ColumnElement[Any]:
    """The entry as the caller reads it; masked, neither device nor place nor the recording itself are told."""
    without = dict.fromkeys(("device_no", "kept_at", "attachment_id", "created_by"), null())
    masked = FIELDS | without | {"title": masking.masked_text(CaseRecording.title)}
    return masking.unless_masked(who, BODY, answers.json_object(masked))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of recordings: that of their files."""
    return CaseRecording.case_file_id.in_(select(CaseFile.id).where(masking.visible_to(who)))


async def page(
    read: Reader, who: Principal, case_file_id: UUID, wanted: CaseRecordingFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of a file's index by the time of recording."""
    named = wanted.model_dump(include={"stage", "medium"}, exclude_none=True)
    filters = [getattr(CaseRecording, name) == value for name, value in named.items()]
    found = (
        select(body(who))
        .join(CaseFile, CaseFile.id == CaseRecording.case_file_id)
        .where(CaseRecording.case_file_id == case_file_id, visible_to(who), *filters)
    )
    order = pagination.Order((CaseRecording.started_at, CaseRecording.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, found, order, wanted, start)


async def one(session: Session, recording_id: UUID) -> answers.One:
    """An entry just made; entries never change, so there is one version only."""
    return await answers.read_one(session, select(BODY, literal(1)).where(CaseRecording.id == recording_id))
