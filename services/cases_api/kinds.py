"""Kinds of case files, known to their numbers as well as to the files. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class CaseKind(StrEnum):
    """Kinds of enforcement a case file (案卷) may record."""

    PENALTY = "penalty"
    LICENCE = "licence"
    COMPULSION = "compulsion"
    INSPECTION = "inspection"
    EXPROPRIATION = "expropriation"
    OTHER = "other"


# Two letters per kind inside case numbers (处罚, 许可, 强制, 检查, 征收征用, 其他); an assumed default.
LETTERS: Final[Mapping[CaseKind, str]] = {
    CaseKind.PENALTY: "CF",
    CaseKind.LICENCE: "XK",
    CaseKind.COMPULSION: "QZ",
    CaseKind.INSPECTION: "JC",
    CaseKind.EXPROPRIATION: "ZS",
    CaseKind.OTHER: "QT",
}
