"""What is done with officers once they are known: corrected, moved, reclassified, leaving, coming back, disclosed, found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kit import audit, clock, errors, identity, outbox, personal, references, rights
from services.kit.db import Session
from services.kit.personal import Vault
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.officers import queries, rules
from services.training_api.officers.schemas import LeaveIn, OfficerChange, ReclassifyIn, RejoinIn, SearchIn, TransferIn
from services.training_api.officers.tables import Officer

OBJECT = "officer"
SEALED_FOR = "training.officers.id_number"


@dataclass(frozen=True, slots=True)
class Correction:
    """What a correction comes to: facts old and new, the identity number when it is another one, the service over time."""

    before: dict[str, Any]
    after: dict[str, Any]
    number: str | None
    timeline: rules.Timeline
    serves_otherwise: bool

    def __bool__(self) -> bool:
        return bool(self.after) or self.number is not None or self.serves_otherwise


async def change(
    session: Session, who: Principal, vault: Vault, officer_id: UUID, version: int, wanted: OfficerChange, now: datetime
) -> Officer:
    """Corrects an officer's facts. Raises NotFound, Stale, BadInput, SamePerson, AfterMove, KindChanged."""
    officer = await queries.one_for_update(session, who, officer_id, version)
    spells = await queries.timeline(session, officer.id)
    correction = corrected(officer, wanted, spells, vault, now)
    if correction.number is not None:
        await demand_free_number(session, officer, vault, correction.number)
    await apply(session, who, officer, correction, spells, vault, now)
    return officer


def corrected(officer: Officer, wanted: OfficerChange, spells: rules.Timeline, vault: Vault, now: datetime) -> Correction:
    """What these corrections change, if anything. Raises BadInput, AfterMove, KindChanged; touches nothing."""
    sent = wanted.model_dump(exclude_none=True) | ({"posts": list(wanted.posts)} if wanted.posts is not None else {})
    number = sent.pop("id_number", None)
    id_type = rules.IdType(sent.get("id_type", officer.id_type))
    normal = rules.normal_number(id_type, number) if number is not None else None
    demand(
        errors.Fault("/body/id_number", "officer.id_number") if number is not None and normal is None else None,
        rules.fault_of_day(wanted.hired_on, clock.local_day(now), "/body/hired_on") if wanted.hired_on else None,
        # A type alone would say that the number on record is of another kind, unseen.
        errors.Fault("/body/id_number", "missing") if number is None and id_type != officer.id_type else None,
    )
    timeline = rules.begun(spells, wanted.hired_on) if wanted.hired_on is not None else spells
    if wanted.kind is not None and wanted.kind != officer.kind:
        timeline = rules.of_kind(timeline, wanted.kind)
    before, after = audit.changes({name: getattr(officer, name) for name in sent}, sent)
    if normal is not None and bytes(officer.id_index) in vault.indexes(normal, SEALED_FOR):
        normal = None
    return Correction(before, after, normal, timeline, timeline != spells)


async def apply(
    session: Session,
    who: Principal,
    officer: Officer,
    correction: Correction,
    spells: rules.Timeline,
    vault: Vault,
    now: datetime,
) -> None:
    """Writes a correction down; the audit trail learns of names and numbers in masked form alone."""
    before, after = harmless(correction.before), harmless(correction.after)
    for name, value in correction.after.items():
        setattr(officer, name, value)
    if correction.number is not None:
        before = before | {"id_number": officer.id_number_masked}
        seal(officer, vault, correction.number)
        after = after | {"id_number": officer.id_number_masked}
    await queries.rewrite(session, officer, spells, correction.timeline, now)
    await session.flush()
    tell(session, who, officer, "changed", before, after)


async def transfer(
    session: Session, who: Principal, officer_id: UUID, version: int, wanted: TransferIn, now: datetime
) -> Officer:
    """Moves an officer to another unit of the district from a day on; the hours stay with the person.

    Raises NotFound, Stale, HasLeft, SameUnit, BeforeService, BadInput.
    """
    officer = await queries.one_for_update(session, who, officer_id, version)
    unit = await _unit_within(session, who, officer, wanted.unit_id, wanted.on, now)
    spells = await queries.timeline(session, officer.id)
    timeline = rules.moved(spells, unit.id, wanted.on)
    before = {"unit_id": str(officer.unit_id)}
    officer.unit_id = unit.id
    await _serve(session, officer, spells, timeline, now)
    tell(session, who, officer, "transferred", before, {"unit_id": str(unit.id), "on": wanted.on.isoformat()})
    return officer


async def reclassify(
    session: Session, who: Principal, officer_id: UUID, version: int, wanted: ReclassifyIn, now: datetime
) -> Officer:
    """An auxiliary becomes a regular officer from a day on, or the other way round; what came before stays.

    Raises NotFound, Stale, HasLeft, SameKind, BeforeService, BadInput.
    """
    officer = await queries.one_for_update(session, who, officer_id, version)
    demand(rules.fault_of_day(wanted.on, clock.local_day(now), "/body/on"))
    spells = await queries.timeline(session, officer.id)
    timeline = rules.reclassified(spells, wanted.kind, wanted.on)
    before = {"kind": officer.kind}
    officer.kind = wanted.kind.value
    await _serve(session, officer, spells, timeline, now)
    after = {"kind": officer.kind, "on": wanted.on.isoformat()}
    tell(session, who, officer, "reclassified", before, after, reason=wanted.reason)
    return officer


async def leave(session: Session, who: Principal, officer_id: UUID, version: int, wanted: LeaveIn, now: datetime) -> Officer:
    """Ends an officer's service with a day. Raises NotFound, Stale, HasLeft, BeforeService, BadInput."""
    officer = await queries.one_for_update(session, who, officer_id, version)
    demand(rules.fault_of_day(wanted.on, clock.local_day(now), "/body/on"))
    spells = await queries.timeline(session, officer.id)
    timeline = rules.ended(spells, wanted.on)
    officer.left_on = wanted.on
    await _serve(session, officer, spells, timeline, now)
    tell(session, who, officer, "left", {}, {"on": wanted.on.isoformat()}, reason=wanted.reason)
    return officer


async def rejoin(session: Session, who: Principal, officer_id: UUID, version: int, wanted: RejoinIn, now: datetime) -> Officer:
    """Somebody who left serves again, in whichever unit; hours and history of before stay the person's.

    Raises NotFound, Stale, StillServes, BeforeService, SamePerson, BadInput.
    """
    officer = await queries.one_for_update(session, who, officer_id, version)
    unit = await _unit_within(session, who, officer, wanted.unit_id, wanted.on, now)
    spells = await queries.timeline(session, officer.id)
    timeline = rules.rejoined(spells, unit.id, wanted.kind, wanted.on)
    await queries.take_turn(session, officer.district_id)
    if await queries.is_held(session, officer, [bytes(officer.id_index)]):
        raise rules.SamePerson
    before = {"left_on": officer.left_on, "unit_id": officer.unit_id, "kind": officer.kind}
    officer.left_on, officer.unit_id, officer.kind = None, unit.id, wanted.kind.value
    await _serve(session, officer, spells, timeline, now)
    tell(session, who, officer, "rejoined", before, {"unit_id": unit.id, "kind": officer.kind, "on": wanted.on})
    return officer


async def disclose_identity(session: Session, who: Principal, vault: Vault, officer_id: UUID, reason: str) -> dict[str, str]:
    """The identity number in clear, for the reason given; each look is an audit row of its own. Raises NotFound."""
    officer = await queries.with_number(session, who, officer_id)
    record(session, who, officer, "identity_disclosed", {}, {}, reason=reason)
    number = vault.open(officer.id_number, SEALED_FOR)
    return {"officer_id": str(officer.id), "id_type": officer.id_type, "id_number": number}


async def search(session: Session, who: Principal, vault: Vault, wanted: SearchIn) -> list[str]:
    """Officers with this identity number, or whose name begins so; names only for those who may read names.

    Raises BadInput (a name asked for by others).
    """
    if wanted.id_number is not None:
        numbers = {rules.normal_number(kind, wanted.id_number) for kind in rules.IdType}
        indexes = [index for number in numbers if number is not None for index in vault.indexes(number, SEALED_FOR)]
        return await queries.search(session, who, queries.has_index(indexes))
    if not queries.sees_names(who):
        raise errors.BadInput(errors.Fault("/body/name", "not_allowed"))
    return await queries.search(session, who, queries.is_named(wanted.name or ""))


async def demand_free_number(session: Session, officer: Officer, vault: Vault, number: str) -> None:
    """Raises SamePerson when somebody else in service has this number."""
    await queries.take_turn(session, officer.district_id)
    if officer.left_on is None and await queries.is_held(session, officer, vault.indexes(number, SEALED_FOR)):
        raise rules.SamePerson


def seal(officer: Officer, vault: Vault, number: str) -> None:
    """Seals the number into the row, with its index and its mask."""
    officer.id_index = vault.index(number, SEALED_FOR)
    officer.id_number = vault.seal(number, SEALED_FOR)
    officer.id_number_masked = identity.masked(number)


async def _serve(session: Session, officer: Officer, spells: rules.Timeline, timeline: rules.Timeline, now: datetime) -> None:
    await queries.rewrite(session, officer, spells, timeline, now)
    await session.flush()


async def _unit_within(
    session: Session, who: Principal, officer: Officer, unit_id: UUID, on: date, now: datetime
) -> references.Unit:
    around = await queries.units_around(session, [unit_id])
    unit = around.units.get(unit_id)
    reached = unit is not None and unit.district_id == officer.district_id and rights.covers(who, unit.path)
    demand(
        rules.fault_of_unit(unit, around.enforcing, reached, on),
        rules.fault_of_day(on, clock.local_day(now), "/body/on"),
    )
    assert unit is not None
    return unit


def demand(*faults: errors.Fault | None) -> None:
    """Raises BadInput with all faults found."""
    found = [fault for fault in faults if fault is not None]
    if found:
        raise errors.BadInput(*found)


def harmless(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts for the audit trail: the name masked, the identity number left out."""
    kept = {name: value for name, value in facts.items() if name != "id_number"}
    return kept | ({"name": personal.masked_name(kept["name"])} if kept.get("name") else {})


def record(
    session: Session, who: Principal, officer: Officer, verb: str, before: Any, after: Any, *, reason: str | None = None
) -> None:
    """An audit row about an officer."""
    place = (officer.id, officer.district_id, officer.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, *place, before=before, after=after, reason=reason)


def tell(
    session: Session, who: Principal, officer: Officer, verb: str, before: Any, after: Any, *, reason: str | None = None
) -> None:
    """Audit row and message of a change."""
    record(session, who, officer, verb, before, after, reason=reason)
    place = (officer.district_id, officer.unit_id)
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, officer.id, officer.version, access.OFFICERS_READ, *place)
