"""Every kind of register record of this service: each module here declares one as `KIND`. A new file is a new kind."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from typing import Final

from services.kit.registers.kinds import Kind


def _found() -> dict[str, Kind]:
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    kinds: list[Kind] = [importlib.import_module(f"{__name__}.{name}").KIND for name in names]
    return {kind.key: kind for kind in kinds}


# By key, which is also the segment of the path.
KINDS: Final[Mapping[str, Kind]] = _found()
