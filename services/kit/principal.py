"""Who is calling: roles, scopes and the principal a verified token stands for. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """The roles of the contract; what each may do stands in the services' rights tables."""

    SYSTEM_ADMIN = "system_admin"
    AUDITOR = "auditor"
    BUREAU = "bureau"
    GOVERNMENT = "government"
    UNIT_MANAGER = "unit_manager"
    UNIT_MEMBER = "unit_member"
    REVIEWER = "reviewer"
    PLATFORM = "platform"


class Scope(StrEnum):
    """How far a right reaches, from everything down to the caller's own account."""

    ALL = "all"
    DISTRICT = "district"
    UNIT_AND_BELOW = "unit_and_below"
    UNIT = "unit"
    ASSIGNED = "assigned"
    SELF = "self"


# Separation of duties (三权分立): these two exclude each other and every other role.
SOLITARY = frozenset({Role.SYSTEM_ADMIN, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Principal:
    """A verified caller. `scopes` holds what the rights table grants for the operation at hand."""

    account_id: UUID
    name: str
    roles: frozenset[Role]
    unit_id: UUID | None
    unit_path: tuple[UUID, ...]
    scopes: frozenset[Scope] = frozenset()

    @property
    def district_id(self) -> UUID | None:
        """First unit of the path: the district (区) the caller works for."""
        return self.unit_path[0] if self.unit_path else None

    def admitted(self, grants: Mapping[Role, Scope]) -> Principal | None:
        """The same caller with the scopes these grants give, or None when no role is granted."""
        scopes = frozenset(grants[role] for role in self.roles if role in grants)
        return replace(self, scopes=scopes) if scopes else None


def roles_conflict(roles: frozenset[Role]) -> bool:
    """Whether a set of roles breaks the separation of duties."""
    return bool(roles & SOLITARY) and len(roles) > 1
