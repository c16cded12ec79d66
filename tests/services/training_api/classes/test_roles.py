"""Who may do what with a class of the town, by role and unit."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from services.kit.principal import Role
from tests.factories import classes
from tests.factories.training import World

OPERATIONS = ("read", "list_enrolments", "create", "enrol", "attend", "cancel", "post_hours")
# Of officers of the town; enrolling names people, so whoever does not see them is told that there are none (400).
WHOLE = {"read": 200, "list_enrolments": 200, "create": 201, "enrol": 200, "attend": 200, "cancel": 200, "post_hours": 200}
NOTHING = dict.fromkeys(OPERATIONS, 403)
BESIDE = {"read": 200, "list_enrolments": 200, "create": 400, "enrol": 400, "attend": 404, "cancel": 404, "post_hours": 404}
FOREIGN = {"read": 404, "list_enrolments": 200, "create": 400, "enrol": 404, "attend": 404, "cancel": 404, "post_hours": 404}
READING = NOTHING | {"read": 200, "list_enrolments": 200}
TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", WHOLE),
    "manager": (Role.UNIT_MANAGER, "town", WHOLE),
    "member": (Role.UNIT_MEMBER, "town", WHOLE | {"post_hours": 403}),
    "manager_below": (Role.UNIT_MANAGER, "town_branch", BESIDE),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", BESIDE),
    "member_beside": (Role.UNIT_MEMBER, "other_town", BESIDE | {"post_hours": 403}),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", FOREIGN),
    "manager_elsewhere": (Role.UNIT_MANAGER, "foreign_town", FOREIGN),
    "platform": (Role.PLATFORM, "district", READING),
    "government": (Role.GOVERNMENT, "district", NOTHING),
    "reviewer": (Role.REVIEWER, "town", NOTHING),
    "system_admin": (Role.SYSTEM_ADMIN, "", NOTHING),
    "auditor": (Role.AUDITOR, "", NOTHING),
}


@pytest.mark.parametrize("name", TABLE)
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    officer = await world.officer()
    kept, spent = await world.training_class(), await world.training_class()
    found = {
        "read": await caller.get(classes.path(kept)),
        "list_enrolments": await caller.get(classes.path(kept, "/enrolments")),
        "create": await caller.post("/v1/classes", json=classes.body(world)),
        "enrol": await classes.enrol(caller, kept, officer),
        "attend": await classes.attend(caller, kept, officer),
        "cancel": await caller.post(classes.path(spent, "/cancel"), json=classes.REASON, version=1),
        "post_hours": await caller.post(classes.path(kept, "/post-hours")),
    }
    assert {operation: answer.status_code for operation, answer in found.items()} == expected


async def test_without_a_token_there_is_nothing(world: World) -> None:
    held = await world.training_class()
    for method, rest in (
        ("GET", ""),
        ("POST", "/cancel"),
        ("POST", "/enrolments"),
        ("POST", "/attendance"),
        ("POST", "/post-hours"),
    ):
        assert (await world.client.request(method, classes.path(held, rest))).status_code == 401
