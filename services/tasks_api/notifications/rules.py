"""Rules of notifications. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from services.kit.principal import Role


class Kind(StrEnum):
    """What a message is about."""

    ASSIGNED = "assigned"
    RETURNED = "returned"
    ESCALATION = "escalation"
    REMINDER = "reminder"
    EXTENSION = "extension"
    NOTICE = "notice"
    CIRCULAR = "circular"
    MISSING_REPORT = "missing_report"
    COMPLAINT = "complaint"
    PROBLEM = "problem"
    INSPECTION = "inspection"


LEADERS: Final = (Role.UNIT_MANAGER,)
STAFF: Final = (Role.UNIT_MANAGER, Role.UNIT_MEMBER)
BUREAU: Final = (Role.BUREAU,)


@dataclass(frozen=True, slots=True)
class Message:
    """What is told, and to whom: the people of these roles in a unit, or in the whole district without one."""

    kind: Kind
    district_id: UUID
    unit_id: UUID | None
    roles: Sequence[Role]
    title: str
    text: str
    object_type: str
    object_id: UUID | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
