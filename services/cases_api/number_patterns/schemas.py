"""Bodies and answers of number patterns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.cases_api.kinds import CaseKind, DocumentType
from services.cases_api.number_patterns.rules import Series
from services.kit import fields
from services.kit.pagination import PageQuery

PatternText = Annotated[
    fields.Line,
    Field(
        max_length=100,
        description="占位符：{region} {unit_code} {year} {kind}（案号为类别代码，文号为文书代字）{sequence} 或 {sequence:05}，"
        "其余为固定文字。",
        examples=["{unit_code}-{year}-{kind}-{sequence:05}", "榕晋岳执罚决〔{year}〕{sequence}号"],
    ),
]


class NumberPatternIn(fields.In):
    """A new pattern; without unit, kind (of cases), type (of documents) or year it holds for all of the district."""

    model_config = fields.example(
        {
            "unit_id": "0192f0c8-0000-7000-8000-000000000102",
            "series": "document",
            "document_type": "penalty_decision",
            "pattern": "榕晋岳执罚决〔{year}〕{sequence}号",
        }
    )

    unit_id: fields.Id | None = None
    series: Annotated[Series, Field(description="案号或文号。")] = Series.CASE
    kind: CaseKind | None = None
    document_type: DocumentType | None = None
    year: fields.Year | None = None
    pattern: PatternText
    assumed: Annotated[fields.Flag, Field(description="规则系推定，待核实。")] = False


class NumberPatternChange(fields.In):
    """The new text; the scope of a pattern stays."""

    model_config = fields.example({"pattern": "榕晋岳综执罚决〔{year}〕{sequence}号", "assumed": True})

    pattern: PatternText
    assumed: fields.Flag = False


class NumberPatternOut(fields.Out):
    """A pattern as read; without `district_id` it is the one delivered with the system, the same for all districts."""

    id: fields.Id
    district_id: fields.Id | None = None
    unit_id: fields.Id | None = None
    series: Series
    kind: CaseKind | None = None
    document_type: DocumentType | None = None
    year: fields.Year | None = None
    pattern: PatternText
    assumed: fields.Flag
    version: fields.Whole
    created_at: fields.Moment


class NumberPatternPage(fields.Page[NumberPatternOut]):
    """A page of patterns."""


class NumberPatternFilter(PageQuery):
    """Named filters of the list."""

    unit_id: fields.Id | None = None
    series: Series | None = None
    kind: CaseKind | None = None
    document_type: DocumentType | None = None
    year: fields.QueryYear | None = None
    sort: Literal["created_at", "-created_at"] = "created_at"
