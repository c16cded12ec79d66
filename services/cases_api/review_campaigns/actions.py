"""What the bureau does with review campaigns."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from services.cases_api import access
from services.cases_api.review_campaigns import queries, rules
from services.cases_api.review_campaigns.schemas import ReviewCampaignChange, ReviewCampaignIn
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.rubrics import queries as rubrics
from services.kit import audit, ids, outbox
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "review_campaign"


async def create(session: Session, who: Principal, wanted: ReviewCampaignIn, now: datetime) -> ReviewCampaign:
    """Prepares a campaign under a published rubric. Raises BadInput, NotPublished."""
    assert who.district_id is not None
    await rubrics.published(session, who.district_id, wanted.rubric_id)
    campaign = ReviewCampaign(
        id=ids.new_id(), district_id=who.district_id, state=rules.State.DRAFT, created_by=who.account_id, created_at=now,
        **wanted.model_dump(),
    )  # fmt: skip
    session.add(campaign)
    await session.flush()
    _tell(session, who, campaign, "created", {}, wanted.model_dump(mode="json"))
    return campaign


async def change(
    session: Session, who: Principal, campaign_id: UUID, version: int, wanted: ReviewCampaignChange
) -> ReviewCampaign:
    """Changes a campaign that is still a draft. Raises NotFound, Stale, IllegalMove, BadInput, NotPublished."""
    campaign = await queries.one_for_update(session, who, campaign_id, version)
    raise_if(rules.why_not("change", rules.State(campaign.state)))
    sent = wanted.model_dump(exclude_unset=True, exclude_none=True)
    if "rubric_id" in sent:
        await rubrics.published(session, campaign.district_id, sent["rubric_id"])
    before, after = audit.changes({name: getattr(campaign, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(campaign, name, value)
    await session.flush()
    _tell(session, who, campaign, "changed", before, after)
    return campaign


async def open_up(session: Session, who: Principal, campaign_id: UUID, version: int, now: datetime) -> ReviewCampaign:
    """Opens a campaign for rounds. Raises NotFound, Stale, IllegalMove, NotPublished when its rubric was superseded."""
    campaign = await queries.one_for_update(session, who, campaign_id, version)
    raise_if(rules.why_not("open", rules.State(campaign.state)))
    await rubrics.published(session, campaign.district_id, campaign.rubric_id)
    campaign.opened_at = now
    await _move(session, who, campaign, "open", "opened")
    return campaign


async def close(session: Session, who: Principal, campaign_id: UUID, version: int, now: datetime) -> ReviewCampaign:
    """Closes a campaign for new rounds; those under way are finished. Raises NotFound, Stale, IllegalMove."""
    campaign = await queries.one_for_update(session, who, campaign_id, version)
    raise_if(rules.why_not("close", rules.State(campaign.state)))
    campaign.closed_at = now
    await _move(session, who, campaign, "close", "closed")
    return campaign


async def _move(session: Session, who: Principal, campaign: ReviewCampaign, verb: str, told: str) -> None:
    before = rules.State(campaign.state)
    campaign.state = rules.MOVES[verb][before]
    await session.flush()
    _tell(session, who, campaign, told, {"state": before}, {"state": campaign.state})


def _tell(
    session: Session, who: Principal, campaign: ReviewCampaign, verb: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, campaign.id, campaign.district_id, before=before, after=after)
    if campaign.state != rules.State.DRAFT:
        kind, right = f"{OBJECT}.{verb}", access.REVIEW_CAMPAIGNS_READ
        outbox.publish(session, kind, OBJECT, campaign.id, campaign.version, right, campaign.district_id)
