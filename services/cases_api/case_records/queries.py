"""What records refer to, asked of the database."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from services.cases_api.case_files.tables import CaseFile
from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers import lookups
from services.kit.registers.kinds import Draft


async def case_file_of_unit(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
    """The case file named, if any, is one of the record's own unit."""
    return await _fault_of_file(session, draft.unit.id, draft.facts.case_file_id)


async def _fault_of_file(session: Session, unit_id: UUID, case_file_id: UUID | None) -> Sequence[Fault]:
    if case_file_id is None:
        return []
    same = (CaseFile.id == case_file_id, CaseFile.unit_id == unit_id, CaseFile.state != "void")
    known = (await session.execute(select(CaseFile.id).where(*same))).scalar_one_or_none()
    return [] if known else [Fault("/body/case_file_id", "not_found")]


CASE_NUMBER: Final = lookups.by("案号", CaseFile.case_no, CaseFile.id, CaseFile.district_id, CaseFile.state != "void")


async def case_officers(session: Session, case_file_id: UUID) -> Sequence[UUID]:
    """Officers who handled the file."""
    found = (await session.execute(select(CaseFile.officers).where(CaseFile.id == case_file_id))).scalar_one_or_none()
    return found or []
