"""The watch over complaints, and what is sealed of them, for sealing it anew when the keys change."""

from __future__ import annotations

from typing import Final

from services.kit import rotation
from services.tasks_api.complaints import actions
from services.tasks_api.complaints.actions import SEALED_FOR
from services.tasks_api.watched_items import jobs

STEP: Final = jobs.step(actions.sweep)
SEALED: Final = rotation.Table("tasks.complaints", {"complainant": SEALED_FOR})
