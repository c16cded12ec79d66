"""Every table of the service, for migrations: one import line per feature that has tables."""

from __future__ import annotations

from services.directory_api import base
from services.directory_api.units import tables as _units  # noqa: F401  # imported for its tables

METADATA = base.Base.metadata
