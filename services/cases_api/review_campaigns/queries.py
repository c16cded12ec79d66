"""Reads of review campaigns: one statement each, JSON made by the database."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from services.cases_api import access
from services.cases_api.review_campaigns import rules
from services.cases_api.review_campaigns.schemas import ReviewCampaignFilter
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role


def body(who: Principal) -> ColumnElement[Any]:
    """The campaign as the caller reads it."""
    return answers.json_object(
        {
            "id": ReviewCampaign.id,
            "district_id": ReviewCampaign.district_id,
            "title": ReviewCampaign.title,
            "year": ReviewCampaign.year,
            "rubric_id": ReviewCampaign.rubric_id,
            "online": ReviewCampaign.online,
            "state": ReviewCampaign.state,
            "created_at": answers.moment(ReviewCampaign.created_at),
            "opened_at": answers.moment(ReviewCampaign.opened_at),
            "closed_at": answers.moment(ReviewCampaign.closed_at),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in rules.MOVES}),
            "version": ReviewCampaign.version,
        }
    )


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    reached = visibility.under(who, access.REVIEW_CAMPAIGNS_WRITE, district=ReviewCampaign.district_id)
    return and_(ReviewCampaign.state.in_(rules.MOVES[verb]), reached)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of campaigns: those of the district; drafts are for those who write them."""
    district = visibility.within(who, district=ReviewCampaign.district_id)
    return district if Role.BUREAU in who.roles else and_(district, ReviewCampaign.state != rules.State.DRAFT)


async def page(read: Reader, who: Principal, wanted: ReviewCampaignFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of campaigns by year."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(ReviewCampaign, name) == value for name, value in named.items()]
    order = pagination.Order((ReviewCampaign.year, ReviewCampaign.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, campaign_id: UUID) -> answers.One:
    """One campaign; NotFound also when the caller may not see it."""
    found = select(body(who), ReviewCampaign.version).where(ReviewCampaign.id == campaign_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, campaign_id: UUID, version: int) -> ReviewCampaign:
    """The row, locked; NotFound, Stale."""
    statement = select(ReviewCampaign).where(ReviewCampaign.id == campaign_id, visible_to(who)).with_for_update()
    campaign = (await session.execute(statement)).scalar_one_or_none()
    if campaign is None:
        raise errors.NotFound
    preconditions.expect(campaign.version, version)
    return campaign


async def open_one(session: Session, who: Principal, campaign_id: UUID) -> ReviewCampaign:
    """The open campaign of the caller's district that a round joins; BadInput when there is none, NotOpen.

    It is held against closing until the transaction ends.
    """
    wanted = (ReviewCampaign.id == campaign_id, ReviewCampaign.district_id == who.district_id)
    campaign = (await session.execute(select(ReviewCampaign).where(*wanted).with_for_update(read=True))).scalar_one_or_none()
    if campaign is None:
        raise errors.BadInput(errors.Fault("/body/campaign_id", "not_found"))
    if campaign.state != rules.State.OPEN:
        raise rules.NotOpen
    return campaign
