"""What the rows of the rights tables are made of: a role and how far it reaches; joined with `|` into the grants of a row."""

from __future__ import annotations

from typing import Final

from services.kit.principal import Role, Scope

Granted = dict[Role, Scope]

BUREAU: Final[Granted] = {Role.BUREAU: Scope.DISTRICT}
GOVERNMENT: Final[Granted] = {Role.GOVERNMENT: Scope.DISTRICT}
# The provincial platform keeps its own copy of the whole district.
PLATFORM: Final[Granted] = {Role.PLATFORM: Scope.DISTRICT}
LEADERS: Final[Granted] = {Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW}
UNITS: Final[Granted] = LEADERS | {Role.UNIT_MEMBER: Scope.UNIT}
REVIEWERS: Final[Granted] = {Role.REVIEWER: Scope.ASSIGNED}
BUREAU_AND_LEADERS: Final[Granted] = BUREAU | LEADERS
BUREAU_AND_UNITS: Final[Granted] = BUREAU | UNITS
# What units may read of each other.
DISTRICT_READERS: Final[Granted] = dict.fromkeys(
    (Role.BUREAU, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.PLATFORM), Scope.DISTRICT
)
