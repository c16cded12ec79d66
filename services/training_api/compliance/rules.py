"""Explaining a figure in words. Pure; hours are whole hundredths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

from services.training_api.classes.rules import Category

NAMES: Final[Mapping[str, tuple[str, str]]] = {
    Category.PUBLIC_LAW: ("公共法律知识", "public law"),
    Category.BUSINESS: ("业务知识", "business knowledge"),
    Category.SKILLS: ("行政执法技能", "enforcement skills"),
    Category.POLITICAL: ("政治", "political"),
}
# Why somebody owes less than a year; exemptions bring their own names.
SERVICE: Final[Mapping[str, tuple[str, str]]] = {
    "joined": ("年内入职", "joined during the year"),
    "left": ("年内离职", "left during the year"),
    "interrupted": ("年内中断任职", "service was interrupted"),
}
AND: Final = "_and_"


class Status(StrEnum):
    """Whether the hours owed are there."""

    MET = "met"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Figures:
    """What an officer owes in a year and has, in hundredths: base of a whole year, months begun in service and wholly exempt,
    why it is not the whole year, hours by category, what was carried over, and the hours to be expected.

    `titles` names exemptions by their code, in Chinese and English.
    """

    year: int
    base: int
    served: int
    exempt: int
    months: int
    required: int
    valid: int
    carried: int
    forecast: int
    reasons: Sequence[str]
    titles: Mapping[str, tuple[str, str]]
    by_category: Mapping[str, int]
    counted: Sequence[str]

    @property
    def missing(self) -> int:
        """What is still owed, in hundredths of class hours; never below zero."""
        return max(self.required - self.valid, 0)

    @property
    def status(self) -> Status:
        """Met when nothing is missing."""
        return Status.SHORT if self.missing else Status.MET


def shown(hundredths: int) -> str:
    """Hundredths as hours without needless zeros: 60 for 6000, 12.5 for 1250, -0.25 for -25."""
    sign, (whole, rest) = "-" if hundredths < 0 else "", divmod(abs(hundredths), 100)
    return f"{sign}{whole}" + (f".{rest:02}".rstrip("0") if rest else "")


def in_chinese(figures: Figures) -> str:
    """The sum with its parts as one Chinese sentence."""
    owed = f"应修 {shown(figures.required)} 学时"
    if figures.reasons:
        parts = ["、".join(SERVICE[code][0] for code in figures.reasons if code in SERVICE), f"在职 {figures.served} 个月"]
        if figures.exempt:
            parts.append(f"{'、'.join(_exemptions(figures, 0))}减免 {figures.exempt} 个月")
        parts.append(f"{shown(figures.base)}×{figures.months}÷12")
        owed += f"（{'，'.join(part for part in parts if part)}）"
    ending = f"尚缺 {shown(figures.missing)} 学时" if figures.missing else "已达标"
    return f"{figures.year} 年{owed}，有效 {shown(figures.valid)} 学时（{_parts(figures, 0)}），{ending}。"


def in_english(figures: Figures) -> str:
    """The sum with its parts as one English sentence."""
    owed = f"{shown(figures.required)} hours required in {figures.year}"
    if figures.reasons:
        parts = [", ".join(SERVICE[code][1] for code in figures.reasons if code in SERVICE)]
        parts.append(f"{figures.served} months in service")
        if figures.exempt:
            parts.append(f"{figures.exempt} months exempt for {' and '.join(_exemptions(figures, 1))}")
        parts.append(f"{shown(figures.base)} x {figures.months} / 12")
        owed += f" ({', '.join(part for part in parts if part)})"
    ending = f"{shown(figures.missing)} missing" if figures.missing else "met"
    return f"{owed}, {shown(figures.valid)} valid ({_parts(figures, 1)}): {ending}."


def _exemptions(figures: Figures, language: int) -> list[str]:
    """Names of the exemptions, each once; a code without a title stands for itself."""
    codes = dict.fromkeys(code for code in figures.reasons if code not in SERVICE)
    return [figures.titles.get(code, (code, code))[language] for code in codes]


def _parts(figures: Figures, language: int) -> str:
    """Hours by category and what was carried over; categories that do not count are marked."""
    apart = ("（不计入）", " (not counted)")[language]
    parts = [
        f"{NAMES[name][language]} {shown(figures.by_category[name])}{'' if name in figures.counted else apart}"
        for name in NAMES
        if name in figures.counted or figures.by_category[name]
    ]
    if figures.carried:
        parts.append(f"{('上年结转', 'carried over')[language]} {shown(figures.carried)}")
    return ("，", ", ")[language].join(parts)


@dataclass(frozen=True, slots=True)
class SumsChecked:
    """Officer-years compared with the ledger so far; the first officer that differs, and where to go on (None: done)."""

    checked: int
    first_bad: UUID | None
    goes_on_behind: UUID | None

    def and_then(self, following: SumsChecked) -> SumsChecked:
        """After some more officers."""
        return SumsChecked(self.checked + following.checked, following.first_bad, following.goes_on_behind)
