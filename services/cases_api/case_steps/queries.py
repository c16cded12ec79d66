"""Reads of single steps; a file shows its steps itself."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from services.cases_api.case_files.tables import CaseStep
from services.kit import errors
from services.kit.db import Session


async def one_for_update(session: Session, case_file_id: UUID, step_id: UUID) -> CaseStep:
    """A step of a file that is locked already; NotFound."""
    statement = select(CaseStep).where(CaseStep.id == step_id, CaseStep.case_file_id == case_file_id).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found
