"""Warnings (提示) gathered while reading: stable codes with their texts. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from services.tasks_api.plan_imports.rules.plan import PlanWarning

MAX_WARNINGS: Final = 500
MAX_TEXT: Final = 200

TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "line_not_placed": ("该行内容未能归入任何任务或要求。", "This line could not be placed in any task or requirement."),
    "unit_unknown": ("该单位不在单位名录中，按原文保留。", "This unit is not among the known units; kept as printed."),
    "unit_ambiguous": ("该名称对应多个单位，按原文保留。", "This name fits more than one unit; kept as printed."),
    "units_open_ended": ("单位列举未尽（“等”），请补全。", "The list of units is open-ended; please complete it."),
    "numbers_restart": (
        "任务编号重复或不连续，已按顺序重新编号。",
        "Task numbers repeat or run backwards; numbered anew in order.",
    ),
    "number_missing": ("此前有任务编号缺失。", "A task number before this one is missing."),
    "number_unreadable": ("编号无法识别，已按顺序编号。", "The number could not be read; numbered in order."),
    "title_long": ("任务标题过长，请核对。", "The task's title is unusually long; please check it."),
    "text_too_long": (
        "任务文字过长，超出部分的单位、时限和数量未读取。",
        "The task's text is too long; units, deadlines and figures beyond the limit were not read.",
    ),
    "title_cut": ("标题超过 200 字，超出部分未保留。", "The title is longer than 200 characters; the rest was not kept."),
    "summary_cut": ("文字超过 10000 字，超出部分未保留。", "The text is longer than 10,000 characters; the rest was not kept."),
    "units_cut": (
        "该任务的单位超过 100 个或名称超过 200 字，超出部分未保留。",
        "The task names more than 100 units, or a name of more than 200 characters; the rest was not kept.",
    ),
    "figures_cut": (
        "该任务的时限或数量超过 50 项，超出部分未保留。",
        "The task has more than 50 deadlines or figures; the rest was not kept.",
    ),
    "chapter_without_tasks": ("该章节下未找到任务。", "No task was found in this chapter."),
    "deadline_not_read": ("完成时限无法识别。", "The deadline could not be read."),
    "deadline_without_year": ("时限未写明年份。", "The deadline names no year."),
    "deadline_ambiguous": ("时限有不同理解，请核对。", "The deadline can be read in more than one way; please check it."),
    "table_not_read": ("该表格未找到任务列，未读取。", "No task column was found in this table; it was not read."),
    "attachment_not_read": ("附件文字未读取。", "The text of attachments was not read."),
    "title_not_found": ("未找到方案标题。", "The plan's title was not found."),
    "period_not_found": ("未找到方案的起止年份。", "The years of the plan were not found."),
    "region_not_found": ("未找到行政区域名称。", "The region's name was not found."),
    "region_differs": ("方案的行政区域与本系统不同。", "The plan's region is not the region of this system."),
    "warnings_cut": ("提示过多，其余未列出。", "Too many warnings; the rest are not listed."),
}


class Notes:
    """Collects warnings in order, each once, at most `MAX_WARNINGS`."""

    def __init__(self) -> None:
        self._kept: dict[PlanWarning, None] = {}

    def add(self, code: str, line: int, text: str) -> None:
        """Keeps a warning of this code about a line."""
        if len(self._kept) < MAX_WARNINGS:
            self._kept[_warning(code, line, text)] = None
        elif len(self._kept) == MAX_WARNINGS:
            self._kept[_warning("warnings_cut", line, "")] = None

    def all(self) -> tuple[PlanWarning, ...]:
        """Every warning, by line; those of one line as they came."""
        return tuple(sorted(self._kept, key=lambda warning: warning.line))


def _warning(code: str, line: int, text: str) -> PlanWarning:
    zh, en = TEXTS[code]
    return PlanWarning(code, line, zh, en, text[:MAX_TEXT])
