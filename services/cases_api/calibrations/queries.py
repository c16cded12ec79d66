"""Reads of calibration files and of what reviewers found in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, case, cast, false, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.cases_api.calibrations import rules
from services.cases_api.calibrations.schemas import CalibrationFileFilter
from services.cases_api.calibrations.tables import CalibrationFile, CalibrationReview
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds.rules import REVIEWABLE
from services.cases_api.review_settings import queries as review_settings
from services.cases_api.reviewers.tables import ReviewerRow
from services.cases_api.reviews.rules import FileKind
from services.cases_api.rubrics.rules import Rubric, rubric_of
from services.cases_api.rubrics.tables import Rubric as RubricRow
from services.kit import answers, errors, pagination, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role


def _mine(who: Principal) -> ColumnElement[bool]:
    own = (CalibrationReview.calibration_file_id == CalibrationFile.id, CalibrationReview.account_id == visibility.me(who))
    return select(CalibrationReview.id).where(*own).correlate(CalibrationFile).exists()


def _pooled(who: Principal) -> ColumnElement[bool]:
    same = (ReviewerRow.district_id == CalibrationFile.district_id, ReviewerRow.account_id == visibility.me(who))
    return select(ReviewerRow.id).where(*same, ReviewerRow.is_active).correlate(CalibrationFile).exists()


def body(who: Principal) -> ColumnElement[Any]:
    """A file; what is held right only to those who no longer learn it too early."""
    told = _told(who)
    reviews = select(func.count()).where(CalibrationReview.calibration_file_id == CalibrationFile.id)
    return answers.json_object(
        {
            "id": CalibrationFile.id,
            "campaign_id": CalibrationFile.campaign_id,
            "case_file_id": CalibrationFile.case_file_id,
            "content_hash": CalibrationFile.content_hash,
            "reviews": reviews.correlate(CalibrationFile).scalar_subquery(),
            "known": case((told, CalibrationFile.content)),
            "known_total": case((told, answers.hours(CalibrationFile.total_hundredths))),
            "known_grade": case((told, CalibrationFile.grade)),
            "created_at": answers.moment(CalibrationFile.created_at),
            "version": literal(1),
        }
    )


def _told(who: Principal) -> ColumnElement[bool]:
    """The organiser who is of the pool as well, and takes part, waits like everybody."""
    organiser = ~_pooled(who) if Role.BUREAU in who.roles else false()
    return or_(organiser, _mine(who))


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of calibration files: the bureau's district, and everybody of its pool."""
    return visibility.within(who, district=CalibrationFile.district_id, assigned=_pooled(who))


async def page(
    read: Reader, who: Principal, campaign_id: UUID, wanted: CalibrationFileFilter, start: pagination.Start | None
) -> pagination.Page:
    """A page of a campaign's files."""
    order = pagination.Order((CalibrationFile.created_at, CalibrationFile.id), descending=wanted.sort.startswith("-"))
    found = select(body(who)).where(CalibrationFile.campaign_id == campaign_id, visible_to(who))
    return await pagination.read(read, found, order, wanted, start)


async def one(connection: Reader | Session, who: Principal, file_id: UUID) -> answers.One:
    """One file; NotFound also when the caller may not see it."""
    return await answers.read_one(connection, select(body(who), literal(1)).where(CalibrationFile.id == file_id, visible_to(who)))


async def review(connection: Session, review_id: UUID, differs: list[str]) -> answers.One:
    """What came of a review just handed in."""
    apart = CalibrationReview.total_hundredths - CalibrationFile.total_hundredths
    told = answers.json_object(
        {
            "id": CalibrationReview.id,
            "calibration_file_id": CalibrationFile.id,
            "account_id": CalibrationReview.account_id,
            "total": answers.hours(CalibrationReview.total_hundredths),
            "grade": CalibrationReview.grade,
            "known_total": answers.hours(CalibrationFile.total_hundredths),
            "known_grade": CalibrationFile.grade,
            "severity": answers.hours(apart),
            "differs": func.to_jsonb(cast(differs, ARRAY(Text))),
            "submitted_at": answers.moment(CalibrationReview.submitted_at),
            "version": literal(1),
        }
    )
    joined = select(told, literal(1)).join(CalibrationFile, CalibrationFile.id == CalibrationReview.calibration_file_id)
    return await answers.read_one(connection, joined.where(CalibrationReview.id == review_id))


@dataclass(frozen=True, slots=True)
class Ground:
    """What a calibration review is judged by."""

    campaign: ReviewCampaign
    file: FileKind
    rubric: Rubric
    content_hash: str


async def ground(session: Session, who: Principal, campaign_id: UUID, case_file_id: UUID) -> Ground:
    """Campaign, file and rubric; NotFound, BadInput when the file is none that could be reviewed. The campaign is held open."""
    of = and_(ReviewCampaign.id == campaign_id, ReviewCampaign.district_id == who.district_id)
    campaign = (await session.execute(select(ReviewCampaign).where(of).with_for_update(read=True))).scalar_one_or_none()
    if campaign is None:
        raise errors.NotFound
    wanted = and_(CaseFile.id == case_file_id, CaseFile.district_id == campaign.district_id)
    joined = select(CaseFile.kind, CaseFile.procedure, CaseFile.state, RubricRow).join(
        RubricRow, RubricRow.id == campaign.rubric_id
    )
    row = (await session.execute(joined.where(wanted))).one_or_none()
    if row is None:
        raise errors.BadInput(errors.Fault("/body/case_file_id", "not_found"))
    kind, procedure, state, rubric = row
    whole = rubric_of(rubric.content)
    if state not in REVIEWABLE or not whole.reach.covers(kind, procedure):
        raise errors.BadInput(errors.Fault("/body/case_file_id", "review_round.file_of_other_kind"))
    return Ground(campaign, FileKind(kind, procedure), whole, rubric.content_hash)


async def file_of(session: Session, who: Principal, campaign_id: UUID, file_id: UUID) -> CalibrationFile:
    """The file that is reviewed; NotFound."""
    wanted = (CalibrationFile.id == file_id, CalibrationFile.campaign_id == campaign_id, visible_to(who))
    found = (await session.execute(select(CalibrationFile).where(*wanted))).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def is_listed(session: Session, campaign_id: UUID, case_file_id: UUID) -> bool:
    """Whether the campaign has this file already."""
    same = (CalibrationFile.campaign_id == campaign_id, CalibrationFile.case_file_id == case_file_id)
    return (await session.execute(select(CalibrationFile.id).where(*same))).scalar_one_or_none() is not None


async def is_pooled(session: Session, who: Principal) -> bool:
    """Whether the caller is an active reviewer of the pool."""
    same = (ReviewerRow.district_id == who.district_id, ReviewerRow.account_id == who.account_id, ReviewerRow.is_active)
    return (await session.execute(select(ReviewerRow.id).where(*same))).scalar_one_or_none() is not None


async def is_reviewed(session: Session, who: Principal, file_id: UUID) -> bool:
    """Whether the caller has handed in already."""
    same = (CalibrationReview.calibration_file_id == file_id, CalibrationReview.account_id == who.account_id)
    return (await session.execute(select(CalibrationReview.id).where(*same))).scalar_one_or_none() is not None


async def tried(read: Reader, who: Principal, campaign_id: UUID) -> list[rules.Tried]:
    """All reviews of a campaign's files as the organiser sees them; a reviewer gets the own ones alone."""
    found: Any = (
        select(CalibrationFile, CalibrationReview, RubricRow.content)
        .join(CalibrationReview, CalibrationReview.calibration_file_id == CalibrationFile.id)
        .join(ReviewCampaign, ReviewCampaign.id == CalibrationFile.campaign_id)
        .join(RubricRow, RubricRow.id == ReviewCampaign.rubric_id)
        .where(CalibrationFile.campaign_id == campaign_id, visible_to(who))
    )
    columns = (
        CalibrationFile.id, CalibrationReview.account_id, CalibrationReview.total_hundredths, CalibrationReview.grade,
        CalibrationFile.total_hundredths, CalibrationFile.grade, RubricRow.content["grades"],
    )  # fmt: skip
    if Role.BUREAU not in who.roles:
        found = found.where(CalibrationReview.account_id == who.account_id)
    listed = []
    rows: Any = await read.execute(found.with_only_columns(*columns))
    for file_id, account_id, total, grade, known_total, known_grade, grades in rows:
        places = {each["key"]: place for place, each in enumerate(grades)}
        listed.append(rules.Tried(file_id, account_id, total, places.get(grade), known_total, places[known_grade]))
    return listed


async def limit(read: Reader, who: Principal, day: date) -> int:
    """The spread in force at which two reviews go to a third person, in hundredths of a point."""
    assert who.district_id is not None
    return (await review_settings.in_force(read, who.district_id, day)).spread_hundredths
