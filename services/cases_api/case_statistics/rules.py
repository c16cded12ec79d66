"""The five tables of the annual statistics and their columns (国办发〔2018〕118号; public yearly reports of counties). Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

# Names of the columns as answers give them, and as the published tables head them.
COLUMNS: Final[Mapping[str, Mapping[str, str]]] = {
    "penalties": {
        "warning_or_criticism": "警告、通报批评",
        "fine": "罚款",
        "confiscation": "没收违法所得、没收非法财物",
        "suspension_or_downgrade": "暂扣许可证件、降低资质等级",
        "revocation": "吊销许可证件",
        "restriction": "限制开展生产经营活动",
        "stop_or_closure": "责令停产停业、责令关闭、限制从业",
        "detention": "行政拘留",
        "other": "其他行政处罚",
        "unstated": "未载明种类",
        "total": "合计（宗）",
        "amount_fen": "罚没金额（元）",
    },
    "licences": {
        "applied": "申请总数",
        "accepted": "受理数量",
        "granted": "许可数量",
        "refused": "不予许可数量",
        "revoked": "撤销许可数量",
    },
    "compulsions": {
        "sealing": "查封场所、设施或者财物",
        "detention": "扣押财物",
        "freezing": "冻结存款、汇款",
        "other_measure": "其他行政强制措施",
        "late_fee": "加处罚款或者滞纳金",
        "court_application": "申请法院强制执行",
        "total": "合计（宗）",
    },
    "others": {
        "expropriations": "行政征收征用次数",
        "expropriation_fen": "征收总金额（元）",
        "inspections": "行政检查次数",
        "other": "其他行政执法行为",
    },
    "certificates": {"on_duty": "在岗人数", "certified": "持证人数", "rate": "持证率"},
}
TITLES: Final[Mapping[str, str]] = {
    "penalties": "表一 行政处罚实施情况统计表",
    "licences": "表二 行政许可实施情况统计表",
    "compulsions": "表三 行政强制实施情况统计表",
    "others": "表四 其他行政执法行为实施情况统计表",
    "certificates": "表五 行政执法人员持证情况统计表",
}
MONEY: Final = frozenset({"amount_fen", "expropriation_fen"})
RATE: Final = "rate"

Figures = dict[str, Any]


def zero(table: str) -> Figures:
    """A row of a table in which nothing happened: zeros are filled in."""
    return rated(dict.fromkeys(COLUMNS[table], 0))


def rated(row: Figures) -> Figures:
    """The same with its rate, in percent with at most two decimals; nobody on duty has none."""
    if RATE not in row:
        return row
    found = round(row["certified"] * 100 / row["on_duty"], 2) if row["on_duty"] else None
    return row | {RATE: found}


def total(table: str, rows: Sequence[Figures]) -> Figures:
    """The sum of the units."""
    return rated({name: sum(row[name] or 0 for row in rows) for name in COLUMNS[table]})


def sheet(year: int, units: Sequence[Mapping[str, Any]], totals: Mapping[str, Figures]) -> Iterator[list[Any]]:
    """The five tables below each other as rows of a sheet; money in yuan."""
    for table, columns in COLUMNS.items():
        yield [f"{year}年度{TITLES[table]}"]
        yield ["单位", *columns.values()]
        for name, row in [*((unit["name"], unit[table]) for unit in units), ("合计", totals[table])]:
            yield [name, *(_cell(column, row[column]) for column in columns)]
        yield [""]


def _cell(column: str, value: Any) -> Any:
    if column in MONEY:
        return value // 100 if value % 100 == 0 else value / 100
    if column == RATE:
        return "—" if value is None else f"{value:g}%"
    return value
