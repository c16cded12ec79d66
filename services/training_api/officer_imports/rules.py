"""Columns of a list of officers, and what a row comes to. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any, Final
from uuid import UUID

from services.kit import cells, errors
from services.kit.sheets import Column, Layout, Reason
from services.training_api.hour_imports.rules import identifier, remark

MOST_ROWS: Final = 20_000
MOST_LINE, MOST_POSTS = 200, 20
# Stands for a unit of which the row tells nothing that could be read, and for another row as holder of a number.
NOBODY: Final = UUID(int=0)
DOCUMENT: Final = re.compile(r"[0-9A-Za-z() \-]{5,30}")
KINDS: Final = {
    "执法人员": "officer", "正式人员": "officer", "officer": "officer",
    "辅助人员": "auxiliary", "执法辅助人员": "auxiliary", "协管人员": "auxiliary", "auxiliary": "auxiliary",
}  # fmt: skip
ID_TYPES: Final = {
    "居民身份证": "resident", "身份证": "resident", "resident": "resident",
    "其他": "other", "其他证件": "other", "护照": "other", "other": "other",
}  # fmt: skip
# Where refusals without a place of their own belong, and fields that the sheet names otherwise.
ABOUT: Final[Mapping[str, str]] = {
    "officer.duplicate": "id_number",
    "officer.duplicate_external_id": "external_id",
    "officer.other_unit": "unit_code",
    "officer.kind_changed": "kind",
    "officer.after_move": "hired_on",
    "unit_id": "unit_code",
}
RECORDED: Final = "import.recorded"
TWICE: Final = str(Reason("repeated", "id_number"))


def document(text: str) -> str:
    """The number of an identity document, as it may be sealed; whether it is a good one depends on its type."""
    if cells.is_bent(text):
        raise cells.NotSo("sheet.bent_number")
    found = cells.plain(text)
    if not DOCUMENT.fullmatch(found):
        raise cells.NotSo("officer.id_number")
    return found


LAYOUT: Final = Layout(
    [
        Column("unit_code", ("单位代码", "执法单位代码", "unit code"), cells.code(), "350111102", few=True),
        Column("name", ("姓名", "name"), remark(MOST_LINE), "示例甲"),
        Column("id_type", ("证件类型", "id type"), cells.choice(ID_TYPES), "居民身份证", few=True),
        Column("id_number", ("身份证号", "身份证件号码", "证件号码", "identity number"), document, "350111190001010011"),
        Column("kind", ("人员类别", "类别", "kind"), cells.choice(KINDS), "执法人员", few=True),
        Column("posts", ("岗位", "职务", "posts"), cells.listed(remark(MOST_LINE), MOST_POSTS), "综合执法岗", few=True),
        Column("hired_on", ("入职日期", "任职日期", "参加工作日期", "hired on"), cells.day, "2021-07-01", few=True),
        Column("external_system", ("外部系统", "external system"), identifier, few=True),
        Column("external_id", ("外部编号", "人员编号", "external id"), identifier),
    ],
    needs=[["unit_code"], ["name"], ["id_number"], ["hired_on"]],
)
NAMES: Final = tuple(column.name for column in LAYOUT.columns)


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of a row; what was not there, or could not be read, is None."""

    unit_code: str | None = None
    name: str | None = None
    id_type: str | None = None
    id_number: str | None = None
    kind: str | None = None
    posts: list[str] | None = None
    hired_on: date | None = None
    external_system: str | None = None
    external_id: str | None = None

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Row:
        """A row as it was staged; days are text there."""
        found: dict[str, Any] = {each.name: told.get(each.name) for each in fields(cls)}
        if found["hired_on"] is not None:
            found["hired_on"] = date.fromisoformat(found["hired_on"])
        return cls(**found)


def reasons(refusal: errors.DomainError) -> list[str]:
    """A refusal of an entry as reasons of its row."""
    if not refusal.faults:
        return [str(Reason(refusal.code, ABOUT.get(refusal.code, "")))]
    return [str(Reason(fault.code, _column(fault.pointer))) for fault in refusal.faults]


def _column(pointer: str) -> str:
    name = pointer.removeprefix("/body/").split("/")[0]
    return ABOUT.get(name, name if name in NAMES else "")


def beside(found: list[str], cells_faults: list[str]) -> list[str]:
    """Of these reasons those about columns of which no cell was told to be wrong."""
    told = {Reason.of(kept).column for kept in cells_faults} - {""}
    return [kept for kept in dict.fromkeys(found) if Reason.of(kept).column not in told]
