"""What is done with officers."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit import audit, clock, errors, ids, outbox, personal, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal, Role
from services.training_api import access
from services.training_api.officers import queries, rules
from services.training_api.officers.schemas import PLATFORM, LeaveIn, OfficerChange, OfficerIn, SearchIn, TransferIn
from services.training_api.officers.tables import Officer

OBJECT = "officer"
SEALED_FOR = "training.officers.id_number"


async def create(session: Session, who: Principal, vault: Vault, wanted: OfficerIn, now: datetime) -> Officer:
    """Adds an officer to a unit. Raises BadInput (unit, number, day), SamePerson, SameExternalId."""
    unit = await _unit_within(session, who, wanted.unit_id)
    number = _checked(who, wanted, now)
    plain = wanted.model_dump(include={"unit_id", "name", "hired_on", "external_id"})
    officer = Officer(
        id=ids.new_id(),
        district_id=unit.district_id,
        id_type=wanted.id_type.value,
        kind=wanted.kind.value,
        posts=list(wanted.posts),
        external_system=_system(wanted),
        created_at=now,
        **plain,
    )
    await _seal(session, officer, vault, number)
    await _demand_free_external_id(session, officer)
    session.add(officer)
    await session.flush()
    await queries.rewrite(session, officer, (rules.Spell(unit.id, wanted.kind, wanted.hired_on),), now)
    _tell(session, who, officer, "created", {}, _harmless(wanted.model_dump(mode="json")))
    return officer


async def change(
    session: Session, who: Principal, vault: Vault, officer_id: UUID, version: int, wanted: OfficerChange, now: datetime
) -> Officer:
    """Corrects an officer's facts. Raises NotFound, Stale, BadInput, SamePerson, AfterMove."""
    officer = await queries.one_for_update(session, who, officer_id, version)
    return await _correct(session, who, vault, officer, wanted, now)


async def upsert(session: Session, who: Principal, vault: Vault, wanted: OfficerIn, now: datetime) -> tuple[int, UUID]:
    """Adds an officer, or corrects the one with this external id; the answer is 201 or 200 and the id. Raises OtherUnit."""
    known = None
    if wanted.external_id is not None:
        known = await queries.by_external_id(session, who, _system(wanted) or PLATFORM, wanted.external_id)
    if known is None:
        return 201, (await create(session, who, vault, wanted, now)).id
    if known.unit_id != wanted.unit_id:
        raise rules.OtherUnit(errors.Fault("/body/unit_id", "officer.other_unit"))
    facts = wanted.model_dump(exclude={"unit_id", "external_system", "external_id"})
    await _correct(session, who, vault, known, OfficerChange(**facts), now)
    return 200, known.id


async def transfer(
    session: Session, who: Principal, officer_id: UUID, version: int, wanted: TransferIn, now: datetime
) -> Officer:
    """Moves an officer to another unit of the district from a day on; the hours stay with the person.

    Raises NotFound, Stale, HasLeft, SameUnit, BeforeService, BadInput.
    """
    officer = await queries.one_for_update(session, who, officer_id, version)
    unit = await _unit_within(session, who, wanted.unit_id)
    if unit.district_id != officer.district_id:
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    _demand(rules.fault_of_day(wanted.on, clock.local_day(now), "/body/on"))
    spells = rules.moved(await queries.timeline(session, officer.id), unit.id, wanted.on)
    before = {"unit_id": str(officer.unit_id)}
    officer.unit_id = unit.id
    await queries.rewrite(session, officer, spells, now)
    await session.flush()
    _tell(session, who, officer, "transferred", before, {"unit_id": str(unit.id), "on": wanted.on.isoformat()})
    return officer


async def leave(session: Session, who: Principal, officer_id: UUID, version: int, wanted: LeaveIn, now: datetime) -> Officer:
    """Ends an officer's service with a day. Raises NotFound, Stale, HasLeft, BeforeService, BadInput."""
    officer = await queries.one_for_update(session, who, officer_id, version)
    _demand(rules.fault_of_day(wanted.on, clock.local_day(now), "/body/on"))
    spells = rules.ended(await queries.timeline(session, officer.id), wanted.on)
    officer.left_on = wanted.on
    await queries.rewrite(session, officer, spells, now)
    await session.flush()
    _tell(session, who, officer, "left", {}, {"on": wanted.on.isoformat()}, reason=wanted.reason)
    return officer


async def disclose_identity(session: Session, who: Principal, vault: Vault, officer_id: UUID, reason: str) -> dict[str, str]:
    """The identity number in clear, for the reason given; each look is an audit row of its own. Raises NotFound."""
    officer = await queries.with_number(session, who, officer_id)
    _record(session, who, officer, "identity_disclosed", {}, {}, reason=reason)
    number = vault.open(officer.id_number, SEALED_FOR)
    return {"officer_id": str(officer.id), "id_type": officer.id_type, "id_number": number}


async def search(session: Session, who: Principal, vault: Vault, wanted: SearchIn) -> list[str]:
    """Officers with this identity number, or whose name begins so; names only for those who may read names."""
    if wanted.id_number is not None:
        numbers = {rules.normal_number(kind, wanted.id_number) for kind in rules.IdType} - {None}
        found = [
            await queries.search(session, who, queries.has_index(vault.index(number, SEALED_FOR)))
            for number in sorted(number for number in numbers if number)
        ]
        return [body for bodies in found for body in bodies]
    if not queries.sees_names(who):
        raise errors.BadInput(errors.Fault("/body/name", "not_allowed"))
    return await queries.search(session, who, queries.is_named(wanted.name or ""))


async def _correct(
    session: Session, who: Principal, vault: Vault, officer: Officer, wanted: OfficerChange, now: datetime
) -> Officer:
    sent = wanted.model_dump(exclude_none=True) | ({"posts": list(wanted.posts)} if wanted.posts is not None else {})
    number = sent.pop("id_number", None)
    id_type = rules.IdType(sent.pop("id_type", officer.id_type))
    normal = _normal(id_type, number) if number is not None else None
    _demand(rules.fault_of_day(wanted.hired_on, clock.local_day(now), "/body/hired_on") if wanted.hired_on else None)
    before, after = audit.changes({name: getattr(officer, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(officer, name, value)
    if normal is not None:
        officer.id_type = id_type.value
        await _seal(session, officer, vault, normal)
        after["id_number"] = officer.id_number_masked
    await _correct_service(session, officer, wanted, now)
    await session.flush()
    _tell(session, who, officer, "changed", _harmless(before), _harmless(after))
    return officer


async def _correct_service(session: Session, officer: Officer, wanted: OfficerChange, now: datetime) -> None:
    spells = await queries.timeline(session, officer.id)
    if wanted.hired_on is not None:
        spells = rules.begun(spells, wanted.hired_on)
    if wanted.kind is not None:
        spells = rules.of_kind(spells, wanted.kind)
    await queries.rewrite(session, officer, spells, now)


async def _unit_within(session: Session, who: Principal, unit_id: UUID) -> references.Unit:
    unit = await references.unit(session, unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    return unit


def _checked(who: Principal, wanted: OfficerIn, now: datetime) -> str:
    """The number in its normal form; reports every fault of the body at once."""
    number = rules.normal_number(wanted.id_type, wanted.id_number)
    nameless = Role.PLATFORM in who.roles and wanted.external_id is None
    _demand(
        None if number else errors.Fault("/body/id_number", "officer.id_number"),
        rules.fault_of_day(wanted.hired_on, clock.local_day(now), "/body/hired_on"),
        errors.Fault("/body/external_id", "missing") if nameless else None,
    )
    return number or ""


def _normal(id_type: rules.IdType, sent: str) -> str:
    number = rules.normal_number(id_type, sent)
    _demand(None if number else errors.Fault("/body/id_number", "officer.id_number"))
    return number or ""


def _demand(*faults: errors.Fault | None) -> None:
    found = [fault for fault in faults if fault is not None]
    if found:
        raise errors.BadInput(*found)


async def _seal(session: Session, officer: Officer, vault: Vault, number: str) -> None:
    """Seals the number into the row; SamePerson when somebody in service has it."""
    officer.id_index = vault.index(number, SEALED_FOR)
    if officer.left_on is None and await queries.is_taken(session, officer, Officer.id_index, officer.id_index):
        raise rules.SamePerson
    officer.id_number = vault.seal(number, SEALED_FOR)
    officer.id_number_masked = personal.masked_id_number(number)


async def _demand_free_external_id(session: Session, officer: Officer) -> None:
    taken = officer.external_id is not None and await queries.is_taken(session, officer, Officer.external_id, officer.external_id)
    raise_if(rules.SameExternalId() if taken else None)


def _system(wanted: OfficerIn) -> str | None:
    return (wanted.external_system or PLATFORM) if wanted.external_id is not None else None


def _harmless(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts for the audit trail: the name masked, the identity number left out unless masked already."""
    kept = {name: value for name, value in facts.items() if name != "id_number" or "*" in str(value)}
    return kept | ({"name": personal.masked_name(kept["name"])} if kept.get("name") else {})


def _record(
    session: Session, who: Principal, officer: Officer, verb: str, before: Any, after: Any, *, reason: str | None = None
) -> None:
    place = (officer.id, officer.district_id, officer.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, *place, before=before, after=after, reason=reason)


def _tell(
    session: Session, who: Principal, officer: Officer, verb: str, before: Any, after: Any, *, reason: str | None = None
) -> None:
    _record(session, who, officer, verb, before, after, reason=reason)
    outbox.publish(
        session,
        f"{OBJECT}.{verb}",
        OBJECT,
        officer.id,
        officer.version,
        access.OFFICERS_READ,
        officer.district_id,
        officer.unit_id,
    )
