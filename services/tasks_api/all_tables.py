"""Every table of the service, for migrations: one import line per feature that has tables."""

from __future__ import annotations

from services.tasks_api import base

METADATA = base.Base.metadata
