"""A report as a paper and as rows of a sheet. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from services.kit.documents import charts, papers
from services.tasks_api.obligations.rules import OBLIGATIONS
from services.tasks_api.reports.rules import Form, written

# Codes of records in words; what is not named here is shown as it is.
WORDS: Final[Mapping[str, str]] = {
    "hotline_12345": "12345热线",
    "petition": "信访",
    "minzhifa_public": "闽执法公众端",
    "enterprise_contact": "企业联系点",
    "campaign": "运动式执法",
    "one_size_fits_all": "“一刀切”执法",
    "rough": "野蛮执法",
    "excessive": "过度执法",
    "inaction": "不作为",
    "abuse": "乱作为",
    "other": "其他",
    **{each.id: f"{each.id} {each.measure}" for each in OBLIGATIONS},
    "training": "人员培训",
    "enforcement": "执法工作",
    "equipment": "装备配备",
    "supervision": "监督工作",
    "transfers": "案件移送",
    "mediations": "行政争议调解",
    "litigations": "复议与应诉",
    "publicity-records": "执法公示",
    "legal-reviews": "法制审核",
    "typical-cases": "典型案例",
}
CHARTED: Final[Mapping[str, tuple[int, ...]]] = {"hours": (1, 2), "reviews": (1, 2, 3), "tasks": (2, 3)}
MOST_CHARTED: Final = 24


def paper(report: Any, district: str, bureau: str) -> papers.Paper:
    """The report in the layout of official papers: the bureau's words, the figures of the head, the tables and charts."""
    data: Mapping[str, Any] = report.data
    return papers.Paper(
        title=report.title,
        blocks=[*_words(report.sections), *_head(data["indicators"]), *_tables(data["tables"])],
        issuer=f"{bureau}文件" if report.document_no else None,
        number=report.document_no,
        addressee=report.sent_to or f"{district}人民政府",
        signature=bureau,
        signed_on=report.sent_on or report.approved_at.date() if report.approved_at else None,
    )


def _words(sections: Sequence[Mapping[str, str]]) -> Iterator[papers.Block]:
    for section in sections:
        yield papers.Heading(section["heading"])
        yield from (papers.Paragraph(line) for line in section["text"].splitlines() if line.strip())


def _head(indicators: Sequence[Mapping[str, Any]]) -> Iterator[papers.Block]:
    yield papers.Heading("主要指标")
    told = [f"{each['title']}{written(each['value'], each['form'])}" for each in indicators if each["value"] is not None]
    yield papers.Paragraph("，".join(told) + "。" if told else "本期无数据。")


def _tables(tables: Sequence[Mapping[str, Any]]) -> Iterator[papers.Block]:
    yield papers.Heading("分项情况")
    for table in tables:
        yield papers.Heading(table["caption"], 2)
        if not table["rows"]:
            yield papers.Paragraph("本期无此类记录。")
            continue
        yield papers.Table(table["caption"], [*_columns(table)], [*cells(table)])
        if table["code"] in CHARTED and len(table["rows"]) <= MOST_CHARTED:
            yield _chart(table)


def _columns(table: Mapping[str, Any]) -> Iterator[papers.Column]:
    for place, column in enumerate(table["columns"]):
        wide = column["form"] == Form.TEXT
        yield papers.Column(column["title"], "left" if wide and place else "center", 3 if wide else 1)


def cells(table: Mapping[str, Any]) -> Iterator[list[str]]:
    """The rows as shown."""
    forms = [column["form"] for column in table["columns"]]
    for row in table["rows"]:
        yield [WORDS.get(str(value), written(value, form)) for value, form in zip(row, forms, strict=True)]


def _chart(table: Mapping[str, Any]) -> papers.Figure:
    label = 1 if table["code"] == "tasks" else 0
    names = [str(row[label]) for row in table["rows"]]
    titles = [column["title"] for column in table["columns"]]
    series = [charts.Series(titles[place], [float(row[place] or 0) for row in table["rows"]]) for place in CHARTED[table["code"]]]
    return papers.Figure(f"{table['caption']}图", charts.bars(names, series), f"{table['caption']}，数据见上表。")


def sheet(report: Any) -> Iterator[list[Any]]:
    """Every figure as rows: the head, then table after table; shares in per cent, money in yuan."""
    data: Mapping[str, Any] = report.data
    yield [report.title]
    yield ["指标", "数值"]
    for each in data["indicators"]:
        yield [each["title"], written(each["value"], each["form"])]
    for table in data["tables"]:
        yield []
        yield [table["caption"]]
        yield [column["title"] for column in table["columns"]]
        for row, shown in zip(table["rows"], cells(table), strict=True):
            yield [
                value if isinstance(value, int) and text == str(value) else text for value, text in zip(row, shown, strict=True)
            ]
