"""The rights table: operation → role → scope. One row per operation, from which checks, filters and documents are made.

A service's `access.py` holds its rows: `READ = rights.right("assignments.read", {...})` and the typed alias
`MayRead = Annotated[Principal, rights.may(READ)]`. The principal a handler receives carries the scopes its roles are
granted for that operation, so a query filters by them without naming the operation again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Depends, Request

from services.kit import errors
from services.kit.principal import Principal, Role, Scope


@dataclass(frozen=True, slots=True)
class Right:
    """One row of the table."""

    operation: str
    grants: Mapping[Role, Scope]

    def admit(self, who: Principal) -> Principal:
        """The caller with the scopes granted here; Forbidden when no role of the caller is granted."""
        admitted = who.admitted(self.grants)
        if admitted is None:
            raise errors.Forbidden
        return admitted


def right(operation: str, grants: Mapping[Role, Scope]) -> Right:
    """A row of the table; the operation's name is `<things>.<verb>`."""
    if "." not in operation or not grants:
        raise ValueError(f"not a row of the rights table: {operation}")
    return Right(operation, grants)


class Admission:
    """The dependency behind `may()`: found by the documents and tests that walk the routes."""

    def __init__(self, granted: Right) -> None:
        self.right = granted

    async def __call__(self, request: Request) -> Principal:
        return self.right.admit(request.state.principal)


def may(granted: Right) -> Any:
    """Marks a handler's parameter as the caller admitted for this right."""
    return Depends(Admission(granted))


def right_of(dependant: Any) -> Right | None:
    """The right a route asks for, found among its dependencies."""
    for dependency in dependant.dependencies:
        call: Callable[..., Any] | None = dependency.call
        if isinstance(call, Admission):
            return call.right
        if (found := right_of(dependency)) is not None:
            return found
    return None


def covers(who: Principal, unit_path: Sequence[UUID]) -> bool:
    """Whether the scopes granted reach the unit at the end of this path (district first). Pure."""
    if Scope.ALL in who.scopes:
        return True
    if not unit_path or not who.unit_path:
        return False
    return (
        (Scope.DISTRICT in who.scopes and unit_path[0] == who.district_id)
        or (Scope.UNIT_AND_BELOW in who.scopes and who.unit_id in unit_path)
        or (Scope.UNIT in who.scopes and unit_path[-1] == who.unit_id)
    )
