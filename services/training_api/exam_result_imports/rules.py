"""Columns of a list of results. Pure."""

from __future__ import annotations

from typing import Final

from services.kit import cells
from services.kit.sheets import Column, Layout
from services.training_api.hour_imports.rules import identifier, numbers

MOST_ROWS: Final = 20_000
# What stands in the place of points of somebody who was absent.
ABSENT: Final = "absent"
ABSENCES: Final = frozenset(map(cells.folded, ("缺考", "缺席", "未考", "缺", "absent")))


def points(text: str) -> str:
    """Points as whole hundredths (85, 85.5, 85分), or that somebody was absent (缺考)."""
    if cells.folded(text) in ABSENCES:
        return ABSENT
    return str(cells.hundredths(cells.plain(text).removesuffix("分")))


LAYOUT: Final = Layout(
    [
        Column("certificate_number", ("执法证号", "执法证件号", "证号", "certificate number"), identifier),
        Column("id_number", ("身份证号", "身份证件号码", "证件号码", "identity number"), numbers, "350111190001010011"),
        Column("officer_external_id", ("人员外部编号", "officer external id"), identifier),
        Column("officer_external_system", ("人员外部系统", "officer external system"), identifier, few=True),
        Column("name", ("姓名", "officer name"), cells.line(200), "示例甲"),
        Column("points", ("成绩", "分数", "得分", "points"), points, "85", few=True),
    ],
    needs=[["points"], ["certificate_number", "id_number", "officer_external_id"]],
)
