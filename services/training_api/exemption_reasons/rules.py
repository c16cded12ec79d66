"""Rules of the reasons. Pure."""

from __future__ import annotations

from enum import StrEnum


class Waives(StrEnum):
    """What an exemption takes off the hours owed: the months it covers, or the whole of each year it touches."""

    MONTHS = "months"
    YEAR = "year"
