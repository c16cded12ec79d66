"""What the bureau and the units do with review rounds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.draws.rules import faults_of_quota
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns import queries as campaigns
from services.cases_api.review_rounds import queries, rules
from services.cases_api.review_rounds.schemas import ReviewRoundIn, SamplingChange
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.review_settings import queries as review_settings
from services.cases_api.review_settings.rules import Settings
from services.cases_api.reviewers import queries as reviewers
from services.kit import audit, clock, errors, ids, outbox, references, rights, sampling
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal, Scope

OBJECT = "review_round"


async def create(session: Session, who: Principal, wanted: ReviewRoundIn, now: datetime) -> ReviewRound:
    """Adds a round to an open campaign. Raises BadInput, NotOpen; WholeDistrict when a unit leaves out `unit_id`, BureauOnly."""
    assert who.district_id is not None
    await _check_unit(session, who, wanted.unit_id, wanted.mode)
    campaign = await campaigns.open_one(session, who, wanted.campaign_id)
    settings = await review_settings.in_force(session, who.district_id, clock.local_day(now))
    qualified = await reviewers.has_qualified(session, who.district_id)
    drawn = _drawn(wanted, wanted.mode, campaign.year, settings, qualified=qualified)
    await _check_sampling(session, campaign.id, drawn)
    named = wanted.model_dump(include={"campaign_id", "mode", "unit_id"})
    made = ReviewRound(
        id=ids.new_id(), district_id=campaign.district_id, state=rules.State.DRAFT, created_by=who.account_id, created_at=now,
        **named, **drawn,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json", exclude_none=True))
    return made


def _drawn(
    wanted: SamplingChange, mode: rules.Mode, year: int, settings: Settings, before: ReviewRound | None = None, *,
    qualified: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """The columns of a drawn round: as sent, else as before, else as the settings have it. A self-review is not drawn."""
    sent = wanted.model_dump(mode="json", exclude_none=True)
    if mode is rules.Mode.SELF:
        _refuse_sampling(set(sent) - {"campaign_id", "mode", "unit_id"})
        return {"sampling": None, "hide_units": False, "reviewers_per_file": 1, "legal_reviewers": 0}
    known: dict[str, Any] = dict(before.sampling or {}) if before else {}
    usual = {
        "closed_from": f"{year}-01-01",
        "closed_to": f"{year}-12-31",
        "excluded": [],
        "overrides": [],
        "quota": _usual_quota(mode, settings),
    }
    names = ("closed_from", "closed_to", "kinds", "procedures", "excluded", "overrides", "quota")
    content = usual | known | {name: sent[name] for name in names if name in sent}
    hide = before.hide_units if before else False
    per_file = sent.get("reviewers_per_file", before.reviewers_per_file if before else settings.reviewers_per_file)
    # One qualified reviewer a file as soon as the pool has any; the round says so, and assigning does not relax it.
    legal = sent.get("legal_reviewers", before.legal_reviewers if before else int(qualified))
    return {
        "sampling": content,
        "hide_units": sent.get("hide_units", hide),
        "reviewers_per_file": per_file,
        "legal_reviewers": legal,
    }


def _usual_quota(mode: rules.Mode, settings: Settings) -> dict[str, int]:
    """Units review all of each other's files unless it is said otherwise; a sample is the share that is set."""
    if mode is rules.Mode.CROSS:
        return {"share_per_10000": sampling.WHOLE, "min": 0}
    return {"share_per_10000": settings.sample_share, "min": settings.sample_least, "max": settings.sample_most}


def _refuse_sampling(names: set[str]) -> None:
    if names:
        raise errors.BadInput(*(errors.Fault(f"/body/{name}", "review_round.only_drawn") for name in sorted(names)))


async def _check_sampling(session: Session, campaign_id: UUID, drawn: Mapping[str, Any]) -> None:
    content = drawn["sampling"]
    if content is None:
        return
    rubric = await queries.rubric_in(session, campaign_id)
    overrides = [
        fault for place, each in enumerate(content["overrides"]) for fault in faults_of_quota(each, f"/body/overrides/{place}")
    ]
    legal = rules.legal_faults(drawn["legal_reviewers"], drawn["reviewers_per_file"])
    faults = [
        *legal,
        *rules.sampling_faults(content, rubric.reach),
        *faults_of_quota(content["quota"], "/body/quota"),
        *overrides,
    ]
    if faults:
        raise errors.BadInput(*faults)


async def change(
    session: Session, who: Principal, round_id: UUID, version: int, wanted: SamplingChange, now: datetime
) -> ReviewRound:
    """Changes what a draft is drawn from. Raises NotFound, Stale, IllegalMove, BadInput."""
    found = await queries.one_for_update(session, who, round_id, version)
    check(found, "change")
    settings = await review_settings.in_force(session, found.district_id, clock.local_day(now))
    year = await queries.campaign_year(session, found.campaign_id)
    drawn = _drawn(wanted, rules.Mode(found.mode), year, settings, found)
    await _check_sampling(session, found.campaign_id, drawn)
    before, after = audit.changes({name: getattr(found, name) for name in drawn}, drawn)
    for name, value in after.items():
        setattr(found, name, value)
    await session.flush()
    _tell(session, who, found, "changed", before, after)
    return found


def check(found: ReviewRound, verb: str) -> None:
    """Raises IllegalMove unless mode and state of the round allow the verb."""
    raise_if(rules.why_not(verb, rules.Mode(found.mode), rules.State(found.state)))


async def _check_unit(session: Session, who: Principal, unit_id: UUID | None, mode: rules.Mode) -> None:
    if mode is not rules.Mode.SELF and Scope.DISTRICT not in who.scopes:
        raise rules.BureauOnly
    if unit_id is None:
        only_for_bureau(who)
        return
    unit = await references.unit(session, unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))


def only_for_bureau(who: Principal) -> None:
    """Raises WholeDistrict unless the caller reaches the whole district."""
    if Scope.DISTRICT not in who.scopes:
        raise rules.WholeDistrict


async def assign(
    session: Session, who: Principal, found: ReviewRound, files: Sequence[UUID], people: Sequence[UUID], now: datetime
) -> None:
    """Gives closed files to reviewers of their own unit, in a self-review. Raises IllegalMove, BadInput with every fault.

    May be called again while the round is under way: files are added, nothing is taken back.
    """
    check(found, "assign")
    dealt = await _deal(session, who, found, files, people)
    session.add_all(_assignment(found, file, reviewer, now) for file, reviewer in dealt)
    given = [{"case_file_id": file.id, "account_id": reviewer.id} for file, reviewer in dealt]
    await given_out(session, who, found, people, now, given)


async def given_out(
    session: Session, who: Principal, found: ReviewRound, people: Sequence[UUID], now: datetime,
    given: Sequence[Mapping[str, UUID]] = (),
) -> None:  # fmt: skip
    """Marks files of the round as given out, and tells those who got some."""
    before = found.state
    found.state = rules.MOVES[rules.Mode(found.mode)]["assign"][rules.State(before)]
    found.assigned_at = now
    await session.flush()
    after = {"state": found.state} | ({"given": list(given)} if given else {})
    _tell(session, who, found, "assigned", {"state": before}, after, people)


async def _deal(
    session: Session, who: Principal, of: ReviewRound, wanted: Sequence[UUID], people: Sequence[UUID]
) -> list[tuple[rules.FileFacts, rules.Reviewer]]:
    rubric = await queries.rubric_in(session, of.campaign_id)
    files: Mapping[UUID, CaseFile] = await queries.files(session, who, of, wanted)
    known = await queries.reviewers(session, who, of, people)
    taken, loads = await queries.given_out(session, of.id)
    units = frozenset(reviewer.unit_id for reviewer in known.values())
    faults = [*rules.file_faults(wanted, files, rubric.reach, taken, units), *rules.reviewer_faults(people, known)]
    if faults:
        raise errors.BadInput(*faults)
    return rules.deal([files[key] for key in wanted], [known[key] for key in people], loads)


def _assignment(of: ReviewRound, file: rules.FileFacts, reviewer: rules.Reviewer, now: datetime) -> ReviewAssignment:
    return ReviewAssignment(
        id=ids.new_id(), district_id=of.district_id, unit_id=file.unit_id, round_id=of.id, mode=of.mode, case_file_id=file.id,
        account_id=reviewer.id, reason=assignments.Reason.NAMED, state=assignments.State.ASSIGNED, saves=0, created_at=now,
        hide_unit=of.hide_units,
    )  # fmt: skip


async def begin(session: Session, who: Principal, round_id: UUID) -> None:
    """Marks the round as under way when its first review is opened or saved."""
    found = await queries.locked(session, round_id)
    if rules.why_not("begin", rules.Mode(found.mode), rules.State(found.state)) is None:
        await move(session, who, found, "begin", "begun")


async def move(session: Session, who: Principal, found: ReviewRound, verb: str, told: str) -> None:
    """Moves a round that the verb was found to be allowed for, and tells of it."""
    before = rules.State(found.state)
    found.state = rules.MOVES[rules.Mode(found.mode)][verb][before]
    await session.flush()
    _tell(session, who, found, told, {"state": before}, {"state": found.state})


def _tell(
    session: Session, who: Principal, found: ReviewRound, verb: str, before: dict[str, Any], after: dict[str, Any],
    account_ids: Sequence[UUID] = (),
) -> None:  # fmt: skip
    kind, right, unit_id = f"{OBJECT}.{verb}", access.REVIEW_ROUNDS_READ, found.unit_id
    audit.record(session, who, kind, OBJECT, found.id, found.district_id, unit_id, before=before, after=after)
    # Everybody in the district reads rounds; a hidden unit is not told in passing.
    told_of = None if found.hide_units else unit_id
    outbox.publish(session, kind, OBJECT, found.id, found.version, right, found.district_id, told_of, account_ids=account_ids)
