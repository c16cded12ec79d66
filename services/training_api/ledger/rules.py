"""What a check of the chain comes to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

INSERTED: Final = "inserted"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that does not hold: what happened to it, which entry it is, and its place where it has one."""

    kind: str
    entry_id: UUID | None
    at_sequence: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """How far a check has come. `reached` is the last place looked at, `waiting` counts rows not sealed yet."""

    links: int = 0
    reached: int | None = None
    waiting: int = 0
    fault: Fault | None = None
    is_over: bool = False

    def with_links(self, checked: int, reached: int | None, fault: Fault | None, *, is_last: bool) -> Checked:
        """After some more links; the last ones do not end the check, for rows outside the chain are looked for then."""
        place = self.reached if reached is None else reached
        return replace(self, links=self.links + checked, reached=place, fault=fault, is_over=is_last or fault is not None)

    def with_rows_outside(self, waiting: int, fault: Fault | None) -> Checked:
        """After looking for rows outside the chain; a fault inside it is named first."""
        return replace(self, waiting=waiting, fault=self.fault or fault)

    def told(self) -> dict[str, Any]:
        """The answer."""
        return {
            "checked": self.links,
            "waiting": self.waiting,
            "ok": self.fault is None,
            "first_bad": None if self.fault is None or self.fault.entry_id is None else str(self.fault.entry_id),
            "fault": self.fault.kind if self.fault else None,
            "at_sequence": self.fault.at_sequence if self.fault else None,
        }
