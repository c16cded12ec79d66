"""What is done with exemptions: proposed, changed, decided, ended, taken back, and their ground read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit import audit, errors, evidence, ids, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.certificates import queries as certificates
from services.training_api.exemption_reasons import queries as reasons
from services.training_api.exemption_reasons.tables import ExemptionReason
from services.training_api.exemptions import queries, rules
from services.training_api.exemptions.rules import Period, State, Verb
from services.training_api.exemptions.schemas import EndIn, ExemptionChange, ExemptionIn
from services.training_api.exemptions.tables import Exemption
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

OBJECT = "exemption"
SEALED_FOR = "training.exemptions.ground"


async def propose(session: Session, who: Principal, vault: Vault, wanted: ExemptionIn, now: datetime) -> Exemption:
    """Asks for an exemption. Raises BadInput with every fault, Overlapping."""
    officer = await officers.lock(session, who, wanted.officer_id)
    period = Period(wanted.from_on, wanted.to_on)
    reason = await _sound(session, officer, wanted.reason, period, evident=bool(wanted.attachment_ids))
    raise_if(rules.why_not_beside(period, await queries.live_periods(session, officer.id)))
    exemption = Exemption(
        id=ids.new_id(),
        district_id=officer.district_id,
        officer_id=officer.id,
        reason=wanted.reason,
        waives=reason.waives,
        from_on=period.from_on,
        to_on=period.to_on,
        ground=vault.seal(wanted.ground, SEALED_FOR) if wanted.ground is not None else None,
        attachment_ids=list(wanted.attachment_ids),
        state=State.PROPOSED.value,
        proposed_by=who.account_id,
        created_at=now,
    )
    session.add(exemption)
    await session.flush()
    await _attach(session, who, exemption, officer, wanted.attachment_ids)
    _tell(session, who, exemption, officer, "proposed", {}, _told(exemption, ground=wanted.ground is not None))
    return exemption


async def change(
    session: Session, who: Principal, vault: Vault, exemption_id: UUID, version: int, wanted: ExemptionChange
) -> None:
    """Changes what is asked for while nobody has decided. Raises NotFound, Stale, IllegalMove, BadInput, Overlapping."""
    exemption, officer = await queries.one_for_update(session, who, exemption_id, version)
    raise_if(rules.why_not(Verb.CHANGE, exemption))
    sent = wanted.model_dump(exclude_none=True, exclude={"ground", "attachment_ids"})
    files = [*exemption.attachment_ids, *wanted.attachment_ids]
    period = Period(wanted.from_on or exemption.from_on, wanted.to_on or exemption.to_on)
    code = wanted.reason or exemption.reason
    reason = await _sound(session, officer, code, period, evident=bool(files))
    raise_if(rules.why_not_beside(period, await queries.live_periods(session, officer.id, exemption.id)))
    before, after = audit.changes({name: getattr(exemption, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(exemption, name, value)
    exemption.waives = reason.waives
    if wanted.ground is not None:
        exemption.ground = vault.seal(wanted.ground, SEALED_FOR)
        before, after = before | {"ground": "…"}, after | {"ground": "…"}
    if wanted.attachment_ids:
        await _attach(session, who, exemption, officer, wanted.attachment_ids)
        before, after = before | {"attachment_ids": exemption.attachment_ids}, after | {"attachment_ids": files}
        exemption.attachment_ids = files
    await session.flush()
    _tell(session, who, exemption, officer, "changed", before, after)


async def approve(session: Session, who: Principal, exemption_id: UUID, version: int, note: str | None, now: datetime) -> None:
    """Lets the exemption hold. Raises NotFound, Stale, IllegalMove, OwnProposal."""
    exemption, officer = await queries.one_for_update(session, who, exemption_id, version)
    raise_if(rules.why_not_decide(Verb.APPROVE, exemption, who.account_id))
    _decide(exemption, who, note, now)
    await _move(session, who, exemption, officer, Verb.APPROVE, "approved", note)
    await queries.hold(session, exemption, now)


async def refuse(session: Session, who: Principal, exemption_id: UUID, version: int, reason: str, now: datetime) -> None:
    """Refuses the exemption. Raises NotFound, Stale, IllegalMove, OwnProposal."""
    exemption, officer = await queries.one_for_update(session, who, exemption_id, version)
    raise_if(rules.why_not_decide(Verb.REFUSE, exemption, who.account_id))
    _decide(exemption, who, reason, now)
    await _move(session, who, exemption, officer, Verb.REFUSE, "refused", reason)


async def withdraw(session: Session, who: Principal, exemption_id: UUID, version: int) -> None:
    """The unit takes back what it asked for. Raises NotFound, Stale, IllegalMove."""
    exemption, officer = await queries.one_for_update(session, who, exemption_id, version)
    raise_if(rules.why_not(Verb.WITHDRAW, exemption))
    await _move(session, who, exemption, officer, Verb.WITHDRAW, "withdrawn")


async def end(session: Session, who: Principal, exemption_id: UUID, version: int, wanted: EndIn, now: datetime) -> None:
    """Gives an approved exemption an earlier last day; figures asked for as of before stay as they were.

    Raises NotFound, Stale, IllegalMove, NotShorter, BadInput when too little would be left of it.
    """
    exemption, officer = await queries.one_for_update(session, who, exemption_id, version)
    raise_if(rules.why_not_end(exemption, wanted.on))
    reason = await reasons.in_force(session, officer.district_id, exemption.reason, exemption.from_on)
    fault = rules.fault_of_length(Period(exemption.from_on, wanted.on), reason, "/body/on")
    if fault is not None:
        raise errors.BadInput(fault)
    before = {"to_on": exemption.to_on}
    exemption.to_on = wanted.on
    await queries.hold(session, exemption, now)
    await session.flush()
    _tell(session, who, exemption, officer, "ended", before, {"to_on": wanted.on}, wanted.reason)


async def revoke(session: Session, who: Principal, exemption_id: UUID, version: int, reason: str, now: datetime) -> None:
    """An approval that should not have been: the exemption holds no longer, from its first day. Raises as `approve`."""
    exemption, officer = await queries.one_for_update(session, who, exemption_id, version)
    raise_if(rules.why_not(Verb.REVOKE, exemption))
    await queries.lapse(session, exemption, now)
    await _move(session, who, exemption, officer, Verb.REVOKE, "revoked", reason)


async def disclose(session: Session, who: Principal, vault: Vault, exemption_id: UUID, reason: str) -> dict[str, str]:
    """The ground in clear, for the reason given; each look is an audit row of its own. Raises NotFound."""
    exemption, officer = await queries.with_ground(session, who, exemption_id)
    place = (exemption.id, officer.district_id, officer.unit_id)
    audit.record(session, who, f"{OBJECT}.ground_disclosed", OBJECT, *place, reason=reason)
    assert exemption.ground is not None
    return {"exemption_id": str(exemption.id), "ground": vault.open(exemption.ground, SEALED_FOR)}


async def _attach(session: Session, who: Principal, exemption: Exemption, officer: Officer, files: Sequence[UUID]) -> None:
    """Links evidence. It may tell of an illness: whoever may read the ground may download it, and nobody else."""
    place = (exemption.id, access.EXEMPTIONS_DISCLOSE, officer.district_id, officer.unit_id)
    await evidence.attach(session, who, files, OBJECT, *place)


async def _sound(session: Session, officer: Officer, code: str, period: Period, *, evident: bool) -> ExemptionReason:
    """The reason, when period and evidence are as it demands; BadInput with every fault otherwise."""
    reason = await reasons.in_force(session, officer.district_id, code, period.from_on)
    certified = await certificates.first_certified_on(session, officer.id) if reason and reason.until_certified else None
    faults = rules.faults_of_period(period, reason, await officers.timeline(session, officer.id), certified)
    if reason is not None and reason.needs_evidence and not evident:
        faults.append(errors.Fault("/body/attachment_ids", "missing"))
    if faults or reason is None:
        raise errors.BadInput(*faults)
    return reason


def _decide(exemption: Exemption, who: Principal, note: str | None, now: datetime) -> None:
    exemption.decided_by, exemption.decided_at, exemption.decision_note = who.account_id, now, note


async def _move(
    session: Session,
    who: Principal,
    exemption: Exemption,
    officer: Officer,
    verb: Verb,
    told: str,
    reason: str | None = None,
) -> None:
    before = State(exemption.state)
    exemption.state = rules.MOVES[verb][before].value
    await session.flush()
    _tell(session, who, exemption, officer, told, {"state": before}, {"state": exemption.state}, reason)


def _told(exemption: Exemption, *, ground: bool) -> dict[str, Any]:
    names = ("officer_id", "reason", "from_on", "to_on", "attachment_ids")
    return {name: getattr(exemption, name) for name in names} | ({"ground": "…"} if ground else {})


def _tell(
    session: Session,
    who: Principal,
    exemption: Exemption,
    officer: Officer,
    verb: str,
    before: Any,
    after: Any,
    reason: str | None = None,
) -> None:
    place = (officer.district_id, officer.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, exemption.id, *place, before=before, after=after, reason=reason)
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, exemption.id, exemption.version, access.EXEMPTIONS_READ, *place)
