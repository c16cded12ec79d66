"""Bodies and answers of documents."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.document_numbers.schemas import Number
from services.cases_api.kinds import DocumentType
from services.kit import fields
from services.kit.pagination import PageQuery

HeldElements = Annotated[list[fields.Code], Field(max_length=100, examples=[["party", "facts_and_evidence"]])]


class CaseDocumentIn(fields.In):
    """A document, or a newer version of one of the same type and title."""

    model_config = fields.example(
        {
            "type": "penalty_decision",
            "title": "行政处罚决定书",
            "take_number": True,
            "made_on": "2025-04-10",
            "attachment_id": "0192f0c8-0000-7000-8000-000000000401",
        }
    )

    type: DocumentType
    title: Annotated[fields.Line, Field(examples=["行政处罚决定书"])]
    number: Annotated[Number | None, Field(description="别处已编的文号；本系统编号的用 number_id 或 take_number。")] = None
    number_id: Annotated[fields.Id | None, Field(description="预留文号；新版本可沿用前一版的文号。")] = None
    take_number: Annotated[fields.Flag, Field(description="取本单位该类文书本年度的下一号。")] = False
    made_on: Annotated[fields.Day | None, Field(description="文书日期。")] = None
    elements: Annotated[HeldElements | None, Field(description="文书载明的要素代码，按文书格式核对。")] = None
    attachment_id: Annotated[fields.Id | None, Field(description="已上传的文件，须为本人或本单位上传。")] = None


class RedactedCopyIn(fields.In):
    """A copy of the document in which unit, officers and party are blacked out."""

    model_config = fields.example({"attachment_id": "0192f0c8-0000-7000-8000-000000000401"})

    attachment_id: Annotated[fields.Id, Field(description="已上传的文件，须为本人或本单位上传。")]


class CaseDocumentOut(fields.Out):
    """A document as read; versions of one type and title count from 1."""

    id: fields.Id
    case_file_id: fields.Id
    type: DocumentType
    title: fields.Line
    number: Number | None = None
    number_id: fields.Id | None = None
    made_on: fields.Day | None = None
    elements: HeldElements | None = None
    version: fields.Whole
    attachment_id: fields.Id | None = None
    redacted_attachment_id: Annotated[fields.Id | None, Field(description="隐去单位、人员和当事人的副本。")] = None
    created_by: fields.Id | None = None
    created_at: fields.Moment


class CaseDocumentPage(fields.Page[CaseDocumentOut]):
    """A page of documents."""


class CaseDocumentFilter(PageQuery):
    """Named filters of the list."""

    type: DocumentType | None = None
    sort: Literal["created_at", "-created_at"] = "created_at"
