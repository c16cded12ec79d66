"""The statutes the rules apply, with the days they were in force. Pure.

Procedure follows the law of the day the act was done; what makes an act punishable follows the law of the act's day unless the
later one is lighter (行政处罚法第37条, 从旧兼从轻). Days, sums and articles are those of the versions of 行政处罚法 named here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.cases_api.legal_settings.rules import Measure

WORKING, CALENDAR = Measure.WORKING_DAYS, Measure.CALENDAR_DAYS
BEGINNING: Final = date(1996, 10, 1)
NEW_LAW: Final = date(2021, 7, 15)


@dataclass(frozen=True, slots=True)
class Period:
    """So many days, working or calendar ones."""

    days: int
    measure: Measure


@dataclass(frozen=True, slots=True)
class PenaltyLaw:
    """A version of 行政处罚法: its articles by rule, its periods, its sums in fen."""

    name: str
    valid_from: date
    valid_to: date | None
    articles: Mapping[str, Sequence[int]]
    # Numbers of two to seven days are working days since 2021 only (art. 85).
    short: Measure
    summary_natural_fen: int
    summary_legal_fen: int
    on_spot_fen: int
    hearing_request_days: int
    grave_years: int | None
    review_of_every_decision: bool
    proposed_penalty_told: bool
    hearing_kinds: frozenset[str]

    def period(self, days: int) -> Period:
        """One of the Act's short periods."""
        return Period(days, self.short)


# Articles by rule. The old law knew neither filing nor a time for deciding, nor a qualification of officers.
OLD_ARTICLES: Final[Mapping[str, Sequence[int]]] = {
    "P02": (29,), "P03": (37,), "P05": (37,), "P07": (31, 41), "P08": (42,), "P09": (42,), "P10": (42,), "P11": (32,),
    "P12": (38,), "P13": (38,), "P15": (39,), "P16": (40,), "P18": (51,), "P19": (47, 48, 50), "P20": (33,), "P22": (36, 38, 40),
}  # fmt: skip
NEW_ARTICLES: Final[Mapping[str, Sequence[int]]] = {
    "P01": (54,), "P02": (36,), "P03": (42,), "P04": (42,), "P05": (56,), "P07": (44, 62), "P08": (63, 64), "P09": (64,),
    "P10": (64,), "P11": (45,), "P12": (58,), "P13": (57,), "P14": (60,), "P15": (34, 37, 59), "P16": (61,), "P17": (48,),
    "P18": (72,), "P19": (68, 69, 71), "P20": (51,), "P22": (54, 57, 61), "P24": (34,),
    "P25": (41,), "P26": (33,),
}  # fmt: skip
# What rests on another text than 行政处罚法.
OTHER_ARTICLES: Final[Mapping[str, str]] = {
    "P06": "行政强制法第25条",
    "P21": "行政强制法第53条、第54条、第69条",
    "P23": "福建省政府令第242号第17条",
}
OLD_HEARING: Final = frozenset({"production_stop", "licence_revocation"})
NEW_HEARING: Final = OLD_HEARING | {"qualification_downgrade", "closure", "profession_ban"}
LAWS: Final = (
    PenaltyLaw(
        "行政处罚法（2009年修正）", BEGINNING, date(2017, 12, 31), OLD_ARTICLES, CALENDAR,
        5_000, 100_000, 2_000, 3, None, False, False, OLD_HEARING,
    ),
    PenaltyLaw(
        "行政处罚法（2017年修正）", date(2018, 1, 1), date(2021, 7, 14), OLD_ARTICLES, CALENDAR,
        5_000, 100_000, 2_000, 3, None, True, False, OLD_HEARING,
    ),
    PenaltyLaw(
        "行政处罚法（2021年修订）", NEW_LAW, None, NEW_ARTICLES, WORKING,
        20_000, 300_000, 10_000, 5, 5, False, True, NEW_HEARING,
    ),
)  # fmt: skip

LIMITATION_YEARS: Final = 2
SEIZURE = Period(30, CALENDAR)
# 民事诉讼法: delivery by public notice takes 30 days since 2022, 60 before.
NOTICE_DAYS_SINCE: Final = date(2022, 1, 1)
# 行政许可法第44条: a licence is delivered within 10 working days (art. 82).
LICENCE_DELIVERY = Period(10, WORKING)
# 行政强制法第54条, 第69条: ten (working) days behind the reminder. 第53条: three months behind the end of the remedies,
# which last six months (行政诉讼法第46条).
REMINDER_DAYS, COURT_MONTHS, REMEDY_MONTHS = 10, 3, 6
# 福建省政府令第242号第17条.
OFFLINE = Period(5, WORKING)
OFFLINE_SINCE: Final = date(2024, 6, 1)
# 国办发〔2022〕27号: a decision explains how the benchmark was applied.
EXPLAINED_SINCE: Final = date(2022, 7, 29)
# 行政处罚法第71条, formerly 第50条: from the officer to the organ, and from the organ to the bank.
HAND_IN_DAYS: Final = 2


def penalty_law(on: date) -> PenaltyLaw:
    """The version in force on a day; the oldest one also for days before it."""
    for law in reversed(LAWS):
        if on >= law.valid_from:
            return law
    return LAWS[0]


def article(rule: str, on: date) -> str:
    """The text and article a rule rests on, as of a day: 行政处罚法（2021年修订）第64条."""
    if rule in OTHER_ARTICLES:
        return OTHER_ARTICLES[rule]
    law = penalty_law(on)
    return law.name + "、".join(f"第{number}条" for number in law.articles.get(rule, NEW_ARTICLES[rule]))
