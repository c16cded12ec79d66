"""The audit trail: who did what to which object, with old and new values, in the same transaction as the change."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit import errors, ids
from services.kit.db import Session
from services.kit.principal import Principal


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known of the request at hand; stands in `session.info` and enters each audit row and message."""

    service: str
    now: datetime
    trace_id: str
    reason: str | None = None
    address: str | None = None
    who: Principal | None = None


def circumstances(session: Session) -> Circumstances:
    """The circumstances of the transaction at hand."""
    found: Circumstances = session.info["circumstances"]
    return found


def record(
    session: Session,
    who: Principal | None,
    action: str,
    object_type: str,
    object_id: UUID | None,
    district_id: UUID | None = None,
    unit_id: UUID | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    result: str = "done",
    reason: str | None = None,
    actor_name: str = "",
) -> None:
    """Adds one row, written with the transaction's commit. Values must hold no personal data in clear.

    `result` is `done` or `refused` (a failed sign-in). `reason` is the change's own; `X-Change-Reason` otherwise.
    """
    known = circumstances(session)
    session.info.setdefault("audit", []).append(
        {
            "id": ids.new_id(),
            "recorded_at": known.now.isoformat(),
            "service": known.service,
            "actor_id": who.account_id if who else None,
            "actor_name": who.name if who else actor_name,
            "action": action,
            "object_type": object_type,
            "object_id": object_id,
            "district_id": district_id,
            "unit_id": unit_id,
            "result": result,
            "before": before,
            "after": after,
            "reason": reason or known.reason,
            "trace_id": known.trace_id,
            "address": known.address,
        }
    )


def alike(session: Session, who: Principal, action: str, object_type: str) -> str:
    """What audit rows of many objects have in common, as JSON for `kit.record_alike`."""
    known = circumstances(session)
    shared = {
        "recorded_at": known.now.isoformat(),
        "service": known.service,
        "actor_id": str(who.account_id),
        "actor_name": who.name,
        "action": action,
        "object_type": object_type,
        "result": "done",
        "reason": known.reason,
        "trace_id": known.trace_id,
        "address": known.address,
    }
    return json.dumps(shared, ensure_ascii=False)


def demanded_reason(session: Session) -> str:
    """`X-Change-Reason` of the request at hand, for changes that need one; BadInput when it is missing."""
    reason = circumstances(session).reason
    if reason is None:
        raise errors.BadInput(errors.Fault("/header/x-change-reason", "missing"))
    return reason


def is_told(session: Session) -> bool:
    """Whether the transaction holds an audit row, or a feature said that nothing changed."""
    return any(session.info.get(name) for name in ("audit", "alike", "nothing_changed"))


def nothing_changed(session: Session) -> None:
    """Says that this write changed nothing (a batch whose every item was refused), so no row is owed."""
    session.info["nothing_changed"] = True


def forget_if_nothing_changed(session: Session) -> None:
    """Drops the rows and messages of a change that was none: nothing was written, and no row tells of a difference."""
    told = session.info.get("audit", [])
    if session.info.get("wrote") or any(row["before"] is not None and row["before"] != row["after"] for row in told):
        return
    session.info["audit"], session.info["outbox"] = [], []
    nothing_changed(session)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Old and new values of the fields that differ."""
    names = [name for name in after if before.get(name) != after[name]]
    return {name: before.get(name) for name in names}, {name: after[name] for name in names}
