"""What is done with checks: a file checked as it is read, the stored ones brought up to date, defects overridden."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_files.queries import masking, rows
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.legal_checks.queries import bodies, overrides, snapshots, stored
from services.cases_api.legal_checks.queries.snapshots import Snapshot
from services.cases_api.legal_checks.rules import checking, overriding
from services.cases_api.legal_checks.rules.checking import Checked
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.schemas import DefectsOut
from services.cases_api.legal_checks.tables import DefectOverride
from services.kit import audit, clock, ids, outbox
from services.kit.db import Database, Reader, Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT: Final = "case_file"
# Files checked in one transaction, and how many of them before others may use the process.
MOST, AT_ONCE = 500, 50


async def defects_of(read: Reader | Session, who: Principal, case_file_id: UUID, now: datetime) -> DefectsOut:
    """The check of one file, computed from what stands now. Raises NotFound."""
    snapshot, checked = await _check(read, who, case_file_id, now)
    known = await overrides.latest(read, case_file_id)
    told = DefectsOut.model_validate(bodies.defects(snapshot, checked, known))
    masked = await masking.masked_told(read, who, case_file_id, told.model_dump_json(exclude_none=True))
    return told if masked is None else DefectsOut.model_validate(bodies.nameless(json.loads(masked)))


async def _check(read: Reader | Session, who: Principal, case_file_id: UUID, now: datetime) -> tuple[Snapshot, Checked]:
    snapshot = await snapshots.one(read, who, case_file_id, now)
    context = await snapshots.context(read, snapshot.district_id)
    return snapshot, checking.checked(snapshot.case, context)


async def refresh(database: Database, district_id: UUID, now: datetime) -> int:
    """Brings the stored checks of a district up to date, at most so many; answers how many still wait, counted up to 500."""
    today = clock.local_day(now)
    async with database.reading() as read:
        context = await snapshots.context(read, district_id)
        if not await stored.count_waiting(read, district_id, context.basis, today, 1):
            return 0
    async with database.transaction() as session:
        await stored.lock(session, district_id)
        await _recheck(session, district_id, context, now)
        return await stored.count_waiting(session, district_id, context.basis, today, MOST)


async def _recheck(session: Session, district_id: UUID, context: Context, now: datetime) -> None:
    turns = await stored.waiting(session, district_id, context.basis, clock.local_day(now), MOST)
    found = await snapshots.of_files(session, list(turns), now)
    await stored.keep(session, await results_of(found, context), turns, context.basis, now)


async def results_of(found: Sequence[Snapshot], context: Context) -> list[stored.Result]:
    """Checks many files; between some of them others may use the process."""
    results = []
    for place, snapshot in enumerate(found, 1):
        results.append(stored.Result(snapshot, checking.checked(snapshot.case, context)))
        if place % AT_ONCE == 0:
            await asyncio.sleep(0)
    return results


async def override(
    session: Session, who: Principal, case_file_id: UUID, rule: str, version: int, reason: str, now: datetime
) -> DefectsOut:
    """Leaves a defect as it is, with a reason; it stays visible. The file is untouched, also when it is locked.

    Raises NotFound, Stale, NothingFound, AlreadyOverridden.
    """
    file = await rows.one_for_update(session, who, case_file_id, version)
    _, checked = await _check(session, who, case_file_id, now)
    outcome = overriding.found(checked, rule)
    standing = (await overrides.latest(session, case_file_id)).get(rule)
    mark = None if outcome is None else checked.mark(outcome)
    raise_if(overriding.why_not_override(mark, None if standing is None else standing.mark))
    _add(session, who, file.id, rule, mark or "", "override", reason, now)
    _tell(session, who, file, "defect_overridden", {"rule": rule}, reason)
    await session.flush()
    return await defects_of(session, who, case_file_id, now)


async def withdraw(session: Session, who: Principal, case_file_id: UUID, rule: str, version: int, now: datetime) -> DefectsOut:
    """Takes an override back; needs `X-Change-Reason`. Raises NotFound (also when nothing is overridden), Stale."""
    file = await rows.one_for_update(session, who, case_file_id, version)
    standing = (await overrides.latest(session, case_file_id)).get(rule)
    raise_if(overriding.why_not_withdraw(None if standing is None else standing.mark))
    reason = audit.demanded_reason(session)
    _add(session, who, file.id, rule, standing.mark if standing else "", "withdraw", reason, now)
    _tell(session, who, file, "override_withdrawn", {"rule": rule}, reason)
    await session.flush()
    return await defects_of(session, who, case_file_id, now)


def _add(
    session: Session, who: Principal, case_file_id: UUID, rule: str, mark: str, action: str, reason: str, now: datetime
) -> None:
    row = DefectOverride(
        id=ids.new_id(),
        case_file_id=case_file_id,
        rule=rule,
        mark=mark,
        action=action,
        reason=reason,
        account_id=who.account_id,
        account_name=who.name,
        recorded_at=now,
    )
    session.add(row)


def _tell(session: Session, who: Principal, file: CaseFile, verb: str, after: dict[str, str], reason: str) -> None:
    place = (file.district_id, file.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, file.id, *place, after=after, reason=reason)
    right = access.CASE_FILES_READ
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, file.id, file.version, right, *place, data=after)
