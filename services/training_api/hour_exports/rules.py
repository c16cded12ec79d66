"""Headings of the exports, and words for codes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.training_api.compliance import rules as compliance
from services.training_api.hour_entries.rules import Source, State

CATEGORIES: Final[Mapping[str, str]] = {code: words[0] for code, words in compliance.NAMES.items()}
SOURCES: Final[Mapping[str, str]] = {
    Source.CLASS: "面授",
    Source.ONLINE: "网络",
    Source.TEACHING: "授课",
    Source.SELF_STUDY: "自学",
}
STATES: Final[Mapping[str, str]] = {State.PENDING: "待确认", State.POSTED: "已入账", State.REFUSED: "已退回"}
STATUSES: Final[Mapping[str, str]] = {compliance.Status.MET: "达标", compliance.Status.SHORT: "不足"}
HOUR_HEADINGS: Final = [
    "链序号", "单位", "姓名", "执法证号", "类别", "学时", "日期", "开始时间", "结束时间", "来源", "培训班", "状态", "冲正的记录",
    "备注", "外部系统", "外部编号", "登记时间", "记录编号", "链哈希",
]  # fmt: skip
COMPLIANCE_HEADINGS: Final = [
    "年度", "单位", "姓名", "执法证号", "应修学时", "有效学时", "欠缺学时", *CATEGORIES.values(), "应修月数", "折算原因", "结果",
    "人员编号",
]  # fmt: skip


def compliance_row(year: int, item: Mapping[str, Any], person: Mapping[str, Any]) -> list[Any]:
    """An officer's figures as a row; the item is that of the list, and hours are numbers as it has them."""
    quota = item["quota"]
    reasons = "、".join(compliance.SERVICE.get(code, (code,))[0] for code in quota.get("reasons", []))
    return [
        str(year), person["unit"], person["name"], person["certificate"], item["required_hours"], item["valid_hours"],
        item["missing_hours"], *(item["by_category"].get(name, 0) for name in CATEGORIES), quota.get("months"),
        reasons, STATUSES.get(item["status"], item["status"]),
        item["officer_id"],
    ]  # fmt: skip
