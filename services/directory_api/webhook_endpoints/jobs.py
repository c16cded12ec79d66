"""What is sealed of endpoints, for sealing it anew when the keys change."""

from __future__ import annotations

from typing import Final

from services.directory_api.webhook_endpoints.actions import OBJECT, PURPOSE
from services.kit import rotation

SEALED: Final = rotation.Table(
    "directory.webhook_endpoints", {"secret": PURPOSE, "previous_secret": PURPOSE}, subject=f"{OBJECT}_secret"
)
