"""The head of a hash chain, told and signed for others to keep: what is kept outside cannot be cut off unseen. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Protocol
from uuid import UUID


class Signer(Protocol):
    """What signs facts (`services.kit.signatures.Seal`)."""

    def sign(self, facts: dict[str, Any]) -> str: ...


@dataclass(frozen=True, slots=True)
class Head:
    """A link of a chain: the newest now, when a day was over, or the one asked for. A chain for all has no district."""

    district_id: UUID | None
    sequence: int
    chain_hash: bytes | None
    sealed_at: datetime | None
    signed_at: datetime
    day: date | None = None

    def told(self) -> dict[str, Any]:
        """What is answered and what is signed, to the letter."""
        told = {
            "sequence": self.sequence,
            "chain_hash": self.chain_hash.hex() if self.chain_hash is not None else None,
            "sealed_at": _moment(self.sealed_at) if self.sealed_at else None,
            "signed_at": _moment(self.signed_at),
        }
        place = {"district_id": str(self.district_id)} if self.district_id else {}
        return place | told | ({"day": self.day.isoformat()} if self.day else {})

    def signed(self, seal: Signer) -> str:
        """The head with its signature, as JSON text."""
        told = self.told()
        return json.dumps(told | {"signature": seal.sign(told)})


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
