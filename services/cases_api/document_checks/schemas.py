"""Answers of the check of documents."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.cases_api.document_checks.rules import Result
from services.cases_api.document_templates.schemas import ElementIn
from services.cases_api.kinds import DocumentType
from services.kit import fields


class CheckedDocument(fields.Out):
    """The newest version of a document, and what it lacks of its template."""

    document_id: fields.Id
    type: DocumentType
    title: fields.Line
    version: fields.Whole
    on: Annotated[fields.Day, Field(description="文书日期；未填的为登记之日。")]
    template_id: Annotated[fields.Id | None, Field(description="当日施行的格式；没有则无从核对。")] = None
    result: Result
    lacking: Annotated[list[ElementIn], Field(max_length=100, description="缺少的必备要素。")]
    wished: Annotated[list[ElementIn], Field(max_length=100, description="没有的非必备要素。")]
    unknown: Annotated[list[fields.Code], Field(max_length=100, description="格式中没有的要素代码。")]


class DocumentChecksOut(fields.Out):
    """The documents of a case held against the templates of their day."""

    case_file_id: fields.Id
    complete: fields.Whole
    lacking: fields.Whole
    undecided: fields.Whole
    items: list[CheckedDocument] = Field(max_length=1000)
