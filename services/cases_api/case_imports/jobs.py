"""Importing past files in the background."""

from __future__ import annotations

from services.cases_api.case_imports import actions
from services.kit import imports

TASK = imports.task(actions.WORK, actions.PATH)
