"""Messages written with the change that caused them; numbered behind the commit they are `GET /v1/changes`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from services.kit import audit, ids
from services.kit.db import Session
from services.kit.rights import Right


def audience_of(right: Right) -> dict[str, str]:
    """Who may read, as stored beside a message: role → scope of the object's read right."""
    return {role.value: scope.value for role, scope in right.grants.items()}


def publish(
    session: Session,
    kind: str,
    object_type: str,
    object_id: UUID,
    version: int,
    right: Right,
    district_id: UUID | None = None,
    unit_id: UUID | None = None,
    *,
    account_ids: Sequence[UUID] = (),
    data: Mapping[str, Any] | None = None,
) -> None:
    """Adds a message (`assignment.submitted`) for all whom the object's read right reaches. `data` stays thin."""
    known = audit.circumstances(session)
    session.info.setdefault("outbox", []).append(
        {
            "id": ids.new_id(),
            "recorded_at": known.now.isoformat(),
            "service": known.service,
            "kind": kind,
            "object_type": object_type,
            "object_id": object_id,
            "version": version,
            "district_id": district_id,
            "unit_id": unit_id,
            "account_ids": list(account_ids),
            "audience": audience_of(right),
            "data": dict(data or {}),
        }
    )


def alike(session: Session, kind: str, object_type: str, version: int, right: Right) -> str:
    """What messages about many objects have in common, as JSON for `kit.record_alike`."""
    known = audit.circumstances(session)
    shared = {
        "recorded_at": known.now.isoformat(),
        "service": known.service,
        "kind": kind,
        "object_type": object_type,
        "version": version,
        "audience": audience_of(right),
        "data": {},
    }
    return json.dumps(shared)
