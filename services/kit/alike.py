"""The same done to many objects: their audit rows and messages, told by what they have in common and written together.

A sweep or a job that does one thing to hundreds of objects would spend more on telling it row by row than on doing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from pydantic_core import to_json

from services.kit import audit, ids, outbox
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.rights import Right


class Told(NamedTuple):
    """One of the objects: where it belongs, its version, and as JSON what the audit row says of it and what the message does."""

    object_id: UUID
    district_id: UUID | None
    unit_id: UUID | None
    version: int
    after: str
    data: str


def tell(session: Session, who: Principal, kind: str, object_type: str, right: Right, told: Sequence[Told]) -> None:
    """Adds an audit row and a message (`assignment.escalated`) for each, written with the transaction's commit, before what
    is told one by one. Values must hold no personal data in clear.
    """
    if told:
        shared = audit.alike(session, who, kind, object_type), outbox.alike(session, kind, object_type, 1, right)
        columns = [list(column) for column in zip(*told, strict=True)]
        made = [[ids.new_id() for _ in told] for _ in shared]
        session.info.setdefault("alike", []).append((*shared, *columns, *made))


def text(values: Mapping[str, Any]) -> str:
    """Values as JSON; ids and days as their text."""
    return to_json(dict(values)).decode()
