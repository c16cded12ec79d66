"""What the bureau and the units do with review rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns import queries as campaigns
from services.cases_api.review_rounds import queries, rules
from services.cases_api.review_rounds.schemas import AssignIn, ReviewRoundIn
from services.cases_api.review_rounds.tables import ReviewRound
from services.kit import audit, errors, ids, outbox, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal, Scope

OBJECT = "review_round"


async def create(session: Session, who: Principal, wanted: ReviewRoundIn, now: datetime) -> ReviewRound:
    """Adds a round to an open campaign. Raises BadInput, NotOpen; WholeDistrict when a unit leaves out `unit_id`."""
    assert who.district_id is not None
    await _check_unit(session, who, wanted.unit_id)
    campaign = await campaigns.open_one(session, who, wanted.campaign_id)
    made = ReviewRound(
        id=ids.new_id(), district_id=campaign.district_id, state=rules.State.DRAFT, created_by=who.account_id, created_at=now,
        **wanted.model_dump(),
    )  # fmt: skip
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json"))
    return made


async def _check_unit(session: Session, who: Principal, unit_id: UUID | None) -> None:
    if unit_id is None:
        _only_for_bureau(who)
        return
    unit = await references.unit(session, unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))


def _only_for_bureau(who: Principal) -> None:
    if Scope.DISTRICT not in who.scopes:
        raise rules.WholeDistrict


async def assign(session: Session, who: Principal, round_id: UUID, version: int, wanted: AssignIn, now: datetime) -> ReviewRound:
    """Gives closed files to reviewers of their own unit. Raises NotFound, Stale, IllegalMove, BadInput with every fault.

    May be called again while the round is under way: files are added, nothing is taken back.
    """
    found = await queries.one_for_update(session, who, round_id, version)
    raise_if(rules.why_not("assign", rules.State(found.state)))
    dealt = await _deal(session, who, found, wanted)
    session.add_all(_assignment(found, file, reviewer, now) for file, reviewer in dealt)
    before = found.state
    found.state = rules.MOVES["assign"][rules.State(before)]
    found.assigned_at = now
    await session.flush()
    given = [{"case_file_id": file.id, "account_id": reviewer.id} for file, reviewer in dealt]
    _tell(session, who, found, "assigned", {"state": before}, {"state": found.state, "given": given}, wanted.account_ids)
    return found


async def _deal(
    session: Session, who: Principal, of: ReviewRound, wanted: AssignIn
) -> list[tuple[rules.FileFacts, rules.Reviewer]]:
    rubric = await queries.rubric_in(session, of.campaign_id)
    files: Mapping[UUID, CaseFile] = await queries.files(session, who, of, wanted.case_file_ids)
    reviewers = await queries.reviewers(session, who, of, wanted.account_ids)
    taken, loads = await queries.given_out(session, of.id)
    units = frozenset(reviewer.unit_id for reviewer in reviewers.values())
    faults = [
        *rules.file_faults(wanted.case_file_ids, files, rubric.reach, taken, units),
        *rules.reviewer_faults(wanted.account_ids, reviewers),
    ]
    if faults:
        raise errors.BadInput(*faults)
    return rules.deal([files[key] for key in wanted.case_file_ids], [reviewers[key] for key in wanted.account_ids], loads)


def _assignment(of: ReviewRound, file: rules.FileFacts, reviewer: rules.Reviewer, now: datetime) -> ReviewAssignment:
    return ReviewAssignment(
        id=ids.new_id(), district_id=of.district_id, unit_id=file.unit_id, round_id=of.id, mode=of.mode, case_file_id=file.id,
        account_id=reviewer.id, reason=assignments.Reason.NAMED, state=assignments.State.ASSIGNED, saves=0, created_at=now,
    )  # fmt: skip


async def begin(session: Session, who: Principal, round_id: UUID) -> None:
    """Marks the round as under way when its first review is opened or saved."""
    found = await queries.locked(session, round_id)
    if rules.why_not("begin", rules.State(found.state)) is None:
        await _move(session, who, found, "begin", "begun")


async def held(session: Session, round_id: UUID) -> rules.State:
    """The state of a round, which stays as it is until the transaction ends."""
    return rules.State((await queries.locked(session, round_id)).state)


async def publish(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> ReviewRound:
    """Opens the results to the units. Raises NotFound, Stale, IllegalMove, WholeDistrict, Unfinished, NothingReviewed."""
    found = await queries.one_for_update(session, who, round_id, version)
    if found.unit_id is None:
        _only_for_bureau(who)
    raise_if(rules.why_not("publish", rules.State(found.state)))
    raise_if(rules.why_not_publish(*await queries.progress(session, round_id)))
    found.published_at = now
    await _move(session, who, found, "publish", "published")
    return found


async def close(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> ReviewRound:
    """Ends a published round. Raises NotFound, Stale, IllegalMove."""
    found = await queries.one_for_update(session, who, round_id, version)
    raise_if(rules.why_not("close", rules.State(found.state)))
    found.closed_at = now
    await _move(session, who, found, "close", "closed")
    return found


async def void(session: Session, who: Principal, round_id: UUID, version: int, now: datetime) -> ReviewRound:
    """Voids a round with all its reviews, which are kept but count nowhere. Raises NotFound, Stale, IllegalMove, BadInput.

    The reason is demanded as `X-Change-Reason`.
    """
    reason = audit.demanded_reason(session)
    found = await queries.one_for_update(session, who, round_id, version)
    raise_if(rules.why_not("void", rules.State(found.state)))
    await queries.withdraw_all(session, round_id)
    found.voided_at, found.void_reason = now, reason
    await _move(session, who, found, "void", "voided")
    return found


async def _move(session: Session, who: Principal, found: ReviewRound, verb: str, told: str) -> None:
    before = rules.State(found.state)
    found.state = rules.MOVES[verb][before]
    await session.flush()
    _tell(session, who, found, told, {"state": before}, {"state": found.state})


def _tell(
    session: Session, who: Principal, found: ReviewRound, verb: str, before: dict[str, Any], after: dict[str, Any],
    account_ids: Sequence[UUID] = (),
) -> None:  # fmt: skip
    kind, right, unit_id = f"{OBJECT}.{verb}", access.REVIEW_ROUNDS_READ, found.unit_id
    audit.record(session, who, kind, OBJECT, found.id, found.district_id, unit_id, before=before, after=after)
    outbox.publish(session, kind, OBJECT, found.id, found.version, right, found.district_id, unit_id, account_ids=account_ids)
