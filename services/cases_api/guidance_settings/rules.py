"""What may be set about guidance. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.kit import errors


class Basis(StrEnum):
    """By which of its days a case belongs to a year: filed, decided, closed."""

    FILED = "filed"
    DECIDED = "decided"
    CLOSED = "closed"


class Counted(StrEnum):
    """From when on a case counts as guided: picked, first visit made, finished."""

    PICKED = "picked"
    BEGUN = "begun"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings a year is measured by. The share is in ten-thousandths."""

    share_per_10000: int
    basis: str
    counted: str


class AlreadySet(errors.Conflict):
    code = "guidance_settings.already_set"
    zh, en = "该日起的设置已存在；请另定日期。", "Settings from that day exist; choose another day."


def faults(valid_from: date, today: date) -> Iterator[errors.Fault]:
    """Settings begin in this year or later: no year that is over is measured anew."""
    if valid_from.year < today.year:
        yield errors.Fault("/body/valid_from", "guidance_settings.year_over")
