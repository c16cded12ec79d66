"""What may be set about reviews of case files. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.kit import errors


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force on a day. Shares are ten-thousandths, spreads hundredths of a point.

    `objection_days` and `objection_decision_days` are working days, `rectification_days` calendar days.
    """

    sample_share: int
    sample_least: int
    sample_most: int
    reviewers_per_file: int
    former_unit_years: int
    repeat_years: int
    most_load: int
    lease_hours: int
    spread_hundredths: int
    objection_days: int
    objection_decision_days: int
    rectification_days: int


class AlreadySet(errors.Conflict):
    code = "review_settings.already_set"
    zh, en = "该日起的设置已存在；请另定日期。", "Settings from that day exist; choose another day."


def faults(valid_from: date, today: date, sample_least: int, sample_most: int) -> Iterator[errors.Fault]:
    """Settings begin today or later, so that nothing decided already changes; the least is not above the most."""
    if valid_from < today:
        yield errors.Fault("/body/valid_from", "review_settings.in_the_past")
    if sample_least > sample_most:
        yield errors.Fault("/body/sample_least", "too_great", {"limit": sample_most})
