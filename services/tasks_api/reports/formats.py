"""A report as a paper and as rows of a sheet. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any, Final

from services.kit import clock
from services.kit.documents import charts, papers
from services.tasks_api.obligations.rules import OBLIGATIONS
from services.tasks_api.registers.kinds.budget_lines import BudgetLineLine
from services.tasks_api.reports.rules import Form, written

# Codes of records in words, by table; what is not named here is shown as it is.
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "complaints": {
        "hotline_12345": "12345热线", "petition": "信访", "minzhifa_public": "闽执法公众端", "enterprise_contact": "企业联系点",
    },
    "problems": {
        "campaign": "运动式执法", "one_size_fits_all": "“一刀切”执法", "rough": "野蛮执法", "excessive": "过度执法",
        "inaction": "不作为", "abuse": "乱作为", "other": "其他",
    },
    "obligations": {each.id: f"{each.id} {each.measure}" for each in OBLIGATIONS},
    "budget": {each.value: each.zh for each in BudgetLineLine},
    "cases": {
        "penalty": "行政处罚", "licence": "行政许可", "compulsion": "行政强制", "inspection": "行政检查",
        "expropriation": "行政征收征用", "other": "其他",
    },
    "grades": {"self": "自评", "cross": "互评", "sample": "抽评"},
    "followups": {"objection": "异议", "rectification": "整改"},
    "case_records": {
        "transfers": "案件移送", "mediations": "行政争议调解", "litigations": "复议与应诉", "publicity-records": "执法公示",
        "legal-reviews": "法制审核", "typical-cases": "典型案例",
    },
    "transfers": {
        "police": "公安机关", "procuratorate": "检察机关", "discipline": "纪检监察机关", "other_organ": "其他机关",
        "competence": "管辖争议",
    },
    "mediations": {
        "court": "法院", "police_station": "派出所", "judicial_office": "司法所", "centre": "行政争议调解中心",
        "organ": "执法机关",
    },
    "litigations": {
        "reconsideration": "行政复议", "first_instance": "一审", "second_instance": "二审", "retrial": "再审",
    },
}  # fmt: skip
CHARTED: Final[Mapping[str, tuple[int, ...]]] = {"hours": (1, 2), "reviews": (1, 2, 3), "tasks": (2, 3)}
MOST_CHARTED: Final = 24
# Columns whose words run over the line.
LONG: Final = frozenset({"任务", "义务", "评查事项"})
# Shares of the width.
WEIGHTS: Final[Mapping[str, int]] = {Form.TEXT: 6, Form.MONEY: 5}
UNIT: Final = "单位"


def paper(report: Any, district: str, bureau: str) -> papers.Paper:
    """The report in the layout of official papers: the bureau's words, the figures of the head, the tables and charts."""
    data: Mapping[str, Any] = report.data
    return papers.Paper(
        title=report.title,
        blocks=[*_words(report.sections), *_head(data["indicators"], _basis(report)), *_tables(data["tables"])],
        issuer=f"{bureau}文件" if report.document_no else None,
        number=report.document_no,
        addressee=report.sent_to or f"{district}人民政府",
        # The workbook of all figures goes with it.
        annexes=[f"{report.title}数据表"],
        signature=bureau,
        signed_on=report.sent_on or report.approved_at.date() if report.approved_at else None,
    )


def _words(sections: Sequence[Mapping[str, str]]) -> Iterator[papers.Block]:
    for section in sections:
        yield papers.Heading(section["heading"])
        yield from (papers.Paragraph(line) for line in section["text"].splitlines() if line.strip())


def _basis(report: Any) -> str:
    """Of which period the figures are, and from which moment."""
    start, end = papers.day(report.period_start), papers.day(report.period_end)
    moment = report.as_of.astimezone(clock.SHANGHAI)
    return f"本报告统计期间为{start}至{end}，数据由系统记录汇集，截至{papers.day(moment.date())}{moment:%H:%M}。"


def _head(indicators: Sequence[Mapping[str, Any]], basis: str) -> Iterator[papers.Block]:
    """The figures of the head, two beside each other; what there is nothing of to divide is left out."""
    yield papers.Heading("主要指标")
    yield papers.Paragraph(basis)
    told = [(each["title"], written(each["value"], each["form"])) for each in indicators if each["value"] is not None]
    if not told:
        yield papers.Paragraph("本期无数据。")
        return
    half = (len(told) + 1) // 2
    pairs = zip_longest(told[:half], told[half:], fillvalue=("", ""))
    columns = [papers.Column("指标", "left", 3), papers.Column("数值", "center", 2)] * 2
    yield papers.Table("", columns, [[*left, *right] for left, right in pairs])


def _tables(tables: Sequence[Mapping[str, Any]]) -> Iterator[papers.Block]:
    yield papers.Heading("分项情况")
    yield from _parts([each for each in tables if not _is_annual(each)])
    if yearly := [each for each in tables if _is_annual(each)]:
        yield papers.Heading("年度统计表")
        yield from _parts(yearly)


def _is_annual(table: Mapping[str, Any]) -> bool:
    return str(table["code"]).startswith("annual_")


def _parts(tables: Sequence[Mapping[str, Any]]) -> Iterator[papers.Block]:
    """Each table with rows below a heading of its own; those without any are named at the end."""
    for table in tables:
        if not table["rows"]:
            continue
        yield papers.Heading(table["caption"], 2)
        yield papers.Table("", [*_columns(table)], [*cells(table), *_total(table)])
        if table["code"] in CHARTED and len(table["rows"]) <= MOST_CHARTED:
            yield _chart(table)
    if nothing := [table["caption"] for table in tables if not table["rows"]]:
        yield papers.Paragraph(f"本期下列事项无记录：{'、'.join(nothing)}。")


def _total(table: Mapping[str, Any]) -> Iterator[list[str]]:
    """The sums below a table of units, where every figure of it can be added up."""
    if table["columns"][0]["title"] != UNIT or len(table["rows"]) < 2:
        return
    forms = [column["form"] for column in table["columns"]]
    sums = [sum(row[place] or 0 for row in table["rows"]) for place in range(1, len(forms))]
    addable = {Form.NUMBER.value, Form.MONEY.value}
    yield ["合计", *(written(value, form) if form in addable else "" for value, form in zip(sums, forms[1:], strict=True))]


def _columns(table: Mapping[str, Any]) -> Iterator[papers.Column]:
    for column in table["columns"]:
        is_long = column["title"] in LONG
        yield papers.Column(column["title"], "left" if is_long else "center", WEIGHTS.get(column["form"], 2))


def cells(table: Mapping[str, Any]) -> Iterator[list[str]]:
    """The rows as shown."""
    forms, words = [column["form"] for column in table["columns"]], WORDS.get(table["code"], {})
    for row in table["rows"]:
        yield [words.get(str(value), written(value, form)) for value, form in zip(row, forms, strict=True)]


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
