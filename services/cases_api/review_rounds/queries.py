"""Reads and locks of review rounds, and what assigning needs to know of files and accounts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, func, or_, select, true, update

from services.cases_api import access
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.draws import rules as draws
from services.cases_api.draws.queries import rows as draw_rows
from services.cases_api.draws.rules import Purpose
from services.cases_api.draws.tables import Draw
from services.cases_api.review_assignments import rules as assignments
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules
from services.cases_api.review_rounds.schemas import ReviewRoundFilter
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.rubrics.rules import Rubric, rubric_of
from services.cases_api.rubrics.tables import Rubric as RubricRow
from services.kit import answers, errors, pagination, preconditions, references, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role, Scope
from services.kit.rights import Right

VERBS: Mapping[str, Right] = {
    "change": access.REVIEW_ROUNDS_DRAW,
    "freeze": access.REVIEW_ROUNDS_DRAW,
    "seed": access.REVIEW_ROUNDS_DRAW,
    "commit": access.DRAWS_WITNESS,
    "reveal": access.DRAWS_WITNESS,
    "draw": access.REVIEW_ROUNDS_DRAW,
    "void_draw": access.REVIEW_ROUNDS_DRAW,
    "substitute": access.REVIEW_ROUNDS_DRAW,
    "grow": access.REVIEW_ROUNDS_DRAW,
    "assign": access.REVIEW_ROUNDS_WRITE,
    "publish": access.REVIEW_ROUNDS_WRITE,
    "close": access.REVIEW_ROUNDS_END,
    "void": access.REVIEW_ROUNDS_END,
}
# Which of these a frozen round allows depends on whether its draw has a seed.
WITHOUT_SEED = frozenset({"seed", "commit", "reveal"})
LIVE = ReviewAssignment.state != assignments.State.VOID


def body(who: Principal) -> ColumnElement[Any]:
    """The round as the caller reads it."""
    return answers.json_object(
        {
            "id": ReviewRound.id,
            "district_id": ReviewRound.district_id,
            "unit_id": case((_unit_shown(who), ReviewRound.unit_id)),
            "campaign_id": ReviewRound.campaign_id,
            "mode": ReviewRound.mode,
            "state": ReviewRound.state,
            "sampling": case((_unit_shown(who), ReviewRound.sampling)),
            "hide_units": ReviewRound.hide_units,
            "reviewers_per_file": ReviewRound.reviewers_per_file,
            "legal_reviewers": ReviewRound.legal_reviewers,
            "draw_id": _draw(Draw.id),
            "files": _files(LIVE),
            "submitted": _files(ReviewAssignment.state == assignments.State.SUBMITTED),
            "created_at": answers.moment(ReviewRound.created_at),
            "assigned_at": answers.moment(ReviewRound.assigned_at),
            "published_at": answers.moment(ReviewRound.published_at),
            "closed_at": answers.moment(ReviewRound.closed_at),
            "voided_at": answers.moment(ReviewRound.voided_at),
            "void_reason": ReviewRound.void_reason,
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
            "version": ReviewRound.version,
        }
    )


def _unit_shown(who: Principal) -> ColumnElement[bool]:
    """What a round with hidden units is drawn from tells whose files it has."""
    return true() if Role.BUREAU in who.roles else or_(~ReviewRound.hide_units, ReviewRound.state.in_(rules.SHOWN))


def _files(wanted: ColumnElement[bool]) -> ScalarSelect[int]:
    counted = select(func.count(ReviewAssignment.case_file_id.distinct()))
    return counted.where(ReviewAssignment.round_id == ReviewRound.id, wanted).correlate(ReviewRound).scalar_subquery()


def _draw(column: Any) -> ScalarSelect[Any]:
    mine = (Draw.purpose == Purpose.REVIEW_ROUND, Draw.subject_id == ReviewRound.id, Draw.state != draws.State.VOID)
    return select(column).where(*mine).correlate(ReviewRound).scalar_subquery()


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    reached = visibility.under(who, VERBS[verb], district=ReviewRound.district_id, unit=ReviewRound.unit_id)
    if verb == "assign" and who.admitted(VERBS[verb].grants):
        reached = or_(and_(reached, _mode_is(who)), and_(_of_all_units(who), ReviewRound.mode == rules.Mode.SELF))
    movable = ((mode, moves[verb]) for mode, moves in rules.MOVES.items() if verb in moves)
    allowed = or_(*(and_(ReviewRound.mode == mode, ReviewRound.state.in_(states)) for mode, states in movable))
    if verb in WITHOUT_SEED:
        allowed = and_(allowed, _draw(Draw.seed).is_(None))
    if verb == "draw":
        allowed = and_(allowed, _draw(Draw.seed).is_not(None))
    return and_(allowed, reached)


def _mode_is(who: Principal) -> ColumnElement[bool]:
    """Rounds of the mode the caller may organise: units their self-review, the bureau all."""
    return true() if who.admitted(access.REVIEW_ROUNDS_DRAW.grants) else ReviewRound.mode == rules.Mode.SELF


def _of_all_units(who: Principal) -> ColumnElement[bool]:
    return and_(ReviewRound.unit_id.is_(None), ReviewRound.district_id == who.district_id)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of rounds; those of all units are seen by every unit of the district."""
    reached = visibility.within(who, district=ReviewRound.district_id, unit=ReviewRound.unit_id)
    return or_(reached, _of_all_units(who)) if Scope.UNIT_AND_BELOW in who.scopes else reached


async def page(read: Reader, who: Principal, wanted: ReviewRoundFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of rounds by the time they were made."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(ReviewRound, name) == value for name, value in named.items()]
    if wanted.unit_id is not None:
        filters.append(_unit_shown(who))
    order = pagination.Order((ReviewRound.created_at, ReviewRound.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, round_id: UUID) -> answers.One:
    """One round; NotFound also when the caller may not see it."""
    found = select(body(who), ReviewRound.version).where(ReviewRound.id == round_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, round_id: UUID, version: int) -> ReviewRound:
    """The row, locked; NotFound, Stale."""
    statement = select(ReviewRound).where(ReviewRound.id == round_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def seen_for_update(session: Session, who: Principal, round_id: UUID) -> ReviewRound:
    """The row, locked, whatever its version: for what witnesses add to a round. NotFound."""
    statement = select(ReviewRound).where(ReviewRound.id == round_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def one_row(connection: Reader | Session, who: Principal, round_id: UUID) -> ReviewRound:
    """The row as it stands; NotFound. Read outside a session it is no entity of any: for looking at only."""
    table = ReviewRound.__table__
    found = select(table).where(ReviewRound.id == round_id, visible_to(who))
    row = (await connection.execute(found)).mappings().one_or_none()
    if row is None:
        raise errors.NotFound
    return ReviewRound(**row)


async def as_it_is(session: Session, round_id: UUID) -> ReviewRound:
    """The row, not locked, for one of its reviews that the caller was found to own."""
    return (await session.execute(select(ReviewRound).where(ReviewRound.id == round_id))).scalar_one()


async def locked(session: Session, round_id: UUID) -> ReviewRound:
    """The row, locked, for one of its reviews that the caller was found to own."""
    statement = select(ReviewRound).where(ReviewRound.id == round_id).with_for_update()
    return (await session.execute(statement.execution_options(populate_existing=True))).scalar_one()


async def rubric_in(session: Session, campaign_id: UUID) -> Rubric:
    """The rubric of a campaign."""
    joined = select(RubricRow.content).join(ReviewCampaign, ReviewCampaign.rubric_id == RubricRow.id)
    return rubric_of((await session.execute(joined.where(ReviewCampaign.id == campaign_id))).scalar_one())


async def files(session: Session, who: Principal, of: ReviewRound, wanted: Sequence[UUID]) -> dict[UUID, CaseFile]:
    """The wanted files that this round may take and the caller may hand out, held against changes of state."""
    reached = visibility.within(who, district=CaseFile.district_id, unit=CaseFile.unit_id)
    statement = select(CaseFile).where(CaseFile.id.in_(wanted), CaseFile.district_id == of.district_id, reached)
    if of.unit_id is not None:
        statement = statement.where(CaseFile.unit_id == of.unit_id)
    found = (await session.execute(statement.with_for_update(read=True))).scalars()
    return {file.id: file for file in found}


async def reviewers(session: Session, who: Principal, of: ReviewRound, wanted: Sequence[UUID]) -> dict[UUID, rules.Reviewer]:
    """The wanted accounts that are active and work in the round's unit, or in a unit the caller reaches."""
    accounts, units = references.accounts.c, references.units.c
    reached = visibility.within(who, district=units.district_id, unit=units.id)
    statement = (
        select(accounts.id, accounts.unit_id, accounts.roles)
        .join(references.units, units.id == accounts.unit_id)
        .where(accounts.id.in_(wanted), accounts.active, units.district_id == of.district_id, reached)
    )
    if of.unit_id is not None:
        statement = statement.where(accounts.unit_id == of.unit_id)
    rows = (await session.execute(statement)).all()
    return {row.id: rules.Reviewer(row.id, row.unit_id, frozenset(row.roles)) for row in rows}


async def given_out(session: Session, round_id: UUID) -> tuple[frozenset[UUID], Counter[UUID]]:
    """Files of the round that have a reviewer, and the number of files of each reviewer."""
    statement = select(ReviewAssignment.case_file_id, ReviewAssignment.account_id).where(
        ReviewAssignment.round_id == round_id, LIVE
    )
    rows = (await session.execute(statement)).all()
    return frozenset(row.case_file_id for row in rows), Counter(row.account_id for row in rows)


async def progress(session: Session, of: ReviewRound) -> tuple[int, int]:
    """What still wants a review, and reviews submitted; in a drawn round every file of the sample wants all its reviewers."""
    done = ReviewAssignment.state == assignments.State.SUBMITTED
    statement = select(func.count().filter(~done), func.count().filter(done)).where(ReviewAssignment.round_id == of.id, LIVE)
    unfinished, submitted = (await session.execute(statement)).one()
    draw = await draw_rows.live(session, Purpose.REVIEW_ROUND, of.id)
    if draw is None:
        return unfinished, submitted
    sample = draw_rows.live_files(draw.id).subquery()
    mine = and_(ReviewAssignment.round_id == of.id, ReviewAssignment.case_file_id == sample.c.case_file_id, done)
    reviewed = select(func.count()).where(mine).correlate(sample).scalar_subquery()
    lacking = select(func.count()).select_from(sample).where(reviewed < of.reviewers_per_file)
    return int((await session.execute(lacking)).scalar_one()), submitted


async def unhide(session: Session, round_id: UUID) -> None:
    """Shows reviewers the units of their files, once the round is published."""
    hidden = (ReviewAssignment.round_id == round_id, ReviewAssignment.hide_unit)
    values = {"hide_unit": False, "version": ReviewAssignment.version + 1}
    await session.execute(update(ReviewAssignment).where(*hidden).values(**values))


async def withdraw_all(
    session: Session, round_id: UUID, how: assignments.Ended, reason: str, now: datetime, case_file_id: UUID | None = None
) -> None:
    """Voids every assignment of a round, or those of one file; what was written stays."""
    values = {
        "state": assignments.State.VOID,
        "version": ReviewAssignment.version + 1,
        "ended_how": how,
        "ended_reason": reason,
        "ended_at": now,
        "leased_until": None,
    }
    wanted = [ReviewAssignment.round_id == round_id, LIVE]
    wanted += [ReviewAssignment.case_file_id == case_file_id] if case_file_id else []
    await session.execute(update(ReviewAssignment).where(*wanted).values(**values))


async def campaign_year(session: Session, campaign_id: UUID) -> int:
    """The year of a campaign."""
    return (await session.execute(select(ReviewCampaign.year).where(ReviewCampaign.id == campaign_id))).scalar_one()
