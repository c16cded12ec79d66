"""Reads of exams and their results."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Uuid, bindparam, case, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.exams import rules
from services.training_api.exams.rules import ExamKind, Outcome, State, Verb
from services.training_api.exams.tables import Exam, ExamResult
from services.training_api.officers.tables import Officer

LATEST = pagination.Order((Exam.held_on, Exam.id))
REACH: dict[str, Any] = {"district": Exam.district_id, "unit": Exam.unit_id}
CANDIDATE: dict[str, Any] = {"district": Officer.district_id, "unit": Officer.unit_id}


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of exams: who reads them reads those of the district."""
    return visibility.within(who, **REACH)


def results_visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of results: by the unit the officer belongs to now."""
    return visibility.within(who, **CANDIDATE)


def body(who: Principal) -> ColumnElement[Any]:
    """An exam as this caller sees it; the counts are of the officers in the caller's reach."""
    plain = ("id", "district_id", "unit_id", "title", "kind", "subject", "held_on", "state", "version")
    return answers.json_object(
        {name: getattr(Exam, name) for name in plain}
        | {
            "full_points": answers.hours(Exam.full_hundredths),
            "pass_points": answers.hours(Exam.pass_hundredths),
            "counts": _counts(who),
            "published_at": answers.moment(Exam.published_at),
            "allowed_actions": answers.allowed_actions(_allowed(who)),
            "created_at": answers.moment(Exam.created_at),
        }
    )


def _counts(who: Principal) -> ColumnElement[Any]:
    number = {each.value: func.count().filter(ExamResult.outcome == each.value) for each in Outcome}
    reached = visibility.under(who, access.EXAM_RESULTS_READ, **CANDIDATE)
    counted = select(answers.json_object(number)).join(Officer, Officer.id == ExamResult.officer_id)
    return counted.where(ExamResult.exam_id == Exam.id, reached).correlate(Exam).scalar_subquery()


def _allowed(who: Principal) -> Mapping[str, ColumnElement[bool]]:
    writes = visibility.under(who, access.EXAMS_WRITE, **REACH)
    return {verb.value: Exam.state.in_([state.value for state in rules.MOVES[verb]]) & writes for verb in Verb}


EXAMS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-held_on": LATEST, "held_on": pagination.Order(LATEST.columns, descending=False)},
    filters={
        "kind": reads.equals(Exam.kind),
        "state": reads.equals(Exam.state),
        "unit_id": reads.equals(Exam.unit_id),
        "held_on__gte": reads.at_least(Exam.held_on),
        "held_on__lte": reads.at_most(Exam.held_on),
    },
)
EXAM = reads.Single(body=body, version=Exam.version, key=Exam.id, visible_to=visible_to)


def _of_exam(statement: Select[Any]) -> Select[Any]:
    joined = statement.select_from(ExamResult).join(Officer, Officer.id == ExamResult.officer_id)
    return joined.where(ExamResult.exam_id == bindparam("exam_id", None, type_=Uuid()))


RESULTS = reads.Listing(
    body=answers.json_object(
        {
            "exam_id": ExamResult.exam_id,
            "officer_id": ExamResult.officer_id,
            "unit_id": Officer.unit_id,
            "points": answers.hours(ExamResult.points_hundredths),
            "outcome": ExamResult.outcome,
            "recorded_at": answers.moment(ExamResult.recorded_at),
        }
    ),
    visible_to=results_visible_to,
    orders={"officer_id": pagination.Order((ExamResult.officer_id,), descending=False)},
    filters={
        "officer_id": reads.equals(ExamResult.officer_id),
        "unit_id": reads.equals(Officer.unit_id),
        "outcome": reads.equals(ExamResult.outcome),
    },
    source=_of_exam,
)


async def one_for_update(session: Session, who: Principal, exam_id: UUID, version: int | None = None) -> Exam:
    """The row, locked; NotFound, Stale."""
    statement = select(Exam).where(Exam.id == exam_id, visible_to(who)).with_for_update(key_share=True)
    exam: Exam | None = (await session.execute(statement)).scalar_one_or_none()
    if exam is None:
        raise errors.NotFound
    if version is not None:
        preconditions.expect(exam.version, version)
    return exam


async def candidates(session: Session, who: Principal, officer_ids: Collection[UUID]) -> dict[UUID, str]:
    """Kind of each of these officers whom the caller reaches."""
    statement = select(Officer.id, Officer.kind).where(Officer.id.in_(officer_ids), results_visible_to(who))
    return {row[0]: row[1] for row in (await session.execute(statement)).all()}


async def put_results(session: Session, rows: list[dict[str, Any]]) -> None:
    """Enters results, in place of earlier ones of the same officers."""
    statement = insert(ExamResult)
    new = {name: statement.excluded[name] for name in ("points_hundredths", "outcome", "recorded_by", "recorded_at")}
    key = [ExamResult.exam_id, ExamResult.officer_id]
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)


async def judge_anew(session: Session, exam: Exam) -> None:
    """Outcomes by the exam's pass mark as it is now."""
    passed = ExamResult.points_hundredths >= exam.pass_hundredths
    anew = case((passed, literal(Outcome.PASSED.value)), else_=literal(Outcome.FAILED.value))
    mine = (ExamResult.exam_id == exam.id, ExamResult.points_hundredths.is_not(None))
    await session.execute(update(ExamResult).where(*mine).values(outcome=anew))


async def count_results(session: Session, exam_id: UUID) -> int:
    """How many results an exam has."""
    return int((await session.execute(select(func.count()).where(ExamResult.exam_id == exam_id))).scalar_one())


async def passes(session: Session, officer_ids: Collection[UUID]) -> dict[UUID, list[tuple[ExamKind, date]]]:
    """Published passes of these officers: kind and day."""
    statement = (
        select(ExamResult.officer_id, Exam.kind, Exam.held_on)
        .join(Exam, Exam.id == ExamResult.exam_id)
        .where(
            ExamResult.officer_id.in_(officer_ids),
            ExamResult.outcome == Outcome.PASSED.value,
            Exam.state == State.PUBLISHED.value,
        )
    )
    found: dict[UUID, list[tuple[ExamKind, date]]] = {key: [] for key in officer_ids}
    for officer_id, kind, held_on in (await session.execute(statement)).all():
        found[officer_id].append((ExamKind(kind), held_on))
    return found
