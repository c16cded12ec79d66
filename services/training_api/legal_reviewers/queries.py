"""Reads of the pool."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, Text, and_, any_, bindparam, delete, exists, false, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import attributes

from services.kit import answers, errors, ids, pagination, preconditions, reads, references, visibility
from services.kit.db import Session
from services.kit.principal import Principal, Role
from services.training_api import access
from services.training_api.legal_reviewers import rules
from services.training_api.legal_reviewers.rules import State, Verb
from services.training_api.legal_reviewers.tables import LegalReviewer, LegalReviewerAbsence
from services.training_api.officers.tables import Officer

NEWEST = pagination.Order((LegalReviewer.created_at, LegalReviewer.id))
REACH: dict[str, Any] = {"district": LegalReviewer.district_id, "unit": LegalReviewer.unit_id}
TODAY = bindparam("today", None, type_=Date())
PLAIN = (
    "id", "district_id", "unit_id", "officer_id", "account_id", "qualification", "qualified_on", "areas", "state",
    "admitted_on", "removed_on", "removal_reason", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of the pool."""
    return visibility.within(who, **REACH)


def with_officers(statement: Select[Any]) -> Select[Any]:
    """Members with the officers they are, where they are officers."""
    return statement.select_from(LegalReviewer).outerjoin(Officer, Officer.id == LegalReviewer.officer_id)


def body(who: Principal) -> ColumnElement[Any]:
    """A member as this caller sees it today."""
    masked = Role.PLATFORM in who.roles
    return answers.json_object(
        {name: getattr(LegalReviewer, name) for name in PLAIN}
        | {
            "name": func.training.masked_name(LegalReviewer.name) if masked else LegalReviewer.name,
            "available": available_on(TODAY),
            "absences": _absences(),
            "allowed_actions": answers.allowed_actions(_allowed(who)),
            "created_at": answers.moment(LegalReviewer.created_at),
        }
    )


def _absences() -> ColumnElement[Any]:
    one = answers.json_object({name: getattr(LegalReviewerAbsence, name) for name in ("from_on", "to_on")})
    listed = select(func.coalesce(func.json_agg(aggregate_order_by(one, LegalReviewerAbsence.from_on)), func.json_build_array()))
    mine = LegalReviewerAbsence.reviewer_id == LegalReviewer.id
    return listed.where(mine).correlate(LegalReviewer).scalar_subquery()


def available_on(day: Any) -> ColumnElement[bool]:
    """Listed by then, in service if an officer, and not away."""
    away = exists().where(
        LegalReviewerAbsence.reviewer_id == LegalReviewer.id,
        LegalReviewerAbsence.from_on <= day,
        or_(LegalReviewerAbsence.to_on.is_(None), LegalReviewerAbsence.to_on >= day),
    )
    serving = or_(Officer.left_on.is_(None), Officer.left_on >= day)
    return and_(LegalReviewer.state == State.LISTED.value, LegalReviewer.admitted_on <= day, serving, ~away)


def _allowed(who: Principal) -> Mapping[str, ColumnElement[bool]]:
    right = {
        Verb.CHANGE: access.LEGAL_REVIEWERS_PROPOSE,
        Verb.ADMIT: access.LEGAL_REVIEWERS_ADMIT,
        Verb.REMOVE: access.LEGAL_REVIEWERS_PROPOSE,
    }
    return {
        verb.value: LegalReviewer.state.in_([state.value for state in rules.MOVES[verb]])
        & visibility.under(who, right[verb], **REACH)
        for verb in Verb
    }


REVIEWERS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": NEWEST, "created_at": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "unit_id": reads.equals(LegalReviewer.unit_id),
        "state": reads.equals(LegalReviewer.state),
        "qualification": reads.equals(LegalReviewer.qualification),
        "area": reads.Filter(Text(), lambda value: value == any_(LegalReviewer.areas)),
        "available_on": reads.Filter(Date(), available_on),
    },
    source=with_officers,
)
REVIEWER = reads.Single(
    body=body, version=LegalReviewer.version, key=LegalReviewer.id, visible_to=visible_to, source=with_officers
)


async def one_for_update(session: Session, who: Principal, reviewer_id: UUID, version: int) -> LegalReviewer:
    """The row, locked; NotFound, Stale."""
    statement = select(LegalReviewer).where(LegalReviewer.id == reviewer_id, visible_to(who)).with_for_update()
    found: LegalReviewer | None = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def is_in_pool(session: Session, officer_id: UUID | None, account_id: UUID | None, but: UUID | None = None) -> bool:
    """Whether the officer or the account is in the pool, or proposed for it, as another member than this one."""
    asked = ((LegalReviewer.officer_id, officer_id), (LegalReviewer.account_id, account_id))
    named = or_(false(), *(column == value for column, value in asked if value is not None))
    statement = select(LegalReviewer.id).where(named, LegalReviewer.state != State.REMOVED.value)
    if but is not None:
        statement = statement.where(LegalReviewer.id != but)
    with session.no_autoflush:
        return (await session.execute(statement.limit(1))).first() is not None


async def has_account(session: Session, account_id: UUID, district_id: UUID) -> bool:
    """Whether there is such an account, at work in this district."""
    accounts, units = references.accounts, references.units
    statement = (
        select(accounts.c.id)
        .join(units, units.c.id == accounts.c.unit_id)
        .where(accounts.c.id == account_id, accounts.c.active, units.c.district_id == district_id)
    )
    return (await session.execute(statement)).first() is not None


def touch(reviewer: LegalReviewer) -> None:
    """Moves the row's version although only rows beside it changed."""
    attributes.flag_modified(reviewer, "state")


async def put_absences(session: Session, reviewer: LegalReviewer, absences: Sequence[rules.Absence], now: datetime) -> None:
    """These are the member's absences from now on."""
    await session.execute(delete(LegalReviewerAbsence).where(LegalReviewerAbsence.reviewer_id == reviewer.id))
    session.add_all(
        LegalReviewerAbsence(id=ids.new_id(), reviewer_id=reviewer.id, from_on=each.from_on, to_on=each.to_on, recorded_at=now)
        for each in absences
    )
