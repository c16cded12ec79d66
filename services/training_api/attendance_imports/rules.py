"""Columns of a sign-in sheet. Pure."""

from __future__ import annotations

from typing import Final

from services.kit import cells
from services.kit.sheets import Column, Layout
from services.training_api.hour_imports.rules import identifier, numbers

MOST_ROWS: Final = 20_000
MOST_SESSIONS: Final = 400
MOST_MINUTES: Final = 1_000_000
PRESENCE: Final = {
    "到": "yes", "出勤": "yes", "出席": "yes", "到课": "yes", "是": "yes", "√": "yes", "1": "yes", "present": "yes", "yes": "yes",
    "true": "yes", "缺": "no", "缺勤": "no", "缺席": "no", "未到": "no", "请假": "no", "旷课": "no", "否": "no", "×": "no",
    "0": "no", "absent": "no", "no": "no", "false": "no",
}  # fmt: skip
SEPARATORS: Final = str.maketrans("、;/ \u3000", ",,,,,")


def sessions(text: str) -> tuple[int, ...]:
    """Places of sessions: 2, or 1,3 or 1、3."""
    parts = [part for part in cells.plain(text).removeprefix("第").removesuffix("课").translate(SEPARATORS).split(",") if part]
    if not parts or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        raise cells.NotSo("wrong_format")
    if len(parts) > MOST_SESSIONS:
        raise cells.NotSo("too_great", MOST_SESSIONS)
    return tuple(sorted({int(part) for part in parts}))


def minutes(text: str) -> int:
    """Whole minutes: 30, 30分钟."""
    found = cells.plain(text).removesuffix("分钟").removesuffix("分").strip()
    if not (found.isascii() and found.isdigit() and len(found) <= 9):
        raise cells.NotSo("wrong_format")
    if int(found) > MOST_MINUTES:
        raise cells.NotSo("too_great", MOST_MINUTES)
    return int(found)


LAYOUT: Final = Layout(
    [
        Column("certificate_number", ("执法证号", "执法证件号", "证号", "certificate number"), identifier),
        Column("id_number", ("身份证号", "身份证件号码", "证件号码", "identity number"), numbers, "350111190001010011"),
        Column("officer_external_id", ("人员外部编号", "officer external id"), identifier),
        Column("officer_external_system", ("人员外部系统", "officer external system"), identifier, few=True),
        Column("name", ("姓名", "officer name"), cells.line(200), "示例甲"),
        Column("present", ("考勤", "出勤情况", "是否出勤", "attendance"), cells.choice(PRESENCE), "出勤", few=True),
        Column("missed_sessions", ("缺席课次", "缺课课次", "missed sessions"), sessions, "2", few=True),
        Column("missed_minutes", ("缺课分钟", "缺课时间", "missed minutes"), minutes, "15", few=True),
    ],
    needs=[["present"], ["certificate_number", "id_number", "officer_external_id"]],
)
