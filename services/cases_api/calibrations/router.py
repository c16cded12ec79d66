"""Routes of calibration."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse

from services.cases_api import access
from services.cases_api.calibrations import actions, queries, rules
from services.cases_api.calibrations.schemas import (
    CalibrationFileFilter,
    CalibrationFileIn,
    CalibrationFileOut,
    CalibrationFilePage,
    CalibrationOut,
    CalibrationReviewOut,
)
from services.cases_api.reviews.schemas import ReviewIn
from services.kit import answers, clock, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/review-campaigns/{campaign_id}", "calibrations")


@router.get("/calibration-files", response_model=CalibrationFilePage, summary="试评案卷列表")
async def page(
    campaign_id: fields.Id,
    wanted: Annotated[CalibrationFileFilter, Query()],
    who: access.MayReadCalibrations,
    read: ReadDep,
    cursors: CursorsDep,
) -> Response:
    """The campaign's files with known scores. What is held right is shown to a reviewer after handing in, and not before."""
    return cursors.answer(await queries.page(read, who, campaign_id, wanted, cursors.after(wanted)), wanted)


@router.post("/calibration-files", response_model=CalibrationFileOut, status_code=201, summary="新增试评案卷")
async def add(
    request: Request,
    campaign_id: fields.Id,
    wanted: CalibrationFileIn,
    who: access.MayWriteCalibrations,
    session: SessionDep,
    now: Now,
) -> Response:
    """Adds a closed file with the review that is held right; everybody of the pool may then try it."""
    file_id = await actions.add(session, who, campaign_id, wanted, now)
    path = f"/v1/review-campaigns/{campaign_id}/calibration-files/{file_id}"
    return answers.created(request, await queries.one(session, who, file_id), path)


@router.get("/calibration-files/{file_id}", response_model=CalibrationFileOut, summary="试评案卷")
async def one(
    request: Request, campaign_id: fields.Id, file_id: fields.Id, who: access.MayReadCalibrations, read: ReadDep
) -> Response:
    """One file with a known score."""
    return answers.one(request, await queries.one(read, who, file_id))


@router.post("/calibration-files/{file_id}/reviews", response_model=CalibrationReviewOut, status_code=201, summary="提交试评")
async def review(
    request: Request,
    campaign_id: fields.Id,
    file_id: fields.Id,
    wanted: ReviewIn,
    who: access.MayReviewCalibrations,
    session: SessionDep,
    now: Now,
) -> Response:
    """Hands in one's own review of the file, once; the answer tells the known score and where the two differ."""
    return answers.one(request, await actions.review(session, who, campaign_id, file_id, wanted, now), status=201)


@router.get("/calibration", response_model=CalibrationOut, summary="试评结果")
async def figures(campaign_id: fields.Id, who: access.MayReadCalibrations, read: ReadDep, now: Now) -> Response:
    """Severity, distance and agreement of the reviewers on files with known scores, with warnings for the organiser; a reviewer
    reads the own figures.
    """
    tried = await queries.tried(read, who, campaign_id)
    return JSONResponse(rules.figures(tried, await queries.limit(read, who, clock.local_day(now))))
