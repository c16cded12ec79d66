"""What a check of a chain comes to. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

INSERTED: Final = "inserted"
REWRITTEN: Final = "head"
# What a signed head is, beside other things the key may come to sign.
HEAD_TYPE: Final = "zhifa-ledger-head"


@dataclass(frozen=True, slots=True)
class Fault:
    """The first row that does not hold: what happened to it, which entry it is, and its place where it has one."""

    kind: str
    entry_id: UUID | None
    at_sequence: int | None


@dataclass(frozen=True, slots=True)
class Checked:
    """How far a check has come: through the links, then through the entries, then through the signed heads.

    `reached` and `entries_reached` are the last places looked at, `waiting` counts rows not sealed yet.
    """

    links: int = 0
    reached: int | None = None
    entries_reached: UUID | None = None
    waiting: int = 0
    fault: Fault | None = None
    has_links: bool = False
    has_entries: bool = False
    is_over: bool = False

    def with_links(self, checked: int, reached: int | None, fault: Fault | None, *, is_last: bool) -> Checked:
        """After some more links; a fault ends the search among them."""
        place = self.reached if reached is None else reached
        return replace(self, links=self.links + checked, reached=place, fault=fault, has_links=is_last or fault is not None)

    def with_rows_outside(self, waiting: int, fault: Fault | None, reached: UUID | None, *, is_last: bool) -> Checked:
        """After some more entries, each looked for in the chain; a fault inside the chain is named first."""
        ends = is_last or self.fault is not None or fault is not None
        return replace(self, waiting=waiting, fault=self.fault or fault, entries_reached=reached, has_entries=ends)

    def with_heads(self, fault: Fault | None) -> Checked:
        """After comparing the signed heads: they tell of a chain rewritten as a whole, which has no broken link of its own."""
        return replace(self, fault=self.fault or fault, is_over=True)

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
