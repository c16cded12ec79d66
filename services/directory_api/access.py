"""The directory's rows of the rights table, and the typed aliases made from them."""

from __future__ import annotations

from typing import Annotated

from services.kit import rights
from services.kit.principal import Principal, Role, Scope

EVERYONE_IN_DISTRICT = {
    Role.BUREAU: Scope.DISTRICT,
    Role.GOVERNMENT: Scope.DISTRICT,
    Role.UNIT_MANAGER: Scope.DISTRICT,
    Role.UNIT_MEMBER: Scope.DISTRICT,
    Role.REVIEWER: Scope.DISTRICT,
    Role.PLATFORM: Scope.DISTRICT,
}

# Names and codes of units are public facts of a district: whoever works in it may read them all.
UNITS_READ = rights.right("units.read", {Role.SYSTEM_ADMIN: Scope.ALL} | EVERYONE_IN_DISTRICT)
MayReadUnits = Annotated[Principal, rights.may(UNITS_READ)]
UNITS_WRITE = rights.right("units.write", {Role.SYSTEM_ADMIN: Scope.ALL})
MayWriteUnits = Annotated[Principal, rights.may(UNITS_WRITE)]
