"""What is sealed of officers, for sealing it anew when the keys change."""

from __future__ import annotations

from typing import Final

from services.kit import rotation
from services.training_api.officers.actions import SEALED_FOR

SEALED: Final = rotation.Table(
    "training.officers",
    {"id_number": SEALED_FOR},
    index=("id_index", lambda officer: (str(officer["id_number"]), SEALED_FOR)),
)
