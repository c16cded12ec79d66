"""How the words of time that a plan leaves open are read (2025年前, 月初, 年底前). Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """The readings a document is read by; a district sets its own under `time_words` of its supervision settings.

    `before_year_once` tells the last day of what is done once "2025年前": the end of the year before (`year_before`) or of
    the year itself (`through_year`). 月初 lasts until `month_start_last_day`, 月底 as a window begins on
    `month_end_first_day`, and a year ends on `year_end` (MM-DD).
    """

    before_year_once: str = "year_before"
    month_start_last_day: int = 10
    month_end_first_day: int = 21
    year_end: str = "12-31"

    @property
    def last_of_year(self) -> tuple[int, int]:
        """Month and day on which a year ends."""
        return int(self.year_end[:2]), int(self.year_end[3:])

    def part(self, name: str) -> tuple[int, int]:
        """First and last day of a part of a month; 31 stands for the month's last."""
        first, last = {"初": (1, self.month_start_last_day), "上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31)}.get(
            name, (self.month_end_first_day, 31)
        )
        return first, last


# What ships; the settings a fresh system brings say the same.
SHIPPED: Final = Words()
