"""What a rule is given beside the case: the working-day calendar and the settings in force. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from services.cases_api.legal_settings.rules import Setting, Settings
from services.kit.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Context:
    """Calendar and settings of a district. `basis` is equal for equal ones, and differs from release to release."""

    calendar: Calendar
    settings: Settings
    basis: str = ""


@lru_cache(maxsize=32)
def context_of(calendar: str, settings: str, release: str) -> Context:
    """The context these texts stand for: years as `2025:0111…`, settings as a JSON list of objects. Made once per text."""
    basis = hashlib.sha256(f"{release}\n{calendar}\n{settings}".encode()).hexdigest()
    return Context(Calendar(_days(calendar)), Settings(map(_setting, json.loads(settings))), basis)


def _days(text: str) -> dict[date, bool]:
    found: dict[date, bool] = {}
    for year, _, signs in (part.partition(":") for part in text.split()):
        first = date(int(year), 1, 1)
        found |= {first + timedelta(days=place): sign == "1" for place, sign in enumerate(signs)}
    return found


def _setting(facts: dict[str, object]) -> Setting:
    days = {name: date.fromisoformat(str(facts[name])) for name in ("valid_from", "valid_to") if facts.get(name)}
    return Setting(**{**facts, **days})  # type: ignore[arg-type]  # named by the query as the class names them
