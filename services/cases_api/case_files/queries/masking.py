"""Who sees a case file, and what of it is hidden from a reviewer who is not to know whose it is."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, case, false, func, or_, select

from services.cases_api.case_files.tables import CaseFile
from services.kit import visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role

# Under this name evidence files are linked to it and its reviewers are known.
OBJECT: Final = "case_file"
# Under this name are those known who review it without knowing whose it is.
MASKED: Final = "masked_case_file"
PLACE: Final = {"district": CaseFile.district_id, "unit": CaseFile.unit_id}


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of case files: by district and unit, and for reviewers while they are assigned."""
    assigned = or_(visibility.assigned(who, OBJECT, CaseFile.id), visibility.assigned(who, MASKED, CaseFile.id))
    return visibility.within(who, district=CaseFile.district_id, unit=CaseFile.unit_id, assigned=assigned)


def is_masked(who: Principal, case_file_id: Any = CaseFile.id) -> ColumnElement[bool]:
    """Whether the caller reviews the file in a round that hides its unit; also when other roles would let it be seen."""
    return visibility.assigned(who, MASKED, case_file_id) if Role.REVIEWER in who.roles else false()


def unless_masked(who: Principal, plain: ColumnElement[Any], masked: ColumnElement[Any]) -> ColumnElement[Any]:
    """What the caller reads of something that belongs to a file; nobody but reviewers pays for the question."""
    return case((is_masked(who), masked), else_=plain) if Role.REVIEWER in who.roles else plain


def masked_text(said: Any) -> ColumnElement[str]:
    """A text of the file without what tells its unit, officers, party and number."""
    return func.cases.masked(said, CaseFile.unit_id, CaseFile.officers, CaseFile.party_name_shown, CaseFile.case_no, type_=Text())


async def masked_told(connection: Reader | Session, who: Principal, case_file_id: UUID, told: str) -> str | None:
    """What was told of a file as a reviewer reads it who is not to know whose it is; None for everybody else."""
    if Role.REVIEWER not in who.roles:
        return None
    found = select(masked_text(told)).where(CaseFile.id == case_file_id, is_masked(who))
    return (await connection.execute(found)).scalar_one_or_none()
