"""What units and the bureau do with discretion benchmarks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.discretion_benchmarks import queries, rules
from services.cases_api.discretion_benchmarks.rules import State
from services.cases_api.discretion_benchmarks.schemas import (
    Band,
    BenchmarkChange,
    BenchmarkIn,
    FileIn,
    LawChangeIn,
    PublishIn,
    ReceiveIn,
    RepealIn,
)
from services.cases_api.discretion_benchmarks.tables import DiscretionBenchmark, LawChange
from services.kit import audit, clock, db_faults, errors, evidence, ids, outbox, references, rights
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "discretion_benchmark"
TRAIL: Final = Trail(OBJECT, access.BENCHMARKS_READ)
NULLABLE = frozenset({"in_force_to", "trigger_note"})


async def create(session: Session, who: Principal, wanted: BenchmarkIn, now: datetime) -> DiscretionBenchmark:
    """Drafts a version. Raises BadInput with every fault."""
    unit = await references.unit(session, wanted.unit_id)
    faults = rules.faults_of_bands(wanted.bands, zero_range=wanted.zero_range)
    faults += rules.faults_of_days(wanted.in_force_from, wanted.in_force_to)
    if not rights.covers(who, unit.path):
        faults.append(Fault("/body/unit_id", "not_found"))
    elif not unit.enforcement:
        faults.append(Fault("/body/unit_id", "record.unit_does_not_enforce"))
    if wanted.replaces_id and await queries.replaced(session, unit.id, wanted.item, wanted.replaces_id) is None:
        faults.append(Fault("/body/replaces_id", "not_found"))
    if faults:
        raise errors.BadInput(*faults)
    made = DiscretionBenchmark(
        id=ids.new_id(),
        district_id=unit.district_id,
        state=State.DRAFT.value,
        created_at=now,
        **wanted.model_dump(exclude={"bands", "trigger"}),
        bands=_bands(wanted.bands),
        trigger=wanted.trigger.value,
    )
    session.add(made)
    await session.flush()
    place = (made.district_id, made.unit_id)
    await evidence.attach(session, who, wanted.attachment_ids, OBJECT, made.id, access.BENCHMARKS_READ, *place)
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json", exclude_none=True))
    return made


async def change(session: Session, who: Principal, benchmark_id: UUID, version: int, wanted: BenchmarkChange) -> None:
    """Works on a draft; null takes away what may be lacking. Raises NotFound, Stale, IllegalMove, BadInput."""
    found = await queries.one_for_update(session, who, benchmark_id, version)
    raise_if(rules.why_not("change", found))
    sent = {name: value for name, value in _stored(wanted).items() if value is not None or name in NULLABLE}
    before, after = audit.changes({name: getattr(found, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(found, name, value)
    faults = rules.faults_of_bands([Band.model_validate(band) for band in found.bands], zero_range=found.zero_range)
    faults += rules.faults_of_days(found.in_force_from, found.in_force_to)
    if faults:
        raise errors.BadInput(*faults)
    await session.flush()
    _tell(session, who, found, "changed", before, after)


async def publish(session: Session, who: Principal, benchmark_id: UUID, version: int, wanted: PublishIn, now: datetime) -> None:
    """Makes a version public; the one it replaces ends the day before. Raises as `rules.why_not_publish`, BadInput."""
    found = await queries.one_for_update(session, who, benchmark_id, version)
    await queries.lock_item(session, found.unit_id, found.item)
    old = await queries.replaced(session, found.unit_id, found.item, found.replaces_id)
    raise_if(rules.why_not_publish(found, len(found.bands), old, await queries.beside(session, found)))
    _demand(rules.faults_of_event("published_on", wanted.published_on, None, clock.local_day(now)))
    if old is not None:
        before = {"state": old.state, "in_force_to": old.in_force_to}
        old.state, old.in_force_to = State.SUPERSEDED.value, found.in_force_from - rules.ONE_DAY
        await session.flush()
        _tell(session, who, old, "superseded", before, {"state": old.state, "in_force_to": old.in_force_to})
    found.published_on, found.public_address = wanted.published_on, wanted.public_address
    await _move(session, who, found, "publish", "published")


async def repeal(session: Session, who: Principal, benchmark_id: UUID, version: int, wanted: RepealIn) -> None:
    """Gives a version its last day without a successor. Raises NotFound, Stale, IllegalMove, BadInput."""
    found = await queries.one_for_update(session, who, benchmark_id, version)
    raise_if(rules.why_not("repeal", found))
    _demand(rules.faults_of_days(found.in_force_from, wanted.in_force_to))
    found.in_force_to = wanted.in_force_to
    await _move(session, who, found, "repeal", "repealed", wanted.reason)


async def drop(session: Session, who: Principal, benchmark_id: UUID, version: int, reason: str) -> None:
    """Gives up a draft. Raises NotFound, Stale, IllegalMove."""
    found = await queries.one_for_update(session, who, benchmark_id, version)
    raise_if(rules.why_not("drop", found))
    await _move(session, who, found, "drop", "dropped", reason)


async def file(session: Session, who: Principal, benchmark_id: UUID, version: int, wanted: FileIn, now: datetime) -> None:
    """Sends a public version to the bureau. Raises NotFound, Stale, IllegalMove, AlreadyFiled, BadInput."""
    found = await queries.one_for_update(session, who, benchmark_id, version)
    raise_if(rules.why_not_file(found))
    _demand(rules.faults_of_event("filed_on", wanted.filed_on, found.published_on, clock.local_day(now)))
    found.filed_on = wanted.filed_on
    await session.flush()
    _tell(session, who, found, "filed", {}, {"filed_on": wanted.filed_on})


async def receive(session: Session, who: Principal, benchmark_id: UUID, version: int, wanted: ReceiveIn, now: datetime) -> None:
    """The bureau answers a filing, once. Raises NotFound, Stale, NotFiled, BadInput."""
    found = await queries.one_for_update(session, who, benchmark_id, version)
    raise_if(rules.why_not_receive(found))
    faults = rules.faults_of_event("received_on", wanted.received_on, found.filed_on, clock.local_day(now))
    if wanted.opinion is rules.Opinion.AMEND and wanted.opinion_text is None:
        faults.append(Fault("/body/opinion_text", "missing"))
    _demand(faults)
    after = wanted.model_dump(mode="json", exclude_none=True)
    found.received_on, found.filing_no = wanted.received_on, wanted.filing_no
    found.opinion, found.opinion_text = wanted.opinion.value, wanted.opinion_text
    await session.flush()
    _tell(session, who, found, "received", {}, after)


async def record_law_change(session: Session, who: Principal, wanted: LawChangeIn, now: datetime) -> LawChange:
    """Notes that a law changed: versions founded on it become due. Raises Duplicate, BadInput."""
    district_id = who.district_id
    assert district_id is not None
    _demand(rules.faults_of_event("changed_on", wanted.changed_on, None, clock.local_day(now)))
    if await queries.is_known(session, district_id, wanted.legal_basis, wanted.changed_on):
        raise db_faults.Duplicate
    made = LawChange(id=ids.new_id(), district_id=district_id, created_by=who.account_id, created_at=now, **wanted.model_dump())
    session.add(made)
    await session.flush()
    after = wanted.model_dump(mode="json", exclude_none=True)
    audit.record(session, who, "law_change.recorded", "law_change", made.id, district_id, who.unit_id, after=after)
    outbox.publish(session, "law_change.recorded", "law_change", made.id, 1, access.BENCHMARKS_READ, district_id, who.unit_id)
    return made


def _stored(wanted: BenchmarkChange) -> dict[str, Any]:
    """What was sent, as the row keeps it: bands as JSON, days as days."""
    sent = wanted.model_dump(exclude_unset=True)
    if wanted.bands is not None:
        sent["bands"] = _bands(wanted.bands)
    return sent


def _bands(bands: Sequence[Band]) -> list[dict[str, Any]]:
    return [band.model_dump(mode="json", exclude_none=True) for band in bands]


def _demand(faults: Sequence[Fault]) -> None:
    if faults:
        raise errors.BadInput(*faults)


async def _move(
    session: Session, who: Principal, found: DiscretionBenchmark, verb: str, told: str, reason: str | None = None
) -> None:
    before = State(found.state)
    found.state = rules.MOVES[verb][before].value
    await session.flush()
    after = {"state": found.state, "in_force_to": found.in_force_to, "published_on": found.published_on}
    _tell(session, who, found, told, {"state": before.value}, after, reason)


def _tell(
    session: Session, who: Principal, found: DiscretionBenchmark, verb: str, before: Any, after: Any, reason: str | None = None
) -> None:
    right = None if State(found.state) in rules.FILABLE else access.BENCHMARKS_DRAFTS
    TRAIL.tell(session, who, found, verb, before, after, reason, right=right)
