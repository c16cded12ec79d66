"""The watch over the problem list."""

from __future__ import annotations

from typing import Final

from services.tasks_api.problems import actions
from services.tasks_api.watched_items import jobs

STEP: Final = jobs.step(actions.sweep)
