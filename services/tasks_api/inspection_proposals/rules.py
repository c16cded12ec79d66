"""Rules of inspection proposals. Pure."""

from __future__ import annotations

import unicodedata
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.kit import errors


class State(StrEnum):
    """Handed in; in the year's plan; taken back by its unit."""

    PROPOSED = "proposed"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"


class Verb(StrEnum):
    """What may be done to a proposal."""

    WITHDRAW = "withdraw"


class NotOpen(errors.Conflict):
    code = "inspection_proposal.not_open"
    zh, en = "{year} 年检查计划的提出自 {first} 开始。", "Proposals for {year} are taken from {first} on."


class YearOver(errors.Conflict):
    code = "inspection_proposal.year_over"
    zh, en = "{year} 年已结束，不能再提出检查计划。", "The year {year} is over; nothing is proposed for it any more."


class NotProposed(errors.Conflict):
    code = "inspection_proposal.not_proposed"
    zh, en = "该计划已并入年度计划或已撤回。", "The proposal is in the year's plan already, or was taken back."


class Window(NamedTuple):
    """The days of January in which proposals are handed in, as the settings say it for the year."""

    first: date
    last: date


def window(year: int, first: str, last: str) -> Window:
    """The window of a year from its month-days (`01-01`, `01-10`)."""
    return Window(date.fromisoformat(f"{year}-{first}"), date.fromisoformat(f"{year}-{last}"))


def why_not_propose(year: int, open_days: Window, today: date) -> errors.DomainError | None:
    """From the first day of the window until the year is over."""
    if today < open_days.first:
        return NotOpen(year=year, first=str(open_days.first))
    return YearOver(year=year) if today.year > year else None


def faults(year: int, first_on: date, last_on: date, *, late: bool, reason: str | None) -> list[errors.Fault]:
    """The inspection lies in the year, and a proposal behind the window says why it is late."""
    found: list[errors.Fault] = []
    if first_on.year != year:
        found.append(errors.Fault("/body/first_on", "day.not_in_year", {"year": year}))
    if last_on.year != year:
        found.append(errors.Fault("/body/last_on", "day.not_in_year", {"year": year}))
    if last_on < first_on:
        found.append(errors.Fault("/body/last_on", "period.ends_before_start"))
    if late and reason is None:
        found.append(errors.Fault("/body/late_reason", "missing"))
    return found


def object_key(code: str | None, name: str) -> str:
    """What tells that two proposals mean the same object: its code, or else its name without spaces in one Unicode form."""
    text = code if code is not None else name
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
