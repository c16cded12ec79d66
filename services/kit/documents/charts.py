"""Charts as SVG: bars, shares and lines, drawn from numbers. Text is escaped and the same numbers give the same bytes. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.sax.saxutils import escape, quoteattr

FONT: Final = "Noto Sans CJK JP, Noto Sans CJK SC, Microsoft YaHei, SimHei, sans-serif"
WIDTH: Final = 620.0
ROW: Final = 24.0
TOP: Final = 34.0
LABEL: Final = 150.0
RIGHT: Final = 70.0
SIGN: Final = 12.0
# Told apart in print without colour as well: they darken evenly.
COLOURS: Final = ("#1f4e79", "#4f8fc0", "#e3a02b", "#a61c1c", "#7f7f7f", "#6a994e")


@dataclass(frozen=True, slots=True)
class Series:
    """A row of numbers under one name; a missing number is left out."""

    name: str
    values: Sequence[float | None]


def bars(categories: Sequence[str], series: Sequence[Series], unit: str = "") -> str:
    """Horizontal bars, those of a category together, each with its number. The scale begins at nought."""
    most = max((value for each in series for value in each.values if value is not None), default=0) or 1
    thick = max(11.0, (ROW - 6) / max(len(series), 1))
    height = thick * len(series) + 8
    parts: list[str] = []
    for place, name in enumerate(categories):
        top = TOP + place * height
        parts.append(_label(LABEL - 8, top + (height - 8) / 2 + 4, name))
        for turn, each in enumerate(series):
            value = each.values[place]
            if value is not None:
                parts += _bar(top + turn * thick, thick - 1.5, value, value / most, COLOURS[turn % len(COLOURS)], unit)
    bottom = TOP + len(categories) * height
    return _drawing(bottom + 8, [*_legend([each.name for each in series]), *parts, _axis(bottom)])


def shares(categories: Sequence[str], series: Sequence[Series]) -> str:
    """Each category as a whole of 100 %, cut into the shares of the series; a category without any is drawn empty."""
    parts: list[str] = []
    for place, name in enumerate(categories):
        top = TOP + place * ROW
        parts.append(_label(LABEL - 8, top + ROW / 2 + 1, name))
        parts += _cut(top, [each.values[place] or 0 for each in series])
    bottom = TOP + len(categories) * ROW
    return _drawing(bottom + 8, [*_legend([each.name for each in series]), *parts, _axis(bottom)])


def lines(points: Sequence[str], series: Sequence[Series], unit: str = "") -> str:
    """Lines over points in time; the scale begins at nought."""
    most = max((value for each in series for value in each.values if value is not None), default=0) or 1
    left, bottom, right = 60.0, 250.0, WIDTH - 30
    step = (right - left) / max(len(points) - 1, 1)
    parts = [
        _text(left + place * step, bottom + 18, name, "middle") for place, name in enumerate(points)
    ] + [*_rules(left, right, bottom, most, unit)]  # fmt: skip
    for turn, each in enumerate(series):
        there = [
            (left + place * step, bottom - (bottom - TOP - 10) * value / most, value)
            for place, value in enumerate(each.values)
            if value is not None
        ]
        parts += _line(there, COLOURS[turn % len(COLOURS)])
    return _drawing(bottom + 30, [*_legend([each.name for each in series]), *parts])


def shown(value: float) -> str:
    """A number as charts write it: at most one place after the point, and none without need."""
    return f"{value:.1f}".removesuffix(".0")


def _bar(top: float, thick: float, value: float, share: float, colour: str, unit: str) -> Iterator[str]:
    long = (WIDTH - LABEL - RIGHT) * max(share, 0)
    yield f'<rect x="{LABEL:.1f}" y="{top:.1f}" width="{long:.1f}" height="{thick:.1f}" fill="{colour}"/>'
    yield _text(LABEL + long + 4, top + thick / 2 + 3.5, shown(value) + unit, "start", 10)


def _cut(top: float, values: Sequence[float]) -> Iterator[str]:
    whole, x = sum(values), LABEL
    room = WIDTH - LABEL - RIGHT
    if not whole:
        yield f'<rect x="{LABEL:.1f}" y="{top + 3:.1f}" width="{room:.1f}" height="{ROW - 8:.1f}" fill="none" stroke="#bfbfbf"/>'
        return
    for turn, value in enumerate(values):
        long, colour = room * value / whole, COLOURS[turn % len(COLOURS)]
        yield f'<rect x="{x:.1f}" y="{top + 3:.1f}" width="{long:.1f}" height="{ROW - 8:.1f}" fill="{colour}"/>'
        if long > 34:
            yield _text(x + long / 2, top + ROW / 2 + 2.5, f"{shown(100 * value / whole)}%", "middle", 10, "#ffffff")
        x += long
    yield _text(x + 4, top + ROW / 2 + 2.5, f"n={shown(whole)}", "start", 10)


def _rules(left: float, right: float, bottom: float, most: float, unit: str) -> Iterator[str]:
    for quarter in range(5):
        y = bottom - (bottom - TOP - 10) * quarter / 4
        yield f'<line x1="{left:.1f}" y1="{y:.1f}" x2="{right:.1f}" y2="{y:.1f}" stroke="#d9d9d9"/>'
        yield _text(left - 6, y + 4, shown(most * quarter / 4) + unit, "end", 10)


def _line(there: Sequence[tuple[float, float, float]], colour: str) -> Iterator[str]:
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y, _ in there)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y, value in there:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
        yield _text(x, y - 7, shown(value), "middle", 10)


def _axis(bottom: float) -> str:
    return f'<line x1="{LABEL:.1f}" y1="{TOP - 4:.1f}" x2="{LABEL:.1f}" y2="{bottom:.1f}" stroke="#404040"/>'


def _legend(names: Sequence[str]) -> Iterator[str]:
    x = LABEL
    for turn, name in enumerate(names):
        yield f'<rect x="{x:.1f}" y="8" width="12" height="12" fill="{COLOURS[turn % len(COLOURS)]}"/>'
        yield _text(x + 17, 18, name, "start")
        x += 34 + SIGN * _width(name)


def _label(x: float, y: float, name: str) -> str:
    """A name beside its bars, cut where there is no room for all of it."""
    kept = name
    while _width(kept) * SIGN > LABEL - 10:
        kept = kept[:-1]
    return _text(x, y, kept if kept == name else kept[:-1] + "…", "end")


def _width(text: str) -> float:
    return sum(1.0 if ord(sign) > 0x2E7F else 0.6 for sign in text)


def _text(x: float, y: float, text: str, anchor: str, size: float = SIGN, colour: str = "#262626") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-size="{size:g}" fill="{colour}"'
    return f'<text {place} font-family={quoteattr(FONT)} xml:lang="zh-Hans-CN">{escape(text)}</text>'


def _drawing(height: float, parts: Sequence[str]) -> str:
    size = f'width="{WIDTH:.0f}" height="{height:.0f}" viewBox="0 0 {WIDTH:.0f} {height:.0f}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(parts)}</svg>'
