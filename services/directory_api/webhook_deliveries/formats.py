"""A message as it goes out (Standard Webhooks): thin body, and headers with one signature for each secret in force."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import standardwebhooks

from services.directory_api.webhook_deliveries import rules

MEDIA_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Message:
    """What a delivery tells: identity, kind and place of a change, nothing of the object itself."""

    id: UUID
    kind: str
    recorded_at: str
    sequence: int | None = None
    service: str | None = None
    object_type: str | None = None
    object_id: UUID | None = None
    version: int | None = None
    unit_id: UUID | None = None

    def body(self, public_url: str) -> str:
        """The same bytes at every attempt. `change_url` is where the feed tells the same, as far as one may see it."""
        data: dict[str, Any] = {"sequence": self.sequence, "service": self.service, "object_type": self.object_type}
        data |= {"object_id": _text(self.object_id), "version": self.version, "unit_id": _text(self.unit_id)}
        if self.sequence is not None:
            data["change_url"] = f"{public_url}/v1/changes?after={self.sequence - 1}&limit=1"
        known = {name: value for name, value in data.items() if value is not None}
        return json.dumps({"type": self.kind, "timestamp": self.recorded_at, "data": known}, ensure_ascii=False)

    @property
    def webhook_id(self) -> str:
        """What receivers know a repeat by."""
        return f"msg_{self.id.hex}"


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None


def test_message(message_id: UUID, recorded_at: str) -> Message:
    """A message that says only that messages arrive."""
    return Message(message_id, rules.TEST, recorded_at)


def headers(message: Message, body: str, secrets: Sequence[str], now: datetime) -> dict[str, str]:
    """Id, time and signatures, the newest secret's first."""
    signatures = [standardwebhooks.Webhook(secret).sign(message.webhook_id, now, body) for secret in secrets]
    return {
        "webhook-id": message.webhook_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(signatures),
        "Content-Type": MEDIA_TYPE,
    }
