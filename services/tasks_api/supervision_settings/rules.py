"""Rules of supervision settings. Pure."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from services.kit import errors


class Period(StrEnum):
    """How often something is asked for."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    NONE = "none"


class Backdated(errors.Conflict):
    code = "supervision_setting.backdated"
    zh, en = (
        "参数不得早于今天生效，过去的结果不改写。",
        "A setting cannot take effect before today; past results are not rewritten.",
    )


def why_not_date(valid_from: date, today: date) -> errors.DomainError | None:
    """Settings take effect today or later."""
    return Backdated() if valid_from < today else None
