"""A summary as a paper: the words of whoever wrote it, and the figures counted from the problems. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from services.kit.documents import papers
from services.tasks_api.problem_summaries.rules import Scope

FIGURES: Final[Mapping[str, str]] = {
    "found": "发现", "closed": "销号", "submitted": "待核查", "open": "整改中", "late": "逾期", "reopened": "重新打开",
}  # fmt: skip
STATES: Final[Mapping[str | None, str]] = {None: "未起草", "draft": "未报送", "submitted": "已报送", "approved": "已审定"}


def paper(summary: Mapping[str, Any], unit_name: str) -> papers.Paper:
    """The summary in the layout of official papers; a roll-up has a row for every unit."""
    day = summary.get("approved_on") or summary.get("submitted_on")
    return papers.Paper(
        title=summary["title"],
        blocks=[*_words(summary), *_figures(summary)],
        signature=unit_name,
        signed_on=date.fromisoformat(day) if day else None,
    )


def _words(summary: Mapping[str, Any]) -> Iterator[papers.Block]:
    yield papers.Heading("总体情况")
    yield from (papers.Paragraph(line) for line in summary["text"].splitlines() if line.strip())


def _figures(summary: Mapping[str, Any]) -> Iterator[papers.Block]:
    start, end = (papers.day(date.fromisoformat(summary[name])) for name in ("period_start", "period_end"))
    yield papers.Heading("突出问题整治情况")
    told = "，".join(f"{title}{summary['figures'][name]}项" for name, title in FIGURES.items())
    yield papers.Paragraph(f"{start}至{end}，{told}。以上数据由突出问题清单统计得出。")
    if summary["scope"] != Scope.DISTRICT:
        return
    yield papers.Heading("各单位情况")
    columns = [papers.Column("单位", "center", 4), *(papers.Column(title, "center", 2) for title in FIGURES.values())]
    rows = [
        [row["unit_name"], *(str(row["figures"][name]) for name in FIGURES), STATES[row.get("summary_state")]]
        for row in summary["rows"]
    ]
    total = ["合计", *(str(summary["figures"][name]) for name in FIGURES), ""]
    yield papers.Table("", [*columns, papers.Column("总结", "center", 2)], [*rows, total])
