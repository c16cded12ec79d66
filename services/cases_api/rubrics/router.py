"""Routes of rubrics."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.rubrics import actions, queries, rules
from services.cases_api.rubrics.schemas import RubricFilter, RubricIn, RubricNew, RubricOut, RubricPage
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/rubrics", "rubrics")


@router.get("", response_model=RubricPage, summary="评查标准列表")
async def page(
    wanted: Annotated[RubricFilter, Query()], who: access.MayReadRubrics, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Rubrics of the caller's district, newest first. Drafts are shown to the bureau only."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=RubricOut, status_code=201, summary="起草评查标准")
async def create(request: Request, wanted: RubricNew, who: access.MayWriteRubrics, session: SessionDep, now: Now) -> Response:
    """Writes a draft; everything unsound in it is named at once. A content the district has already is refused (409)."""
    rubric = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, rubric.id), f"/v1/rubrics/{rubric.id}")


@router.get("/{rubric_id}", response_model=RubricOut, summary="评查标准")
async def one(request: Request, rubric_id: fields.Id, who: access.MayReadRubrics, read: ReadDep) -> Response:
    """One rubric."""
    return answers.one(request, await queries.one(read, who, rubric_id))


@router.get("/{rubric_id}/content", response_model=RubricIn, summary="评查标准的规范文本")
async def content(request: Request, rubric_id: fields.Id, who: access.MayReadRubrics, read: ReadDep) -> Response:
    """The content as canonical JSON (RFC 8785): the very bytes whose SHA-256 is `content_hash`."""
    found, version = await queries.content(read, who, rubric_id)
    return answers.one(request, answers.One(rules.canonical(found).decode(), version))


@router.put("/{rubric_id}", response_model=RubricOut, summary="修改评查标准草稿")
async def rewrite(
    request: Request, rubric_id: fields.Id, wanted: RubricIn, who: access.MayWriteRubrics, version: IfMatch, session: SessionDep
) -> Response:
    """Replaces the content of a draft. A published rubric never changes (409)."""
    await actions.rewrite(session, who, rubric_id, version, wanted)
    return answers.one(request, await queries.one(session, who, rubric_id))


@router.post("/{rubric_id}/publish", response_model=RubricOut, summary="发布评查标准")
async def publish(
    request: Request, rubric_id: fields.Id, who: access.MayWriteRubrics, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Publishes a draft for good. The rubric named by `replaces_id` is superseded with it."""
    await actions.publish(session, who, rubric_id, version, now)
    return answers.one(request, await queries.one(session, who, rubric_id))


@router.post("/{rubric_id}/supersede", response_model=RubricOut, summary="停用评查标准")
async def supersede(
    request: Request, rubric_id: fields.Id, who: access.MayWriteRubrics, version: IfMatch, session: SessionDep, now: Now
) -> Response:
    """Takes a published rubric out of use for new campaigns; running ones keep it."""
    await actions.supersede(session, who, rubric_id, version, now)
    return answers.one(request, await queries.one(session, who, rubric_id))
