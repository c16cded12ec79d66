"""Adding calibration files, and reviewing them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api import access
from services.cases_api.calibrations import queries, rules
from services.cases_api.calibrations.schemas import CalibrationFileIn
from services.cases_api.calibrations.tables import CalibrationFile, CalibrationReview
from services.cases_api.reviews import rules as reviewing
from services.cases_api.reviews.schemas import ReviewIn
from services.kit import audit, errors, ids, outbox
from services.kit.answers import One
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "calibration_file"


async def add(session: Session, who: Principal, campaign_id: UUID, wanted: CalibrationFileIn, now: datetime) -> UUID:
    """Adds a file with the review held right. Raises NotFound, BadInput (all faults), CampaignOver, AlreadyListed."""
    ground = await queries.ground(session, who, campaign_id, wanted.case_file_id)
    raise_if(rules.why_not(ground.campaign.state))
    if await queries.is_listed(session, campaign_id, wanted.case_file_id):
        raise rules.AlreadyListed
    score = _scored(ground, wanted.known, "/body/known")
    if score.total is None:
        raise errors.BadInput(errors.Fault("/body/known/not_reviewable", "not_allowed"))
    made = CalibrationFile(
        id=ids.new_id(), district_id=ground.campaign.district_id, campaign_id=campaign_id, case_file_id=wanted.case_file_id,
        content=wanted.known.model_dump(mode="json", exclude_none=True), total_hundredths=score.total, grade=score.grade,
        content_hash=ground.content_hash, created_by=who.account_id, created_at=now,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    facts = {"campaign_id": campaign_id, "case_file_id": wanted.case_file_id}
    audit.record(session, who, f"{OBJECT}.created", OBJECT, made.id, made.district_id, after=facts)
    outbox.publish(session, f"{OBJECT}.created", OBJECT, made.id, 1, access.CALIBRATIONS_WRITE, made.district_id)
    return made.id


async def review(session: Session, who: Principal, campaign_id: UUID, file_id: UUID, wanted: ReviewIn, now: datetime) -> One:
    """Hands in one's own review of a calibration file, once. Raises NotFound, NotInPool, CampaignOver, AlreadyReviewed,
    BadInput.
    """
    if not await queries.is_pooled(session, who):
        raise rules.NotInPool
    file = await queries.file_of(session, who, campaign_id, file_id)
    ground = await queries.ground(session, who, campaign_id, file.case_file_id)
    raise_if(rules.why_not(ground.campaign.state))
    if await queries.is_reviewed(session, who, file_id):
        raise rules.AlreadyReviewed
    score = _scored(ground, wanted, "/body")
    content = wanted.model_dump(mode="json", exclude_none=True)
    made = CalibrationReview(
        id=ids.new_id(), calibration_file_id=file_id, account_id=who.account_id, content=content, grade=score.grade,
        total_hundredths=score.total, submitted_at=now,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    facts = {"campaign_id": campaign_id, "grade": score.grade, "total_hundredths": score.total}
    audit.record(session, who, f"{OBJECT}.reviewed", OBJECT, file_id, file.district_id, after=facts)
    outbox.publish(session, f"{OBJECT}.reviewed", OBJECT, file_id, 1, access.CALIBRATIONS_WRITE, file.district_id)
    return await queries.review(session, made.id, rules.compared(content, file.content))


def _scored(ground: queries.Ground, wanted: ReviewIn, at: str) -> reviewing.Score:
    findings = reviewing.findings_of(wanted.model_dump(mode="json"))
    if faults := reviewing.faults_of(ground.rubric, ground.file, findings):
        moved = (errors.Fault(fault.pointer.replace("/body", at, 1), fault.code, fault.params) for fault in faults)
        raise errors.BadInput(*moved)
    return reviewing.score(ground.rubric, ground.file, findings)
