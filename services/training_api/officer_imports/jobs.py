"""Importing officers in the background."""

from __future__ import annotations

from services.kit import imports
from services.training_api.officer_imports import actions

TASK = imports.task(actions.WORK, actions.PATH)
