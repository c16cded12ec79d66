"""Ordering, reporting, checking and striking off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.rectifications import queries, rules
from services.cases_api.rectifications.rules import State
from services.cases_api.rectifications.schemas import CheckIn, RectificationIn, ReportIn
from services.cases_api.rectifications.tables import Rectification
from services.cases_api.results import queries as results
from services.cases_api.results.tables import Result
from services.cases_api.review_rounds import queries as rounds
from services.cases_api.review_settings import queries as review_settings
from services.kit import clock, errors, evidence, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "rectification"
_tell: Final = Trail(OBJECT, access.RECTIFICATIONS_READ).tell


async def order(session: Session, who: Principal, wanted: RectificationIn, now: datetime) -> Rectification:
    """The bureau orders what a result shows to be put right. Raises NotFound (the result), AlreadyOrdered, NothingToRectify,
    BadInput.
    """
    result = await results.locked(session, who, wanted.result_id)
    if await queries.is_ordered(session, result.id):
        raise rules.AlreadyOrdered
    today = clock.local_day(now)
    if wanted.due_on is not None and wanted.due_on < today:
        raise errors.BadInput(errors.Fault("/body/due_on", "too_small", {"limit": today.isoformat()}))
    settings = await review_settings.in_force(session, result.district_id, today)
    items = await _items(session, result, wanted)
    if not items:
        raise rules.NothingToRectify
    year, keys = await rounds.campaign_year(session, result.campaign_id), rules.keys_of(items)
    repeated = await queries.repeated(session, result.unit_id, year, keys)
    made = Rectification(
        id=ids.new_id(), district_id=result.district_id, unit_id=result.unit_id, case_file_id=result.case_file_id,
        result_id=result.id, year=year, items=items, keys=keys, repeated_keys=repeated, priority=rules.priority(repeated),
        due_on=wanted.due_on or today + timedelta(days=settings.rectification_days), state=State.OPEN,
        created_by=who.account_id, created_at=now,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    _tell(session, who, made, "ordered", {}, {"result_id": result.id, "due_on": made.due_on, "priority": made.priority})
    return made


async def _items(session: Session, result: Result, wanted: RectificationIn) -> list[dict[str, Any]]:
    if wanted.items is not None:
        return [each.model_dump(mode="json", exclude_none=True) for each in wanted.items]
    titles = rules.titles_of(await queries.rubric(session, result.campaign_id))
    return rules.items_of(await queries.sheets(session, result), titles)


async def report(session: Session, who: Principal, rectification_id: UUID, version: int, wanted: ReportIn, now: datetime) -> None:
    """The unit reports what was done, with evidence. Raises NotFound, Stale, IllegalMove, BadInput (evidence)."""
    found = await queries.one_for_update(session, who, rectification_id, version)
    raise_if(rules.why_not("report", State(found.state)))
    place = (found.id, access.RECTIFICATIONS_READ, found.district_id, found.unit_id)
    await evidence.attach(session, who, wanted.attachment_ids, OBJECT, *place)
    found.report, found.reported_by, found.reported_at = wanted.report, who.account_id, now
    await _move(session, who, found, "report", "reported", {"attachment_ids": list(wanted.attachment_ids)})


async def close(session: Session, who: Principal, rectification_id: UUID, version: int, wanted: CheckIn, now: datetime) -> None:
    """Somebody else has checked it and strikes it off (销号). Raises NotFound, Stale, IllegalMove, SamePerson."""
    await _check(session, who, rectification_id, version, wanted, now, ("close", "closed"))


async def send_back(
    session: Session, who: Principal, rectification_id: UUID, version: int, wanted: CheckIn, now: datetime
) -> None:
    """Somebody else has checked it and it is not put right. Raises as `close`."""
    await _check(session, who, rectification_id, version, wanted, now, ("return", "returned"))


async def _check(
    session: Session, who: Principal, rectification_id: UUID, version: int, wanted: CheckIn, now: datetime, move: tuple[str, str]
) -> None:
    found = await queries.one_for_update(session, who, rectification_id, version)
    raise_if(rules.why_not_check(move[0], State(found.state), found.reported_by, who.account_id))
    found.check_note, found.checked_by, found.checked_at = wanted.note, who.account_id, now
    await _move(session, who, found, *move, {})


async def _move(session: Session, who: Principal, found: Rectification, verb: str, told: str, more: dict[str, Any]) -> None:
    before = State(found.state)
    found.state = rules.MOVES[verb][before]
    await session.flush()
    _tell(session, who, found, told, {"state": before}, {"state": found.state} | more)
