"""Routes of training classes."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep
from services.training_api import access
from services.training_api.classes import actions, queries
from services.training_api.classes.schemas import CancelIn, ClassChange, ClassFilter, ClassIn, ClassOut, ClassPage

router = routing.router("/v1/classes", "classes")


@router.get("", response_model=ClassPage, summary="培训班列表")
async def page(
    wanted: Annotated[ClassFilter, Query()], who: access.MayReadClasses, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Classes of the whole district, the latest first, so that each unit may send its own people."""
    return cursors.answer(await queries.CLASSES.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=ClassOut, status_code=201, summary="新建培训班")
async def create(request: Request, wanted: ClassIn, who: access.MayWriteClasses, session: SessionDep, now: Now) -> Response:
    """Plans a class of one of the seven kinds. It lies within one calendar year, because hours count for one year.

    Hours stated win; otherwise they are worked out from the sessions by the training settings of its last day.
    """
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.CLASS.one(session, who, made.id), f"/v1/classes/{made.id}")


@router.get("/{class_id}", response_model=ClassOut, summary="培训班")
async def one(request: Request, class_id: fields.Id, who: access.MayReadClasses, read: ReadDep) -> Response:
    """One class."""
    return answers.one(request, await queries.CLASS.one(read, who, class_id))


@router.patch("/{class_id}", response_model=ClassOut, summary="修改培训班")
async def change(
    request: Request,
    class_id: fields.Id,
    wanted: ClassChange,
    who: access.MayWriteClasses,
    version: IfMatch,
    session: SessionDep,
    now: Now,
) -> Response:
    """Changes a planned class. Times are fixed once attendance is recorded; a greater capacity lets those who wait move up."""
    await actions.change(session, who, class_id, version, wanted, now)
    return answers.one(request, await queries.CLASS.one(session, who, class_id))


@router.post("/{class_id}/cancel", response_model=ClassOut, summary="取消培训班")
async def cancel(
    request: Request,
    class_id: fields.Id,
    wanted: CancelIn,
    who: access.MayWriteClasses,
    version: IfMatch,
    session: SessionDep,
) -> Response:
    """Cancels a planned class; 409 `class.hours_posted` when it was held."""
    await actions.cancel(session, who, class_id, version, wanted.reason)
    return answers.one(request, await queries.CLASS.one(session, who, class_id))
