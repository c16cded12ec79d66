"""What is sealed of exemptions, for sealing it anew when the keys change."""

from __future__ import annotations

from typing import Final

from services.kit import rotation
from services.training_api.exemptions.actions import SEALED_FOR

SEALED: Final = rotation.Table("training.exemptions", {"ground": SEALED_FOR})
