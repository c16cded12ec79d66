"""Reports as asked for and answered."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field

from services.kit import fields
from services.kit.pagination import PageQuery
from services.tasks_api.reports.rules import Form, Kind, State, Verb

Quarter = Annotated[int, Field(strict=True, ge=1, le=4, json_schema_extra={"format": "int32"})]
FileForm = Literal["json", "docx", "pdf", "xlsx"]


class Section(fields.In):
    """A part of the report in the bureau's words."""

    heading: fields.Line
    text: fields.Prose


Sections = Annotated[list[Section], Field(max_length=40)]


class ReportIn(fields.In):
    """Which period; a quarter, a whole year, or, for a special report, from one day to another."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"kind": "quarterly", "year": 2025, "quarter": 2}]})

    kind: Kind
    year: fields.Year
    quarter: Quarter | None = None
    period_start: fields.Day | None = None
    period_end: fields.Day | None = None
    title: Annotated[fields.Line | None, Field(description="缺省按种类和期间拟定。")] = None
    sections: Annotated[Sections, Field(default_factory=list, description="文字部分，置于数据之前。")]


class ReportChange(fields.In):
    """Words of a draft."""

    model_config = fields.example(
        {
            "sections": [{"heading": "总体情况", "text": "本季度各单位按方案推进（示例）。"}],
            "document_no": "示执督报〔2025〕2号",
        }
    )

    title: fields.Line | None = None
    sections: Sections | None = None
    document_no: Annotated[fields.Line | None, Field(description="文号。")] = None


class SendIn(fields.In):
    """When, to whom and under which number it was sent."""

    model_config = fields.example({"sent_on": "2025-07-10", "sent_to": "示例区人民政府", "document_no": "示执督报〔2025〕2号"})

    sent_on: fields.Day
    sent_to: Annotated[fields.Line, Field(examples=["晋安区人民政府"])]
    document_no: fields.Line | None = None


class ReasonIn(fields.In):
    """Why."""

    model_config = fields.example({"reason": "数据需重新核对（示例）"})

    reason: fields.Prose


class IndicatorOut(fields.Out):
    """A figure of the head; shares in hundredths of a per cent, absent where there is nothing to divide."""

    code: fields.Code
    title: fields.Line
    value: int | None = None
    form: Form


class ColumnOut(fields.Out):
    """A column."""

    title: fields.Line
    form: Form


class TableOut(fields.Out):
    """A table; cells in the order of the columns."""

    code: fields.Code
    caption: fields.Line
    columns: Annotated[list[ColumnOut], Field(max_length=20)]
    rows: Annotated[list[Annotated[list[Any], Field(max_length=20)]], Field(max_length=10_000)]


class DataOut(fields.Out):
    """The figures as gathered."""

    indicators: Annotated[list[IndicatorOut], Field(max_length=100)]
    tables: Annotated[list[TableOut], Field(max_length=100)]


class ReportBrief(fields.Out):
    """A report in the list."""

    id: fields.Id
    district_id: fields.Id
    unit_id: fields.Id
    kind: Kind
    title: fields.Line
    period_start: fields.Day
    period_end: fields.Day
    state: State
    as_of: Annotated[fields.Moment | None, Field(description="数据汇集的时刻。")] = None
    data_sha256: Annotated[fields.Hash | None, Field(description="数据的规范化 JSON（RFC 8785）的 SHA-256。")] = None
    document_no: fields.Line | None = None
    approved_by_name: fields.Line | None = None
    approved_at: fields.Moment | None = None
    sent_on: fields.Day | None = None
    sent_to: fields.Line | None = None
    void_reason: fields.Prose | None = None
    created_by_name: fields.Line
    created_at: fields.Moment
    version: fields.Whole
    allowed_actions: Annotated[list[Verb], Field(max_length=10)]


class ReportOut(ReportBrief):
    """A report with its words and figures."""

    sections: Sections
    data: DataOut | None = None


class ReportPage(fields.Page[ReportBrief]):
    """A page of reports."""


class ReportFilter(PageQuery):
    """Named filters of the list."""

    kind: Kind | None = None
    state: State | None = None
    period_end__gte: fields.Day | None = None
    period_end__lte: fields.Day | None = None
    sort: Literal["-period_end", "period_end"] = "-period_end"
