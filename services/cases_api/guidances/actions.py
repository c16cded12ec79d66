"""What departments do with the cases they guide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_files import external as people
from services.cases_api.guidance_rounds.tables import GuidanceRound
from services.cases_api.guidance_settings import queries as settings
from services.cases_api.guidances import queries, rules
from services.cases_api.guidances.rules import How, State
from services.cases_api.guidances.schemas import FinishIn, GuidanceChange, GuidanceIn, VisitIn
from services.cases_api.guidances.tables import Guidance, GuidanceVisit
from services.kit import audit, clock, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "guidance"
TRAIL: Final = Trail(OBJECT, access.GUIDANCES_READ)


async def choose(session: Session, who: Principal, wanted: GuidanceIn, now: datetime) -> Guidance:
    """Takes a case under guidance beside the draw. Raises BadInput (unit, a case not granted or guided already, guides)."""
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(Fault("/body/unit_id", "not_found"))
    basis = (await settings.of_year(session, unit.district_id, clock.local_day(now).year)).basis
    case = await queries.granted_case(session, unit.id, wanted.case_file_id, basis)
    faults = await _faults_of_guides(session, unit.district_id, wanted.guides)
    if case is None:
        faults.append(Fault("/body/case_file_id", "guidance.not_granted"))
    if faults or case is None:
        raise errors.BadInput(*faults)
    made = _row(who, unit.district_id, unit.id, wanted.case_file_id, case[0], case[1], How.CHOSEN, now)
    made.reason, made.guides = wanted.reason, list(wanted.guides)
    session.add(made)
    await session.flush()
    _tell(session, who, made, "picked", {}, {"case_file_id": made.case_file_id, "how": made.how, "reason": made.reason})
    return made


def _row(
    who: Principal, district_id: UUID, unit_id: UUID, case_file_id: UUID, case_unit_id: UUID, year: int, how: str, now: datetime,
    round_id: UUID | None = None,
) -> Guidance:  # fmt: skip
    return Guidance(
        id=ids.new_id(), district_id=district_id, unit_id=unit_id, case_unit_id=case_unit_id, round_id=round_id,
        case_file_id=case_file_id, year=year, how=how, state=State.PICKED, guides=[], created_by=who.account_id,
        created_at=now, updated_at=now,
    )  # fmt: skip


async def follow(
    session: Session, who: Principal, of: GuidanceRound, sample: Mapping[UUID, str], now: datetime, reason: str | None = None
) -> None:
    """Makes the guidances of a round agree with its sample (case → how it came in): new ones begin, those out of it are void."""
    known = {each.case_file_id: each for each in await queries.of_round(session, of.id)}
    for file_id in known.keys() - sample.keys():
        await _void(session, who, known[file_id], reason or "", now)
    units = await queries.case_units(session, [file_id for file_id in sample if file_id not in known])
    for file_id, unit_id in sorted(units.items()):
        made = _row(who, of.district_id, of.unit_id, file_id, unit_id, of.year, sample[file_id], now, of.id)
        session.add(made)
        await session.flush()
        _tell(session, who, made, "picked", {}, {"case_file_id": file_id, "how": made.how, "round_id": of.id})


async def change(
    session: Session, who: Principal, guidance_id: UUID, version: int, wanted: GuidanceChange, now: datetime
) -> Guidance:
    """Names who guides. Raises NotFound, Stale, IllegalMove, BadInput."""
    found = await _ready(session, who, guidance_id, version, "change")
    if faults := await _faults_of_guides(session, found.district_id, wanted.guides):
        raise errors.BadInput(*faults)
    before = list(found.guides)
    found.guides, found.updated_at = list(wanted.guides), now
    await session.flush()
    _tell(session, who, found, "changed", {"guides": before}, {"guides": found.guides})
    return found


async def visit(session: Session, who: Principal, guidance_id: UUID, version: int, wanted: VisitIn, now: datetime) -> Guidance:
    """Records an occasion of guidance; the first one begins it. Raises NotFound, Stale, IllegalMove, BadInput (days)."""
    found = await _ready(session, who, guidance_id, version, "visit")
    await _demand_days(session, found, wanted, now)
    made = GuidanceVisit(
        id=ids.new_id(), guidance_id=found.id, recorded_by=who.account_id, recorded_at=now, **wanted.model_dump()
    )
    session.add(made)
    facts = {"visit_id": made.id, "visited_on": made.visited_on, "form": made.form}
    await _move(session, who, found, "visit", "visited", facts, now)
    return found


async def correct_visit(
    session: Session, who: Principal, guidance_id: UUID, visit_id: UUID, version: int, wanted: VisitIn, now: datetime
) -> Guidance:
    """Writes a visit anew; the audit trail keeps what it said. Raises NotFound, Stale, IllegalMove, BadInput (days)."""
    found = await _ready(session, who, guidance_id, version, "visit")
    row = await queries.visit(session, found.id, visit_id)
    await _demand_days(session, found, wanted, now)
    sent = wanted.model_dump()
    before, after = audit.changes({name: getattr(row, name) for name in sent}, sent)
    for name, value in sent.items():
        setattr(row, name, value)
    found.updated_at = now
    await session.flush()
    _tell(session, who, found, "visit_corrected", before, after | {"visit_id": visit_id})
    return found


async def finish(session: Session, who: Principal, guidance_id: UUID, version: int, wanted: FinishIn, now: datetime) -> Guidance:
    """Ends the guidance with its outcome. Raises NotFound, Stale, IllegalMove (nobody was there yet), BadInput (days)."""
    found = await _ready(session, who, guidance_id, version, "finish")
    last = await queries.last_visit_on(session, found.id)
    if faults := [*rules.faults_of_finish(wanted.finished_on, last, clock.local_day(now))]:
        raise errors.BadInput(*faults)
    found.finished_on, found.outcome, found.summary = wanted.finished_on, wanted.outcome, wanted.summary
    facts = {"finished_on": found.finished_on, "outcome": found.outcome}
    await _move(session, who, found, "finish", "finished", facts, now)
    return found


async def reopen(session: Session, who: Principal, guidance_id: UUID, version: int, now: datetime) -> Guidance:
    """Takes a finished guidance up again; the reason is demanded as `X-Change-Reason`. Raises NotFound, Stale, IllegalMove."""
    audit.demanded_reason(session)
    found = await _ready(session, who, guidance_id, version, "reopen")
    found.finished_on = found.outcome = found.summary = None
    await _move(session, who, found, "reopen", "reopened", {}, now)
    return found


async def void(session: Session, who: Principal, guidance_id: UUID, version: int, now: datetime) -> Guidance:
    """Gives up a chosen case; the reason is demanded as `X-Change-Reason`. Raises NotFound, Stale, IllegalMove, Drawn."""
    reason = audit.demanded_reason(session)
    found = await _ready(session, who, guidance_id, version, "void")
    await _void(session, who, found, reason, now)
    return found


async def _void(session: Session, who: Principal, found: Guidance, reason: str, now: datetime) -> None:
    before = found.state
    found.state, found.void_reason, found.updated_at = State.VOID, reason, now
    found.finished_on = found.outcome = None
    await session.flush()
    _tell(session, who, found, "voided", {"state": before}, {"state": State.VOID, "reason": reason})


async def _ready(session: Session, who: Principal, guidance_id: UUID, version: int, verb: str) -> Guidance:
    found = await queries.one_for_update(session, who, guidance_id, version)
    raise_if(rules.why_not(verb, State(found.state), How(found.how)))
    return found


async def _demand_days(session: Session, found: Guidance, wanted: VisitIn, now: datetime) -> None:
    filed_on = await queries.filed_on(session, found.case_file_id)
    if faults := [*rules.faults_of_visit(wanted.visited_on, filed_on, clock.local_day(now))]:
        raise errors.BadInput(*faults)


async def _faults_of_guides(session: Session, district_id: UUID, guides: Sequence[UUID]) -> list[Fault]:
    known = await people.officers(session, guides)
    return [Fault(f"/body/guides/{place}", "not_found") for place, each in enumerate(guides) if known.get(each) != district_id]


async def _move(
    session: Session, who: Principal, found: Guidance, verb: str, told: str, facts: Mapping[str, Any], now: datetime
) -> None:
    before = State(found.state)
    found.state, found.updated_at = rules.MOVES[verb][before], now
    await session.flush()
    _tell(session, who, found, told, {"state": before}, {"state": found.state, **facts})


def _tell(
    session: Session, who: Principal, found: Guidance, verb: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> None:
    TRAIL.tell(session, who, found, verb, before, after)
    # The unit whose case it is hears of it as well.
    if found.case_unit_id != found.unit_id:
        TRAIL.publish(session, found, verb, found.case_unit_id)
