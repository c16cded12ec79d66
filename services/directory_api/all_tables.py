"""Every table of the service, for migrations: one import line per feature that has tables."""

from __future__ import annotations

from services.directory_api import base
from services.directory_api.accounts import tables as _accounts  # noqa: F401  # imported for its tables
from services.directory_api.attachments import tables as _attachments  # noqa: F401  # imported for its tables
from services.directory_api.clients import tables as _clients  # noqa: F401  # imported for its tables
from services.directory_api.sessions import tables as _sessions  # noqa: F401  # imported for its tables
from services.directory_api.unit_groups import tables as _unit_groups  # noqa: F401  # imported for its tables
from services.directory_api.units import tables as _units  # noqa: F401  # imported for its tables
from services.directory_api.webhook_deliveries import tables as _webhook_deliveries  # noqa: F401  # imported for its tables
from services.directory_api.webhook_endpoints import tables as _webhook_endpoints  # noqa: F401  # imported for its tables
from services.directory_api.working_days import tables as _working_days  # noqa: F401  # imported for its tables

METADATA = base.Base.metadata
