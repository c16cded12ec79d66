"""Routes of document templates."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request, Response

from services.cases_api import access
from services.cases_api.document_templates import actions, queries
from services.cases_api.document_templates.schemas import (
    DocumentTemplateChange,
    DocumentTemplateFilter,
    DocumentTemplateIn,
    DocumentTemplateOut,
    DocumentTemplatePage,
    TemplateDropIn,
    TemplatePublishIn,
    TemplateRepealIn,
)
from services.kit import answers, fields, routing
from services.kit.pagination import CursorsDep
from services.kit.preconditions import IfMatch
from services.kit.runtime import Now, ReadDep, SessionDep

router = routing.router("/v1/document-templates", "document-templates")


@router.get("", response_model=DocumentTemplatePage, summary="文书格式列表")
async def page(
    wanted: Annotated[DocumentTemplateFilter, Query()], who: access.MayReadDocumentTemplates, read: ReadDep, cursors: CursorsDep
) -> Response:
    """Versions that are public in the district, with `on` those in force on a day; drafts for those who may write them."""
    return cursors.answer(await queries.page(read, who, wanted, cursors.after(wanted)), wanted)


@router.post("", response_model=DocumentTemplateOut, status_code=201, summary="起草文书格式")
async def create(
    request: Request, wanted: DocumentTemplateIn, who: access.MayWriteDocumentTemplates, session: SessionDep, now: Now
) -> Response:
    """Drafts a version of a unit's template with the elements a document must hold. The bureau drafts for the district."""
    made = await actions.create(session, who, wanted, now)
    return answers.created(request, await queries.one(session, who, made.id), f"/v1/document-templates/{made.id}")


@router.get("/{template_id}", response_model=DocumentTemplateOut, summary="文书格式")
async def one(request: Request, template_id: fields.Id, who: access.MayReadDocumentTemplates, read: ReadDep) -> Response:
    """One version."""
    return answers.one(request, await queries.one(read, who, template_id))


@router.patch("/{template_id}", response_model=DocumentTemplateOut, summary="修改文书格式草案")
async def change(
    request: Request, template_id: fields.Id, wanted: DocumentTemplateChange, who: access.MayWriteDocumentTemplates,
    version: IfMatch, session: SessionDep,
) -> Response:  # fmt: skip
    """Works on a draft; a list sent replaces the whole."""
    await actions.change(session, who, template_id, version, wanted)
    return answers.one(request, await queries.one(session, who, template_id))


@router.post("/{template_id}/publish", response_model=DocumentTemplateOut, summary="公布文书格式")
async def publish(
    request: Request, template_id: fields.Id, wanted: TemplatePublishIn, who: access.MayPublishDocumentTemplates,
    version: IfMatch, session: SessionDep, now: Now,
) -> Response:  # fmt: skip
    """Makes a version public; the unit's present one of the type ends the day before it begins."""
    await actions.publish(session, who, template_id, version, wanted, now)
    return answers.one(request, await queries.one(session, who, template_id))


@router.post("/{template_id}/repeal", response_model=DocumentTemplateOut, summary="废止文书格式")
async def repeal(
    request: Request, template_id: fields.Id, wanted: TemplateRepealIn, who: access.MayPublishDocumentTemplates,
    version: IfMatch, session: SessionDep,
) -> Response:  # fmt: skip
    """Gives a version its last day, without a successor."""
    await actions.repeal(session, who, template_id, version, wanted)
    return answers.one(request, await queries.one(session, who, template_id))


@router.post("/{template_id}/drop", response_model=DocumentTemplateOut, summary="放弃文书格式草案")
async def drop(
    request: Request, template_id: fields.Id, wanted: TemplateDropIn, who: access.MayWriteDocumentTemplates, version: IfMatch,
    session: SessionDep,
) -> Response:  # fmt: skip
    """Gives a draft up; it stays on record."""
    await actions.drop(session, who, template_id, version, wanted)
    return answers.one(request, await queries.one(session, who, template_id))
