"""What units do with the steps of a file. Each act moves the file's version on."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api.case_files import external
from services.cases_api.case_files.actions import trail
from services.cases_api.case_files.queries import rows as file_rows
from services.cases_api.case_files.rules import contents, states
from services.cases_api.case_files.tables import CaseFile, CaseStep
from services.cases_api.case_steps import queries
from services.cases_api.step_forms.rules import StepName
from services.cases_api.step_forms.schemas.union import StepIn
from services.kit import audit, clock, errors
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal


async def add(session: Session, who: Principal, file_id: UUID, version: int, wanted: StepIn, now: datetime) -> CaseFile:
    """Adds a dated event. Filing, decision, closing and archiving come from the file's own days and are refused here.

    Raises NotFound, Stale, Locked, BadInput with every fault.
    """
    file = await _open_file(session, who, file_id, version)
    refused = [Fault("/body/step", "not_allowed")] if wanted.step in contents.KEPT else []
    await _demand_sound(session, file, wanted, now, refused)
    row = file_rows.step_row(file.id, wanted.step, wanted.on, now, wanted.note, wanted.facts())
    session.add(row)
    return await _told(session, who, file, now, "step_added", {}, _facts(row))


async def replace(
    session: Session, who: Principal, file_id: UUID, step_id: UUID, version: int, wanted: StepIn, now: datetime
) -> CaseFile:
    """Corrects a step, or completes it with what has become known since; its kind stays, and a kept one keeps its day.

    Raises NotFound, Stale, Locked, BadInput with every fault.
    """
    file = await _open_file(session, who, file_id, version)
    row = await queries.one_for_update(session, file.id, step_id)
    refused = [] if wanted.step == row.step else [Fault("/body/step", "not_allowed")]
    if row.step in contents.KEPT and wanted.on != row.happened_on:
        refused.append(Fault("/body/on", "step.other_day"))
    await _demand_sound(session, file, wanted, now, refused)
    before = _facts(row)
    row.happened_on, row.note, row.fields = wanted.on, wanted.note, wanted.facts()
    return await _told(session, who, file, now, "step_changed", before, _facts(row))


async def remove(session: Session, who: Principal, file_id: UUID, step_id: UUID, version: int, now: datetime) -> CaseFile:
    """Takes a wrongly entered step out; needs `X-Change-Reason`. Raises NotFound, Stale, Locked, StepFollowsFile."""
    file = await _open_file(session, who, file_id, version)
    row = await queries.one_for_update(session, file.id, step_id)
    raise_if(contents.why_not_remove(StepName(row.step)))
    audit.demanded_reason(session)
    before = _facts(row)
    await session.delete(row)
    return await _told(session, who, file, now, "step_removed", before, {})


async def _open_file(session: Session, who: Principal, file_id: UUID, version: int) -> CaseFile:
    file = await file_rows.one_for_update(session, who, file_id, version)
    raise_if(states.why_not_change(file))
    return file


async def _demand_sound(session: Session, file: CaseFile, wanted: StepIn, now: datetime, faults: list[Fault]) -> None:
    known = await external.officers(session, {officer_id for _, officer_id in wanted.officers_named()})
    faults += contents.future_faults(wanted, clock.local_day(now), "/body")
    faults += contents.step_officer_faults(wanted, file.district_id, known, "/body")
    if faults:
        raise errors.BadInput(*faults)


def _facts(row: CaseStep) -> dict[str, Any]:
    """What the trail tells of a step: notes and other free texts may name people and stay out of it."""
    return {"step_id": row.id, "step": row.step, "on": row.happened_on, "facts": sorted(row.fields)}


async def _told(
    session: Session,
    who: Principal,
    file: CaseFile,
    now: datetime,
    verb: str,
    before: dict[str, Any],
    after: dict[str, Any],
) -> CaseFile:
    file_rows.touch(file, now)
    await session.flush()
    trail.tell(session, who, file, verb, before, after)
    return file
