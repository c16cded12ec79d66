"""The places of the statements that measure obligations, and of those that list the records behind them."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Date, Integer, Uuid
from sqlalchemy.types import TypeEngine

PLACES: Final[dict[str, TypeEngine[Any]]] = {
    "who_district_id": Uuid(),
    "owed_year": Integer(),
    "first_day": Date(),
    "last_day": Date(),
    "today": Date(),
    "summary_months": Integer(),
    "report_months": Integer(),
    "years_before": Integer(),
    "publicity_days": Integer(),
}
