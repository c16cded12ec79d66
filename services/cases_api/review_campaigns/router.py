"""Routes of review campaigns."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.review_campaigns import actions, queries
from services.cases_api.review_campaigns.schemas import (
    ReviewCampaignChange,
    ReviewCampaignFilter,
    ReviewCampaignIn,
    ReviewCampaignOut,
    ReviewCampaignPage,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/review-campaigns", "review-campaigns")


@router.get("", response_model=ReviewCampaignPage, summary="评查活动列表")
async def page(
    wanted: Annotated[ReviewCampaignFilter, Query()], who: access.MayReadReviewCampaigns, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Campaigns of the caller's district. Drafts are shown to the bureau only."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ReviewCampaignOut, status_code=201, summary="新建评查活动")
async def create(
    request: Request, wanted: ReviewCampaignIn, who: access.MayWriteReviewCampaigns, session: SessionDep, now: Now
) -> Response:
    """Prepares a campaign under a published rubric."""
    campaign = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, campaign.id), f"/v1/review-campaigns/{campaign.id}")


@router.get("/{campaign_id}", response_model=ReviewCampaignOut, summary="评查活动")
async def one(request: Request, campaign_id: fields.Id, who: access.MayReadReviewCampaigns, read: ReadDep) -> Response:
    """One campaign."""
    return answers.one(request, await queries.one(read, who, campaign_id))


@router.patch("/{campaign_id}", response_model=ReviewCampaignOut, summary="修改评查活动")
async def change(
    request: Request,
    campaign_id: fields.Id,
    wanted: ReviewCampaignChange,
    who: access.MayWriteReviewCampaigns,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Changes a campaign that is still a draft."""
    await actions.change(session, who, campaign_id, version, wanted)
    return answers.one(request, await queries.one(session, who, campaign_id))


@router.post("/{campaign_id}/open", response_model=ReviewCampaignOut, summary="开放评查活动")
async def open_up(
    request: Request, campaign_id: fields.Id, who: access.MayWriteReviewCampaigns, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Opens a campaign for rounds; its rubric stays from here on."""
    await actions.open_up(session, who, campaign_id, version, now)
    return answers.one(request, await queries.one(session, who, campaign_id))


@router.post("/{campaign_id}/close", response_model=ReviewCampaignOut, summary="结束评查活动")
async def close(
    request: Request, campaign_id: fields.Id, who: access.MayWriteReviewCampaigns, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Closes a campaign for new rounds; rounds under way are finished."""
    await actions.close(session, who, campaign_id, version, now)
    return answers.one(request, await queries.one(session, who, campaign_id))
