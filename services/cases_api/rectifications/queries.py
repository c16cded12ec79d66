"""Reads and locks of rectifications, the sheets they come from, and what was found in earlier years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.cases_api import access
from services.cases_api.arbitrations.tables import Arbitration
from services.cases_api.objections.tables import Objection
from services.cases_api.rectifications import rules
from services.cases_api.rectifications.schemas import RectificationFilter
from services.cases_api.rectifications.tables import Rectification
from services.cases_api.results.rules import Basis
from services.cases_api.results.tables import Result
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.reviews.tables import Review
from services.cases_api.rubrics.tables import Rubric
from services.kit import answers, errors, pagination, preconditions, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal
from services.kit.rights import Right

VERBS: Mapping[str, Right] = {
    "report": access.RECTIFICATIONS_REPORT,
    "close": access.RECTIFICATIONS_ORDER,
    "return": access.RECTIFICATIONS_ORDER,
}


def body(who: Principal, today: date) -> ColumnElement[Any]:
    """The rectification as the caller reads it."""
    plain = (
        "id", "district_id", "unit_id", "case_file_id", "result_id", "year", "items", "priority", "repeated_keys", "due_on",
        "state", "report", "reported_by", "check_note", "checked_by", "version",
    )  # fmt: skip
    moments = ("created_at", "reported_at", "checked_at")
    return answers.json_object(
        {name: getattr(Rectification, name) for name in plain}
        | {name: answers.moment(getattr(Rectification, name)) for name in moments}
        | {
            "suggested_course": _suggestion(),
            "is_overdue": is_overdue(today),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
        }
    )


def is_overdue(today: date) -> ColumnElement[bool]:
    """Not struck off, and past the day."""
    return and_(Rectification.state != rules.State.CLOSED, Rectification.due_on < today)


def _suggestion() -> ColumnElement[Any]:
    """A course about what keeps coming back, in the words of the items."""
    each = func.jsonb_array_elements(Rectification.items).column_valued("each", joins_implicitly=True)
    key = each.op("->>", return_type=Text())("about") + ":" + each.op("->>", return_type=Text())("key")
    words = func.string_agg(func.split_part(each.op("->>", return_type=Text())("text"), "：", 1), "、")
    named = select(literal("同类问题往年已发现，建议安排专题培训：", Text) + words)
    named = named.where(key == func.any(Rectification.repeated_keys))
    return named.correlate(Rectification).scalar_subquery()


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    reached = visibility.under(who, VERBS[verb], district=Rectification.district_id, unit=Rectification.unit_id)
    other = or_(Rectification.reported_by.is_(None), Rectification.reported_by != who.account_id)
    allowed = and_(Rectification.state.in_(list(rules.MOVES[verb])), reached)
    return allowed if verb == "report" else and_(allowed, other)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of rectifications."""
    return visibility.within(who, district=Rectification.district_id, unit=Rectification.unit_id)


async def page(
    read: Reader, who: Principal, wanted: RectificationFilter, start: pagination.Start | None, today: date
) -> pagination.Page:
    """A page of rectifications by the day they are due."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort", "is_overdue"}, exclude_none=True)
    filters = [getattr(Rectification, name) == value for name, value in named.items()]
    if wanted.is_overdue is not None:
        filters.append(is_overdue(today) if wanted.is_overdue else ~is_overdue(today))
    order = pagination.Order((Rectification.due_on, Rectification.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who, today)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, rectification_id: UUID, today: date) -> answers.One:
    """One rectification; NotFound also when the caller may not see it."""
    found = select(body(who, today), Rectification.version).where(Rectification.id == rectification_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, rectification_id: UUID, version: int) -> Rectification:
    """The row, locked; NotFound, Stale."""
    statement = select(Rectification).where(Rectification.id == rectification_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def is_ordered(session: Session, result_id: UUID) -> bool:
    """Whether the result has a rectification."""
    found = select(Rectification.id).where(Rectification.result_id == result_id)
    return (await session.execute(found)).scalar_one_or_none() is not None


async def sheets(session: Session, result: Result) -> Sequence[dict[str, Any]]:
    """The sheets a result rests on: the corrected one, the arbitrator's, or the reviewers'."""
    found = select(Review.content).where(Review.id.in_(result.review_ids)).order_by(Review.id)
    if result.basis == Basis.OBJECTION:
        found = select(Objection.content).where(Objection.id == result.objection_id)
    elif result.basis == Basis.ARBITRATION:
        found = select(Arbitration.content).where(Arbitration.id == result.arbitration_id)
    rows: list[Any] = list((await session.execute(found)).scalars())
    return rows


async def rubric(session: Session, campaign_id: UUID) -> dict[str, Any]:
    """The rubric of a campaign, as it stands written."""
    found = select(Rubric.content).join(ReviewCampaign, ReviewCampaign.rubric_id == Rubric.id)
    content: dict[str, Any] = (await session.execute(found.where(ReviewCampaign.id == campaign_id))).scalar_one()
    return content


async def repeated(session: Session, unit_id: UUID, year: int, keys: Sequence[str]) -> list[str]:
    """Those of the keys that the unit had to put right in an earlier year."""
    known = func.unnest(Rectification.keys).column_valued("known", joins_implicitly=True)
    found = select(known).distinct().select_from(Rectification).where(Rectification.unit_id == unit_id, Rectification.year < year)
    found = found.where(Rectification.keys.overlap(literal(list(keys), ARRAY(Text))), known.in_(keys))
    return sorted((await session.execute(found)).scalars())
