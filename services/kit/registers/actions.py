"""What is done with records of any kind: entered, changed, voided, brought up to date in batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import ValidationError

from services.kit import batches, clock, errors, evidence, faults, fields, references, rights
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.kit.references import Unit
from services.kit.registers import keeping
from services.kit.registers.kinds import Draft
from services.kit.registers.queries import Store
from services.kit.registers.schemas import Batch, Common, CommonChange
from services.kit.registers.tables import LIVE, VOID, RecordColumns

PLATFORM = "platform"


class RecordVoid(errors.Conflict):
    code: ClassVar[str] = "record.void"
    zh, en = "该记录已作废，不能修改。", "The record is void and cannot be changed."


class SameExternalId(errors.Conflict):
    code: ClassVar[str] = "record.external_id_taken"
    zh, en = "该外部编号已登记。", "This external id is taken already."


async def create(session: Session, who: Principal, store: Store, wanted: Common, now: datetime) -> RecordColumns:
    """Enters a record. Raises BadInput with every fault, SameExternalId."""
    unit = await _unit(session, who, store, wanted.unit_id)
    facts = facts_of(store, wanted)
    await _demand_sound(session, who, store, Draft(facts, unit, clock.local_day(now)))
    if wanted.external_id and await _known(session, store, unit, wanted):
        raise SameExternalId
    return await _insert(session, who, store, unit, facts, wanted, now)


async def change(
    session: Session, who: Principal, store: Store, record_id: UUID, version: int, wanted: CommonChange, now: datetime
) -> RecordColumns:
    """Changes facts or evidence; what is sent as null is taken away. Raises NotFound, Stale, RecordVoid, BadInput."""
    found = await store.one_for_update(session, who, record_id, version)
    raise_if(None if found.state == LIVE else RecordVoid())
    sent = wanted.model_dump(mode="json", exclude_unset=True, exclude={"attachment_ids"})
    await _rewrite(session, who, store, found, {**found.facts, **sent}, now)
    if wanted.attachment_ids is not None:
        await _replace_files(session, who, store, found, wanted.attachment_ids)
    return found


async def void(
    session: Session, who: Principal, store: Store, record_id: UUID, version: int, reason: str, now: datetime
) -> RecordColumns:
    """Declares a record void; it stays readable with its reason. Raises NotFound, Stale, RecordVoid."""
    found = await store.one_for_update(session, who, record_id, version)
    raise_if(None if found.state == LIVE else RecordVoid())
    found.state, found.void_reason, found.updated_at = VOID, reason, now
    await session.flush()
    keeping.tell(session, who, store, found, "voided", {"state": LIVE}, {"state": VOID}, reason)
    return found


async def batch(session: Session, who: Principal, store: Store, wanted: Batch, now: datetime, language: str) -> batches.Outcomes:
    """Enters up to 500 records, each behind a savepoint; one whose external id is known is brought up to date."""
    items: Sequence[Common] = wanted.items  # type: ignore[attr-defined]  # each kind's model adds its own items

    async def act(item: Common) -> batches.Done:
        return await _upsert(session, who, store, item, now)

    return await batches.run(session, items, act, atomic=wanted.atomic, language=language)


async def _upsert(session: Session, who: Principal, store: Store, item: Common, now: datetime) -> batches.Done:
    if item.external_id is None:
        return 201, (await create(session, who, store, item, now)).id
    unit = await _unit(session, who, store, item.unit_id)
    found = await _known(session, store, unit, item)
    if found is None:
        return 201, (await create(session, who, store, item, now)).id
    raise_if(None if found.state == LIVE else RecordVoid())
    if found.unit_id != unit.id:
        raise errors.BadInput(Fault("/body/unit_id", "record.other_unit"))
    await _rewrite(session, who, store, found, keeping.written_of(facts_of(store, item)), now)
    return 200, found.id


async def _unit(session: Session, who: Principal, store: Store, unit_id: UUID) -> Unit:
    """The unit the record is of, within the caller's reach; BadInput otherwise."""
    unit = await references.unit(session, unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(Fault("/body/unit_id", "not_found"))
    if store.kind.enforcement_only and not unit.enforcement:
        raise errors.BadInput(Fault("/body/unit_id", "record.unit_does_not_enforce"))
    return unit


def facts_of(store: Store, wanted: Common) -> fields.In:
    """The facts among what was sent; they were validated with it."""
    return store.kind.facts.model_construct(**{name: getattr(wanted, name) for name in store.kind.facts.model_fields})


def _parsed(store: Store, facts: Mapping[str, Any]) -> fields.In:
    """Facts as stored, with a change laid over them, in their model; BadInput names each fault."""
    present = {name: value for name, value in facts.items() if value is not None}
    try:
        return store.kind.facts.model_validate(present)
    except ValidationError as error:
        complaints = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        raise errors.BadInput(*faults.of_validation(complaints)) from None


async def _demand_sound(session: Session, who: Principal, store: Store, draft: Draft[Any]) -> None:
    """Raises BadInput with every fault of the facts, of what they refer to, and where there is such a record already."""
    found = [*await faults_of(session, who, store, draft), *await _repeated(session, store, draft)]
    if found:
        raise errors.BadInput(*found)


async def faults_of(session: Session, who: Principal, store: Store, draft: Draft[Any]) -> list[Fault]:
    """What is wrong with the facts and with what they refer to."""
    kind = store.kind
    found = [*kind.checks(draft), *await kind.verify(session, who, draft)]
    if not kind.ahead and kind.day_of(draft.facts) > draft.today:
        found.append(Fault(f"/body/{kind.day}", "day.in_the_future"))
    return found


async def _repeated(session: Session, store: Store, draft: Draft[Any]) -> Sequence[Fault]:
    """A unit has one record with the facts named in `once`; the last of them is pointed at."""
    if not (names := store.kind.once):
        return []
    facts = draft.facts.model_dump(mode="json", include=set(names))
    # Two at once would not see each other: they take their turn.
    await store.take_turn(session, draft.unit.district_id, draft.unit.id, str(sorted(facts.items())))
    others = await store.alike(session, draft.unit.id, facts) - {draft.record_id}
    return [Fault(f"/body/{names[-1]}", "repeated")] if others else []


async def _known(session: Session, store: Store, unit: Unit, wanted: Common) -> RecordColumns | None:
    assert wanted.external_id is not None
    return await store.known(session, unit.district_id, wanted.external_system or PLATFORM, wanted.external_id)


async def _insert(
    session: Session, who: Principal, store: Store, unit: Unit, facts: fields.In, wanted: Common, now: datetime
) -> RecordColumns:
    key = (wanted.external_system or PLATFORM, wanted.external_id) if wanted.external_id is not None else None
    made = keeping.made(who, store, keeping.Entry(unit, facts, key), now)
    made.attachment_ids = list(wanted.attachment_ids)
    session.add(made)
    await session.flush()
    await _attach(session, who, store, made, wanted.attachment_ids)
    keeping.tell(session, who, store, made, "created", {}, made.facts)
    return made


async def _rewrite(
    session: Session, who: Principal, store: Store, found: RecordColumns, wanted: Mapping[str, Any], now: datetime
) -> None:
    facts = _parsed(store, wanted)
    unit = await references.unit(session, found.unit_id)
    await _demand_sound(session, who, store, Draft(facts, unit, clock.local_day(now), found.id))
    await rewrite(session, who, store, found, facts, now)


async def rewrite(session: Session, who: Principal, store: Store, found: RecordColumns, facts: fields.In, now: datetime) -> None:
    """Puts sound facts in the place of those a record has."""
    written = keeping.written_of(facts)
    before, after = keeping.difference(found, written)
    found.facts, found.updated_at = written, now
    found.occurred_on, found.subject_id = store.kind.day_of(facts), store.kind.subject_of(facts)
    await session.flush()
    keeping.tell(session, who, store, found, "changed", before, after)


async def _replace_files(
    session: Session, who: Principal, store: Store, found: RecordColumns, attachment_ids: Sequence[UUID]
) -> None:
    added = [each for each in attachment_ids if each not in found.attachment_ids]
    found.attachment_ids = list(attachment_ids)
    await session.flush()
    await _attach(session, who, store, found, added)


async def _attach(session: Session, who: Principal, store: Store, found: RecordColumns, attachment_ids: Sequence[UUID]) -> None:
    place = (found.district_id, found.unit_id)
    await evidence.attach(session, who, attachment_ids, store.kind.object_type, found.id, store.kind.grants.read, *place)
