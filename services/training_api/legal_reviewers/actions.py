"""What is done with the pool: proposed, admitted, corrected, away, removed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, clock, errors, ids, personal, references, rights
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.legal_reviewers import queries, rules
from services.training_api.legal_reviewers.rules import State, Verb
from services.training_api.legal_reviewers.schemas import LegalReviewerChange, LegalReviewerIn
from services.training_api.legal_reviewers.tables import LegalReviewer
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

OBJECT = "legal_reviewer"
_tell: Final = Trail(OBJECT, access.LEGAL_REVIEWERS_READ).tell


async def propose(session: Session, who: Principal, wanted: LegalReviewerIn, now: datetime) -> LegalReviewer:
    """A unit proposes somebody of its own. Raises BadInput with every fault, InPoolAlready."""
    unit = await references.unit(session, wanted.unit_id)
    officer = await officers.lock(session, who, wanted.officer_id) if wanted.officer_id is not None else None
    faults = await _faults(session, unit.district_id, wanted.account_id)
    if not rights.covers(who, unit.path):
        faults.append(Fault("/body/unit_id", "not_found"))
    if officer is not None and (officer.left_on is not None or officer.unit_id != unit.id):
        faults.append(Fault("/body/officer_id", "legal_reviewer.not_of_unit"))
    if faults:
        raise errors.BadInput(*faults)
    if await queries.is_in_pool(session, wanted.officer_id, wanted.account_id):
        raise rules.InPoolAlready
    reviewer = _row(who, wanted, unit.district_id, officer, now)
    session.add(reviewer)
    await session.flush()
    _tell(session, who, reviewer, "proposed", {}, _harmless(wanted.model_dump(mode="json", exclude_none=True)))
    return reviewer


def _row(who: Principal, wanted: LegalReviewerIn, district_id: UUID, officer: Officer | None, now: datetime) -> LegalReviewer:
    facts = wanted.model_dump(exclude={"name", "areas", "qualification"})
    return LegalReviewer(
        id=ids.new_id(),
        district_id=district_id,
        name=officer.name if officer is not None else wanted.name,
        qualification=wanted.qualification.value,
        areas=list(wanted.areas),
        state=State.PROPOSED.value,
        proposed_by=who.account_id,
        created_at=now,
        **facts,
    )


async def change(
    session: Session, who: Principal, reviewer_id: UUID, version: int, wanted: LegalReviewerChange, now: datetime
) -> None:
    """Corrects what a member knows and when it is away. Raises NotFound, Stale, IllegalMove, BadInput, InPoolAlready."""
    reviewer = await queries.one_for_update(session, who, reviewer_id, version)
    raise_if(rules.why_not(Verb.CHANGE, reviewer))
    absences = None if wanted.absences is None else [rules.Absence(each.from_on, each.to_on) for each in wanted.absences]
    faults = [*await _faults(session, reviewer.district_id, wanted.account_id), *rules.faults_of_absences(absences or ())]
    if faults:
        raise errors.BadInput(*faults)
    if wanted.account_id is not None and await queries.is_in_pool(session, None, wanted.account_id, reviewer.id):
        raise rules.InPoolAlready
    sent = wanted.model_dump(exclude_none=True, exclude={"absences", "areas"}, mode="python")
    sent |= {"areas": list(wanted.areas)} if wanted.areas is not None else {}
    before, after = audit.changes({name: getattr(reviewer, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(reviewer, name, value)
    if absences is not None:
        await queries.put_absences(session, reviewer, absences, now)
        after |= {"absences": [{"from_on": each.from_on, "to_on": each.to_on} for each in absences]}
        queries.touch(reviewer)
    await session.flush()
    _tell(session, who, reviewer, "changed", before, after)


async def admit(session: Session, who: Principal, reviewer_id: UUID, version: int, now: datetime) -> None:
    """Takes somebody into the pool. Raises NotFound, Stale, IllegalMove."""
    reviewer = await queries.one_for_update(session, who, reviewer_id, version)
    raise_if(rules.why_not(Verb.ADMIT, reviewer))
    reviewer.admitted_on = clock.local_day(now)
    await _move(session, who, reviewer, Verb.ADMIT, "admitted")


async def remove(session: Session, who: Principal, reviewer_id: UUID, version: int, reason: str, now: datetime) -> None:
    """Takes somebody out of the pool; an earlier review stays that person's. Raises NotFound, Stale, IllegalMove."""
    reviewer = await queries.one_for_update(session, who, reviewer_id, version)
    raise_if(rules.why_not(Verb.REMOVE, reviewer))
    reviewer.removed_on, reviewer.removal_reason = clock.local_day(now), reason
    await _move(session, who, reviewer, Verb.REMOVE, "removed", reason)


async def _faults(session: Session, district_id: UUID, account_id: UUID | None) -> list[Fault]:
    if account_id is None or await queries.has_account(session, account_id, district_id):
        return []
    return [Fault("/body/account_id", "not_found")]


async def _move(
    session: Session, who: Principal, reviewer: LegalReviewer, verb: Verb, told: str, reason: str | None = None
) -> None:
    before = State(reviewer.state)
    reviewer.state = rules.MOVES[verb][before].value
    await session.flush()
    _tell(session, who, reviewer, told, {"state": before}, {"state": reviewer.state}, reason)


def _harmless(facts: dict[str, Any]) -> dict[str, Any]:
    return facts | ({"name": personal.masked_name(facts["name"])} if facts.get("name") else {})
