"""Reads and locks of arbitrations, and what opening one needs to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select, true, update
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from services.cases_api import access
from services.cases_api.arbitrations import rules
from services.cases_api.arbitrations.schemas import ArbitrationFilter, ArbitrationVersionFilter
from services.cases_api.arbitrations.tables import Arbitration, ArbitrationVersion
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.reviewers.external import POOL, is_away
from services.cases_api.reviews import rules as reviews
from services.cases_api.reviews.queries import content_of
from services.cases_api.reviews.tables import Review
from services.kit import answers, errors, pagination, preconditions, references, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role
from services.kit.rights import Right

ACCOUNTS, UNITS = references.accounts, references.units
VERBS: Mapping[str, Right] = {
    "assign": access.ARBITRATIONS_ORGANISE,
    "open": access.ARBITRATIONS_DECIDE,
    "save": access.ARBITRATIONS_DECIDE,
    "submit": access.ARBITRATIONS_DECIDE,
    "decline": access.ARBITRATIONS_DECIDE,
    "recuse": access.ARBITRATIONS_DECIDE,
    "void": access.ARBITRATIONS_ORGANISE,
}
LIVE = Arbitration.state != rules.State.VOID
SHEETS = (
    select(
        func.json_agg(
            aggregate_order_by(
                answers.json_object(
                    {
                        "label": func.chr(64 + func.array_position(Arbitration.review_ids, Review.id)),
                        **content_of(Review.content),
                        "total": answers.hours(Review.total_hundredths),
                        "grade": Review.grade,
                    }
                ),
                func.array_position(Arbitration.review_ids, Review.id),
            )
        )
    )
    .where(Review.id == func.any(Arbitration.review_ids))
    .correlate(Arbitration)
    .scalar_subquery()
)


def body(who: Principal) -> ColumnElement[Any]:
    """The arbitration as the caller reads it: who is in line is the bureau's to know, who reviewed not the arbitrator's."""
    mine = and_(Arbitration.account_id.is_not(None), Arbitration.account_id == who.account_id)
    bureau = Role.BUREAU in who.roles
    names = or_(~mine, Arbitration.state.in_([rules.State.SUBMITTED, rules.State.VOID]))
    unit = or_(~Arbitration.hide_unit, ~mine) if bureau else ~Arbitration.hide_unit
    plain = ("id", "round_id", "case_file_id", "number", "grounds", "account_id", "state", "grade", "ended_how", "version")
    moments = ("created_at", "opened_at", "saved_at", "submitted_at", "ended_at")
    return answers.json_object(
        {name: getattr(Arbitration, name) for name in plain}
        | {name: answers.moment(getattr(Arbitration, name)) for name in moments}
        | content_of(Arbitration.content)
        | {"decisions": func.coalesce(Arbitration.content["decisions"], func.jsonb_build_array(), type_=JSONB)}
        | {
            "campaign_id": ReviewRound.campaign_id,
            "rubric_id": ReviewCampaign.rubric_id,
            "unit_id": case((unit, Arbitration.unit_id)),
            "spread": answers.hours(Arbitration.spread_hundredths),
            "sheets": func.coalesce(SHEETS, func.json_build_array()),
            "review_ids": case((names, Arbitration.review_ids)),
            "total": answers.hours(Arbitration.total_hundredths),
            "got": answers.hours(Arbitration.got_hundredths),
            "applicable": answers.hours(Arbitration.applicable_hundredths),
            "content_hash": Arbitration.content_hash,
            "structure_hash": Arbitration.structure_hash,
            "ended_reason": case((or_(mine, true() if bureau else false()), Arbitration.ended_reason)),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
        }
        | ({"seed": Arbitration.seed, "candidates": Arbitration.candidates} if bureau else {})
    )


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    mine = Arbitration.account_id == who.account_id
    reached = visibility.under(who, VERBS[verb], district=Arbitration.district_id, assigned=mine)
    under_way = ReviewRound.state.in_(list(rounds.UNDER_WAY))
    return and_(Arbitration.state.in_(list(rules.MOVES[verb])), reached, under_way)


def joined(*columns: Any) -> Select[Any]:
    """These columns over arbitrations with their round and campaign."""
    found = select(*columns).select_from(Arbitration).join(ReviewRound, ReviewRound.id == Arbitration.round_id)
    return found.join(ReviewCampaign, ReviewCampaign.id == ReviewRound.campaign_id)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter: the bureau's district, the arbitrator's own, the reviewed unit's once published.

    Who reviewed the file and organises as well learns of the arbitration like anybody else: after it is decided.
    """
    mine = Arbitration.account_id == who.account_id
    anywhere = visibility.within(who, district=Arbitration.district_id, assigned=mine)
    if Role.REVIEWER in who.roles:
        wrote = select(ReviewAssignment.id).where(
            ReviewAssignment.round_id == Arbitration.round_id,
            ReviewAssignment.case_file_id == Arbitration.case_file_id,
            ReviewAssignment.account_id == who.account_id,
        )
        open_one = Arbitration.state.not_in([rules.State.SUBMITTED, rules.State.VOID])
        anywhere = and_(anywhere, or_(mine, ~and_(open_one, wrote.correlate(Arbitration).exists())))
    return or_(anywhere, and_(ReviewRound.state.in_(rounds.SHOWN), LIVE, visibility.within(who, unit=Arbitration.unit_id)))


async def page(read: Reader, who: Principal, wanted: ArbitrationFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of arbitrations by the time they were opened."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(Arbitration, name) == value for name, value in named.items()]
    if wanted.unit_id is not None:
        # A filter tells as much as a field.
        filters.append(or_(~Arbitration.hide_unit, Arbitration.account_id.is_distinct_from(who.account_id)))
    order = pagination.Order((Arbitration.created_at, Arbitration.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, joined(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, arbitration_id: UUID) -> answers.One:
    """One arbitration; NotFound also when the caller may not see it."""
    found = joined(body(who), Arbitration.version).where(Arbitration.id == arbitration_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, arbitration_id: UUID, version: int) -> Arbitration:
    """The row, locked; NotFound, Stale."""
    statement = joined(Arbitration).where(Arbitration.id == arbitration_id, visible_to(who)).with_for_update(of=Arbitration)
    found: Arbitration | None = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def versions(
    read: Reader, who: Principal, arbitration_id: UUID, wanted: ArbitrationVersionFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of the versions of one arbitration; NotFound when the caller may not see it."""
    await one(read, who, arbitration_id)
    plain = ("arbitration_id", "number", "state", "grade", "account_id")
    body = answers.json_object(
        {name: getattr(ArbitrationVersion, name) for name in plain}
        | content_of(ArbitrationVersion.content)
        | {
            "decisions": func.coalesce(ArbitrationVersion.content["decisions"], func.jsonb_build_array(), type_=JSONB),
            "total": answers.hours(ArbitrationVersion.total_hundredths),
            "saved_at": answers.moment(ArbitrationVersion.saved_at),
        }
    )
    order = pagination.Order((ArbitrationVersion.number,), descending=wanted.sort.startswith("-"))
    found = select(body).where(ArbitrationVersion.arbitration_id == arbitration_id)
    return await pagination.read(read, found, order, wanted, start)


# ---------------------------------------------------------------------------------------------- opening one


async def sheets(session: Session, round_id: UUID, case_file_id: UUID) -> list[tuple[ReviewAssignment, rules.Sheet | None]]:
    """The live assignments of a file in a round, each with what was handed in."""
    same = (ReviewAssignment.round_id == round_id, ReviewAssignment.case_file_id == case_file_id)
    live = ReviewAssignment.state != assignments.State.VOID
    found = select(ReviewAssignment, Review.grade, Review.total_hundredths, Review.content)
    found = found.outerjoin(Review, Review.id == ReviewAssignment.id).where(*same, live).order_by(ReviewAssignment.id)
    return [
        (row, rules.Sheet(row.id, grade, total, reviews.findings_of(content)) if grade is not None else None)
        for row, grade, total, content in (await session.execute(found)).all()
    ]


async def live(session: Session, round_id: UUID, case_file_id: UUID) -> Arbitration | None:
    """The arbitration of a file that is not void, locked."""
    same = (Arbitration.round_id == round_id, Arbitration.case_file_id == case_file_id, LIVE)
    return (await session.execute(select(Arbitration).where(*same).with_for_update())).scalar_one_or_none()


async def number(session: Session, round_id: UUID, case_file_id: UUID) -> int:
    """How many arbitrations the file has had in the round."""
    same = (Arbitration.round_id == round_id, Arbitration.case_file_id == case_file_id)
    return int((await session.execute(select(func.count()).select_from(Arbitration).where(*same))).scalar_one())


async def qualified(session: Session, of: ReviewRound, case_file_id: UUID, unit_id: UUID, day: date) -> list[rules.Candidate]:
    """Active reviewers qualified for legal review who are not away, never had the file in this round, and whose unit is not
    reviewed by the file's own; each with the arbitrations held in the round. Conflicts are looked for by the caller.
    """
    reviewed = select(ReviewAssignment.account_id).where(
        ReviewAssignment.round_id == of.id, ReviewAssignment.case_file_id == case_file_id
    )
    had = select(Arbitration.account_id).where(
        Arbitration.round_id == of.id, Arbitration.case_file_id == case_file_id, Arbitration.account_id.is_not(None)
    )
    held = select(func.count()).where(Arbitration.round_id == of.id, LIVE, Arbitration.account_id == ACCOUNTS.c.id)
    others = ACCOUNTS.alias("others")
    turned = select(ReviewAssignment.unit_id).join(others, others.c.id == ReviewAssignment.account_id)
    turned = turned.where(
        ReviewAssignment.round_id == of.id, ReviewAssignment.state != assignments.State.VOID, others.c.unit_id == unit_id
    )
    found = (
        select(ACCOUNTS.c.id, held.correlate(ACCOUNTS).scalar_subquery())
        .join(POOL, POOL.c.account_id == ACCOUNTS.c.id)
        .join(UNITS, UNITS.c.id == ACCOUNTS.c.unit_id)
        .where(UNITS.c.district_id == of.district_id, ACCOUNTS.c.active, ACCOUNTS.c.roles.contains([Role.REVIEWER.value]))
        .where(POOL.c.is_active, POOL.c.legal_review, ~is_away(day))
        .where(ACCOUNTS.c.id.not_in(reviewed), ACCOUNTS.c.id.not_in(had), ACCOUNTS.c.unit_id.not_in(turned))
    )
    return [rules.Candidate(account_id, load) for account_id, load in (await session.execute(found)).all()]


async def end_all(
    session: Session, round_id: UUID, how: rules.Ended, reason: str, now: datetime, case_file_id: UUID | None = None
) -> None:
    """Voids every arbitration of a round, or that of one file; what was written stays."""
    wanted = [Arbitration.round_id == round_id, LIVE]
    wanted += [Arbitration.case_file_id == case_file_id] if case_file_id else []
    values = {"state": rules.State.VOID, "ended_how": how, "ended_reason": reason, "ended_at": now}
    await session.execute(update(Arbitration).where(*wanted).values(**values, version=Arbitration.version + 1))


async def unhide(session: Session, round_id: UUID) -> None:
    """Shows arbitrators the units of their files, once the round is published."""
    hidden = (Arbitration.round_id == round_id, Arbitration.hide_unit)
    await session.execute(update(Arbitration).where(*hidden).values(hide_unit=False, version=Arbitration.version + 1))


async def undecided(session: Session, round_id: UUID) -> int:
    """Arbitrations of a round still to be decided."""
    wanted = (Arbitration.round_id == round_id, LIVE, Arbitration.state != rules.State.SUBMITTED)
    return int((await session.execute(select(func.count()).select_from(Arbitration).where(*wanted))).scalar_one())
