"""Rows of case files for whoever changes them, and their steps."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.rules import contents
from services.cases_api.case_files.tables import CaseFile, CaseStep
from services.cases_api.step_forms.rules import StepName
from services.kit import errors, ids, preconditions
from services.kit.db import Session
from services.kit.principal import Principal

# What kept steps hold besides their day, by kind.
Facts = Mapping[str, Mapping[str, Any]]
NOTHING: Final[Facts] = {}


async def one_for_update(session: Session, who: Principal, case_file_id: UUID, version: int | None) -> CaseFile:
    """The row, locked; NotFound, Stale. Without a version, for what hangs on a file and leaves the file itself alone."""
    statement = select(CaseFile).where(CaseFile.id == case_file_id, masking.visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    if version is not None:
        preconditions.expect(found.version, version)
    return found


async def one_row(session: Session, who: Principal, case_file_id: UUID) -> CaseFile:
    """The row as it stands; NotFound."""
    statement = select(CaseFile).where(CaseFile.id == case_file_id, masking.visible_to(who))
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def steps(session: Session, case_file_ids: Collection[UUID]) -> Sequence[CaseStep]:
    """The steps of these files."""
    return (await session.execute(select(CaseStep).where(CaseStep.case_file_id.in_(case_file_ids)))).scalars().all()


async def align_steps(session: Session, file: CaseFile, now: datetime, facts: Facts = NOTHING) -> None:
    """Makes the steps that follow from the file's own days agree with them; notes and facts on them stay or are renewed."""
    wanted = contents.kept_days(file)
    for row in await steps(session, [file.id]):
        if row.step in contents.KEPT and (on := wanted.pop(StepName(row.step), None)) is not None:
            row.happened_on = on
            row.fields = dict(facts.get(row.step) or row.fields)
        elif row.step in contents.KEPT:
            await session.delete(row)
    session.add_all(step_row(file.id, step, on, now, fields=facts.get(step)) for step, on in wanted.items())


def step_row(
    case_file_id: UUID, step: str, on: date, now: datetime, note: str | None = None, fields: Mapping[str, Any] | None = None
) -> CaseStep:
    """A new step."""
    return CaseStep(
        id=ids.new_id(),
        case_file_id=case_file_id,
        step=step,
        happened_on=on,
        note=note,
        fields=dict(fields or {}),
        created_at=now,
    )


def touch(file: CaseFile, now: datetime) -> None:
    """Moves the version on although only what hangs on the file has changed."""
    file.updated_at = now
    flag_modified(file, "updated_at")
