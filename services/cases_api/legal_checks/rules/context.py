"""What a rule is given beside the case: the working-day calendar and the settings in force. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from services.cases_api.legal_settings.rules import Settings
from services.kit.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Context:
    """Calendar and settings of a district."""

    calendar: Calendar
    settings: Settings
