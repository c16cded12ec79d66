"""What a table of a report declares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from services.tasks_api.reports.rules import Form

Columns = tuple[tuple[str, Form], ...]
UNIT: Final = ("单位", Form.TEXT)


class Source(NamedTuple):
    """A table and where its rows come from. `annual` tables are those of the yearly statistics, left out of quarterly reports."""

    code: str
    caption: str
    columns: Sequence[tuple[str, Form]]
    sql: str
    annual: bool = False


def numbers(*titles: str) -> Columns:
    """Columns of whole numbers."""
    return tuple((title, Form.NUMBER) for title in titles)


def texts(*titles: str) -> Columns:
    """Columns of words."""
    return tuple((title, Form.TEXT) for title in titles)


def share(title: str) -> Columns:
    """A column of shares in hundredths of a per cent."""
    return ((title, Form.SHARE),)


def money(*titles: str) -> Columns:
    """Columns of amounts in fen."""
    return tuple((title, Form.MONEY) for title in titles)


def hundredths(title: str) -> Columns:
    """A column of numbers with two places, kept as whole hundredths."""
    return ((title, Form.HUNDREDTHS),)
