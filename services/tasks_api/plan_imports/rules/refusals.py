"""Why a file is not taken as a plan document. None of the texts repeats what the file holds. Pure."""

from __future__ import annotations

from services.kit.errors import BadInput, TooLarge


class NotAPlan(BadInput):
    code = "plan_import.not_a_plan"
    zh = "文件内容不是行动计划或实施方案：未找到编号任务及其标题、章节或责任单位。"
    en = "The document is no plan: no numbered tasks with a title, chapters or responsible units were found."


class Empty(BadInput):
    code = "plan_import.empty"
    zh, en = "文件为空，没有可读取的文字。", "The file is empty: it holds no text to read."


class UnsupportedFormat(BadInput):
    code = "plan_import.unsupported_format"
    zh, en = "仅支持 .txt 和 .docx 格式的文件。", "Only .txt and .docx files are supported."


class Unreadable(BadInput):
    code = "plan_import.unreadable"
    zh = "文件无法读取：已损坏、编码不明，或不符合安全要求。"
    en = "The file cannot be read: it is damaged, in an unknown encoding, or not safe to open."


class TooLong(BadInput):
    code = "plan_import.too_long"
    zh, en = "文件的行数或任务数超出一份方案的合理范围。", "The document has more lines or tasks than a plan can sensibly have."


class TooManyBytes(TooLarge):
    code = "plan_import.too_large"
    zh, en = "文件过大。", "The file is too large."
