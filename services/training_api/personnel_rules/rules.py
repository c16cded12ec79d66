"""Words of the rules about people. Pure."""

from __future__ import annotations

from enum import StrEnum


class ShownName(StrEnum):
    """How much of a name the public sees: the surname, all but the last sign, all, or nothing."""

    SURNAME = "surname"
    ALL_BUT_LAST = "all_but_last"
    FULL = "full"
    HIDDEN = "hidden"


class RequiredExam(StrEnum):
    """Exams a certificate may demand (通用 or 公共法律知识, 专业法律知识)."""

    GENERAL = "general"
    PROFESSIONAL = "professional"
