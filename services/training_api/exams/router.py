"""Routes of exams and their results."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, batches, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Language, Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.exams import actions, queries
from services.training_api.exams.schemas import (
    ExamChange,
    ExamFilter,
    ExamIn,
    ExamOut,
    ExamPage,
    ReasonIn,
    ResultFilter,
    ResultPage,
    ResultsIn,
)

router = routing.router("/v1/exams", "exams")


@router.get("", response_model=ExamPage, summary="考试列表")
async def page(wanted: Annotated[ExamFilter, Query()], who: access.MayReadExams, read: ReadDep, cursors: CursorsDep) -> Response:
    """Exams of the district, latest first, with how many of the caller's officers passed, failed or were absent."""
    return cursors.answer(await queries.EXAMS.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ExamOut, status_code=201, summary="设定考试")
async def create(request: Request, wanted: ExamIn, who: access.MayWriteExams, session: SessionDep, now: Now) -> Response:
    """Announces an exam. A unit's leader holds exams of the own auxiliaries; all others are the bureau's."""
    exam = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.EXAM.one(session, who, exam.id), f"/v1/exams/{exam.id}")


@router.get("/{exam_id}", response_model=ExamOut, summary="考试")
async def one(request: Request, exam_id: fields.Id, who: access.MayReadExams, read: ReadDep) -> Response:
    """One exam."""
    return answers.one(request, await queries.EXAM.one(read, who, exam_id))


@router.patch("/{exam_id}", response_model=ExamOut, summary="更正考试信息")
async def change(
    request: Request, exam_id: fields.Id, wanted: ExamChange, who: access.MayWriteExams, version: IfMatch, session: SessionDep
) -> Response:
    """Corrects an exam while results come in; a changed pass mark judges them anew."""
    await actions.change(session, who, exam_id, version, wanted)
    return answers.one(request, await queries.EXAM.one(session, who, exam_id))


@router.get("/{exam_id}/results", response_model=ResultPage, summary="考试成绩")
async def results(
    exam_id: fields.Id,
    wanted: Annotated[ResultFilter, Query()],
    who: access.MayReadExamResults,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """Results of the caller's officers in one exam."""
    found = await queries.RESULTS.page(read, who, wanted, cursors.after(wanted), exam_id=exam_id)
    return cursors.answer(found, wanted)


@router.post("/{exam_id}/results/batch", response_model=batches.Outcomes, summary="批量登记考试成绩")
async def record(
    exam_id: fields.Id, wanted: ResultsIn, who: access.MayWriteExamResults, session: SessionDep, now: Now, language: Language
) -> batches.Outcomes:
    """Enters up to 500 results, each with its own outcome; an officer's earlier result of the exam is replaced."""
    return await actions.record(session, who, exam_id, wanted, now, language)


@router.post("/{exam_id}/publish", response_model=ExamOut, summary="公布成绩")
async def publish(
    request: Request, exam_id: fields.Id, who: access.MayWriteExams, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Lets the results count, for certificates among others. 409 `exam.no_results` without any."""
    await actions.publish(session, who, exam_id, version, now)
    return answers.one(request, await queries.EXAM.one(session, who, exam_id))


@router.post("/{exam_id}/reopen", response_model=ExamOut, summary="重新登记成绩")
async def reopen(
    request: Request, exam_id: fields.Id, wanted: ReasonIn, who: access.MayWriteExams, version: IfMatch, session: SessionDep
) -> Response:
    """Takes published results up again, with a reason; until published anew they do not count."""
    await actions.reopen(session, who, exam_id, version, wanted.reason)
    return answers.one(request, await queries.EXAM.one(session, who, exam_id))


@router.post("/{exam_id}/void", response_model=ExamOut, summary="作废考试")
async def void(
    request: Request, exam_id: fields.Id, wanted: ReasonIn, who: access.MayWriteExams, version: IfMatch, session: SessionDep
) -> Response:
    """Nothing of the exam counts any more, with a reason; it is kept."""
    await actions.void(session, who, exam_id, version, wanted.reason)
    return answers.one(request, await queries.EXAM.one(session, who, exam_id))
