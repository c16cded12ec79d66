"""What people do with case files once they are entered: change, decide, close, archive, void, reopen, disclose."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_files import external
from services.cases_api.case_files.queries import masking, rows
from services.cases_api.case_files.rules import contents, parties, searching, states
from services.cases_api.case_files.rules.states import State, Verb
from services.cases_api.case_files.schemas import (
    ArchiveIn,
    CaseFileChange,
    CloseIn,
    DecideIn,
    PartyDisclosed,
    PartyIn,
)
from services.cases_api.case_files.tables import CaseFile, CaseMove
from services.cases_api.case_numbers import actions as numbers
from services.cases_api.case_numbers import queries as number_queries
from services.cases_api.case_numbers import rules as number_rules
from services.cases_api.case_numbers.schemas import ReasonIn
from services.cases_api.step_forms.rules import StepName
from services.kit import audit, clock, errors, evidence, ids, outbox, personal
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal

OBJECT: Final = masking.OBJECT
PURPOSE: Final = "cases.case_files.party_"
NAME_PURPOSE: Final = f"{PURPOSE}signs"
PAST: Final[Mapping[str, str]] = {
    states.CREATED: "created",
    Verb.DECIDE: "decided",
    Verb.CLOSE: "closed",
    Verb.ARCHIVE: "archived",
    Verb.VOID: "voided",
    Verb.REOPEN: "reopened",
}
# What may hold a person's data in free text enters the audit trail by name only.
UNTOLD: Final = frozenset({"decision", "note"})


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
        assign_party(file, wanted.party, vault)
    _demand(faults)
    rows.touch(file, now)
    await rows.align_steps(session, file, now)
    await session.flush()
    tell(session, who, file, "changed", before, after)
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
    """Voids a file entered by mistake, and its number with it; both are kept. Raises NotFound, Stale, IllegalMove."""
    file = await _ready(session, who, file_id, version, Verb.VOID)
    reason = _reason(session, wanted)
    number = (await number_queries.locked(session, [file.case_number_id]))[file.case_number_id]
    numbers.void_row(session, who, number, reason)
    return await _move(session, who, file, Verb.VOID, clock.local_day(now), now, reason)


async def reopen(session: Session, who: Principal, file_id: UUID, version: int, wanted: ReasonIn, now: datetime) -> CaseFile:
    """Opens a closed or archived file again, with a reason; its closing and archiving days go, the history keeps them."""
    file = await _ready(session, who, file_id, version, Verb.REOPEN)
    reason = _reason(session, wanted)
    file.closed_on = file.archived_on = None
    return await _move(session, who, file, Verb.REOPEN, clock.local_day(now), now, reason)


async def disclose(session: Session, who: Principal, file_id: UUID, reason: str, vault: Vault) -> PartyDisclosed:
    """The party in clear; that it was shown, to whom and why, enters the audit trail. Raises NotFound."""
    file = await rows.one_row(session, who, file_id)
    place = (file.id, file.district_id, file.unit_id)
    audit.record(session, who, f"{OBJECT}.party_disclosed", OBJECT, *place, reason=reason)
    sealed = {name: getattr(file, f"party_{name}_sealed") for name in ("name", "id_number", "phone", "address")}
    clear = {name: vault.open(value, PURPOSE + name) for name, value in sealed.items() if value is not None}
    facts: dict[str, Any] = {"kind": file.party_kind, "id_type": file.party_id_type, "name": file.party_name_shown} | clear
    return PartyDisclosed.model_validate(facts)


def assign_party(file: CaseFile, party: PartyIn, vault: Vault) -> None:
    """Writes the party to the row: sealed for keeping, masked for showing. An organisation's name is public."""
    natural = party.kind is parties.PartyKind.NATURAL
    sealed = {name: getattr(party, name) for name in ("id_number", "phone", "address")} | {
        "name": party.name if natural else None
    }
    for name, value in sealed.items():
        setattr(file, f"party_{name}_sealed", None if value is None else vault.seal(value, PURPOSE + name))
    file.party_kind, file.party_id_type = party.kind, parties.id_type_of(party)
    file.party_name_shown = personal.masked_name(party.name) if natural else party.name
    file.party_id_number_masked = None if party.id_number is None else personal.masked_id_number(party.id_number)
    file.party_digest = party_digest(party, vault)
    file.party_signs = name_signs(vault, party.name) if natural else []


def name_signs(vault: Vault, name: str) -> list[int]:
    """A person's name as it is looked up: of no use without the key."""
    return searching.name_signs(name, lambda pair: vault.index(pair, NAME_PURPOSE))


def name_digests(vault: Vault) -> list[searching.Digest]:
    """How names are made into signs: by the key of new values, and by each that values at rest may still be of."""
    ring = vault.keys.indexes
    keys = [ring.active, *(key for key in ring.keys.values() if key is not ring.active)]
    return [lambda pair, key=key: key.digest(pair, NAME_PURPOSE) for key in keys]  # type: ignore[misc]  # the key is bound at once


def party_digest(party: PartyIn, vault: Vault) -> bytes:
    """Equal for equal parties only, and of no use without the key."""
    return vault.index(_digested(party), f"{PURPOSE}digest")


def is_same_party(file: CaseFile, party: PartyIn, vault: Vault) -> bool:
    """Whether the file's party is this one, told by the digests that it may have while keys change."""
    return bytes(file.party_digest) in vault.indexes(_digested(party), f"{PURPOSE}digest")


def _digested(party: PartyIn) -> str:
    facts = party.model_dump(mode="json", exclude={"id_type"})
    return digested(id_type=parties.id_type_of(party), **facts)


def digested(**facts: str | None) -> str:
    """A party in one form: kind, id_type, name, id_number, phone, address."""
    return json.dumps(facts, sort_keys=True)


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
    session.add(move_row(who, file, verb, before, State(file.state), on, now, reason))
    await rows.align_steps(session, file, now, facts)
    await session.flush()
    tell(session, who, file, PAST[verb], {"state": before}, {"state": file.state, "on": on}, reason)
    return file


def move_row(
    who: Principal,
    file: CaseFile,
    action: str,
    start: State | None,
    end: State,
    on: date,
    now: datetime,
    reason: str | None = None,
) -> CaseMove:
    """A row of the file's history."""
    return CaseMove(
        id=ids.new_id(),
        case_file_id=file.id,
        action=action,
        from_state=start,
        to_state=end,
        effective_on=on,
        reason=reason,
        account_id=who.account_id,
        recorded_at=now,
    )


async def attach(session: Session, who: Principal, file: CaseFile, attachment_id: UUID) -> None:
    """Puts an uploaded file into a case file: who may read the one may download the other. BadInput for another's upload."""
    place = (file.district_id, file.unit_id)
    right, pointers = access.CASE_FILES_READ, ["/body/attachment_id"]
    await evidence.attach(session, who, [attachment_id], OBJECT, file.id, right, *place, pointers=pointers)


def tell(
    session: Session,
    who: Principal,
    file: CaseFile,
    verb: str,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    reason: str | None = None,
) -> None:
    """Audit row and message of a change; free texts are named, not told."""
    place = (file.id, file.district_id, file.unit_id)
    old, new = ({name: "…" if name in UNTOLD else value for name, value in side.items()} for side in (before, after))
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, *place, before=old, after=new, reason=reason)
    outbox.publish(
        session, f"{OBJECT}.{verb}", OBJECT, file.id, file.version, access.CASE_FILES_READ, file.district_id, file.unit_id
    )


def _reason(session: Session, wanted: ReasonIn) -> str:
    return number_rules.demanded_reason(wanted.reason, audit.circumstances(session).reason)


def _demand(faults: list[Fault]) -> None:
    if faults:
        raise errors.BadInput(*faults)
