"""What people do with case files: change, decide, close, archive, void, reopen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.cases_api.case_files import external
from services.cases_api.case_files.actions import parties as kept
from services.cases_api.case_files.actions import trail
from services.cases_api.case_files.queries import rows
from services.cases_api.case_files.rules import contents, parties, states
from services.cases_api.case_files.rules.states import State, Verb
from services.cases_api.case_files.schemas.bodies import ArchiveIn, CaseFileChange, CloseIn, DecideIn
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.case_numbers import actions as numbers
from services.cases_api.case_numbers import queries as number_queries
from services.cases_api.case_numbers import rules as number_rules
from services.cases_api.case_numbers.schemas import ReasonIn
from services.cases_api.step_forms.rules import StepName
from services.kit import audit, clock, errors
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal

PAST: Final[Mapping[str, str]] = {
    states.CREATED: "created",
    Verb.DECIDE: "decided",
    Verb.CLOSE: "closed",
    Verb.ARCHIVE: "archived",
    Verb.VOID: "voided",
    Verb.REOPEN: "reopened",
}


async def change(
    session: Session, who: Principal, file_id: UUID, version: int, wanted: CaseFileChange, vault: Vault, now: datetime
) -> CaseFile:
    """Changes an open or decided file. Raises NotFound, Stale, Locked, BadInput with every fault."""
    file = await rows.one_for_update(session, who, file_id, version)
    raise_if(states.why_not_change(file))
    sent = wanted.model_dump(exclude_unset=True, exclude={"party"})
    known = await external.officers(session, sent.get("officers", file.officers))
    filed_in = file.filed_on.year
    _demand([Fault("/body/decided_on", "not_allowed")] if "decided_on" in sent and file.state == State.OPEN else [])
    before, after = audit.changes({name: getattr(file, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(file, name, value)
    faults = list(contents.day_faults(file, clock.local_day(now), "/body"))
    # The number keeps the year of filing.
    faults += [] if file.filed_on.year == filed_in else [Fault("/body/filed_on", "day.other_year")]
    if "officers" in after:
        faults += contents.officer_faults(file, file.district_id, known, "/body")
    if wanted.party is not None:
        faults += parties.faults(wanted.party, "/body/party")
        before, after = before | {"party": "…"}, after | {"party": "…"}
        kept.assign(file, wanted.party, vault)
    _demand(faults)
    rows.touch(file, now)
    await rows.align_steps(session, file, now)
    await session.flush()
    trail.tell(session, who, file, "changed", before, after)
    return file


async def decide(session: Session, who: Principal, file_id: UUID, version: int, wanted: DecideIn, now: datetime) -> CaseFile:
    """Records the decision and what its document holds. Raises NotFound, Stale, IllegalMove, BadInput (days)."""
    file = await _ready(session, who, file_id, version, Verb.DECIDE)
    file.decided_on, file.decision, file.amount_fen = wanted.decided_on, wanted.decision, wanted.amount_fen
    facts = wanted.model_dump(mode="json", exclude_none=True, exclude={"decided_on", "decision", "amount_fen"})
    return await _move(session, who, file, Verb.DECIDE, wanted.decided_on, now, facts={StepName.DECISION: facts})


async def close(session: Session, who: Principal, file_id: UUID, version: int, wanted: CloseIn, now: datetime) -> CaseFile:
    """Closes the case; the file is locked from then on. Raises NotFound, Stale, IllegalMove, BadInput (days)."""
    file = await _ready(session, who, file_id, version, Verb.CLOSE)
    file.closed_on = wanted.closed_on
    return await _move(session, who, file, Verb.CLOSE, wanted.closed_on, now)


async def archive(session: Session, who: Principal, file_id: UUID, version: int, wanted: ArchiveIn, now: datetime) -> CaseFile:
    """Archives a closed file. Raises NotFound, Stale, IllegalMove, BadInput (days)."""
    file = await _ready(session, who, file_id, version, Verb.ARCHIVE)
    file.archived_on = wanted.archived_on
    return await _move(session, who, file, Verb.ARCHIVE, wanted.archived_on, now)


async def void(session: Session, who: Principal, file_id: UUID, version: int, wanted: ReasonIn, now: datetime) -> CaseFile:
    """Voids a file entered by mistake, and its number with it; both are kept.

    Raises NotFound, Stale, IllegalMove, BadInput (reason).
    """
    file = await _ready(session, who, file_id, version, Verb.VOID)
    reason = _reason(session, wanted)
    number = (await number_queries.locked(session, [file.case_number_id]))[file.case_number_id]
    numbers.void_row(session, who, number, reason)
    return await _move(session, who, file, Verb.VOID, clock.local_day(now), now, reason)


async def reopen(session: Session, who: Principal, file_id: UUID, version: int, wanted: ReasonIn, now: datetime) -> CaseFile:
    """Opens a closed or archived file again, with a reason; its closing and archiving days go, the history keeps them.

    Raises NotFound, Stale, IllegalMove, BadInput (reason).
    """
    file = await _ready(session, who, file_id, version, Verb.REOPEN)
    reason = _reason(session, wanted)
    file.closed_on = file.archived_on = None
    return await _move(session, who, file, Verb.REOPEN, clock.local_day(now), now, reason)


async def _ready(session: Session, who: Principal, file_id: UUID, version: int, verb: Verb) -> CaseFile:
    file = await rows.one_for_update(session, who, file_id, version)
    raise_if(states.why_not(verb, file))
    return file


async def _move(
    session: Session,
    who: Principal,
    file: CaseFile,
    verb: Verb,
    on: date,
    now: datetime,
    reason: str | None = None,
    facts: rows.Facts = rows.NOTHING,
) -> CaseFile:
    """Checks the days as they now stand, then moves the file on: state, history, steps, audit row, message."""
    if verb in {Verb.DECIDE, Verb.CLOSE, Verb.ARCHIVE}:
        _demand(list(contents.day_faults(file, clock.local_day(now), "/body")))
    before = State(file.state)
    file.state = states.MOVES[verb][before]
    rows.touch(file, now)
    session.add(trail.move_row(who, file, verb, before, State(file.state), on, now, reason))
    await rows.align_steps(session, file, now, facts)
    await session.flush()
    trail.tell(session, who, file, PAST[verb], {"state": before}, {"state": file.state, "on": on}, reason)
    return file


def _reason(session: Session, wanted: ReasonIn) -> str:
    return number_rules.demanded_reason(wanted.reason, audit.circumstances(session).reason)


def _demand(faults: list[Fault]) -> None:
    if faults:
        raise errors.BadInput(*faults)
