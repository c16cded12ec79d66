"""Who may do what with completion certificates: each role and each operation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.kit.principal import Role
from tests.factories.training import World, made

PATH = "/v1/completion-certificates"
VERBS = ("list", "read", "pdf", "issue", "reissue", "withdraw")
READS = {"list": 1, "read": 200, "pdf": 200}
UNSEEN = {"list": 0, "read": 404, "pdf": 404}
ALL = READS | {"issue": 201, "reissue": 201, "withdraw": 200}
NO_ISSUE = dict.fromkeys(("issue", "reissue", "withdraw"), 403)
FORBIDDEN = dict.fromkeys(VERBS, 403)

# The class is the town's, the officer of the town.
TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", ALL),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", UNSEEN | {"issue": 400, "reissue": 404, "withdraw": 404}),
    "manager": (Role.UNIT_MANAGER, "town", ALL),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", UNSEEN | {"issue": 400, "reissue": 404, "withdraw": 404}),
    "member": (Role.UNIT_MEMBER, "town", READS | NO_ISSUE),
    "member_below": (Role.UNIT_MEMBER, "town_branch", UNSEEN | NO_ISSUE),
    "platform": (Role.PLATFORM, "district", READS | NO_ISSUE),
    "government": (Role.GOVERNMENT, "district", FORBIDDEN),
    "reviewer": (Role.REVIEWER, "town", FORBIDDEN),
    "system_admin": (Role.SYSTEM_ADMIN, "", FORBIDDEN),
    "auditor": (Role.AUDITOR, "", FORBIDDEN),
}


@pytest.fixture(scope="module")
async def held(world: World) -> dict[str, Any]:
    """A class of the town with two officers; the one has a certificate of it, the other may get one."""
    found = await world.training_class()
    first, second = await world.officer(), await world.officer()
    for officer in (first, second):
        await world.hours(officer, class_id=found["id"], category="skills", hours=8, occurred_on="2024-06-03")
    issued = made(await world.manager.post(PATH, json={"officer_id": first["id"], "class_id": found["id"]}))
    return {"class": found, "second": second, "issued": issued}


async def attempted(caller: Any, verb: str, held: dict[str, Any]) -> int:
    one = f"{PATH}/{held['issued']['id']}"
    if verb == "list":
        answer = await caller.get(PATH, params={"class_id": held["class"]["id"]})
        return len(answer.json()["items"]) if answer.status_code == 200 else int(answer.status_code)
    if verb in {"read", "pdf"}:
        return int((await caller.get(one if verb == "read" else f"{one}/pdf")).status_code)
    # Dry, so that what one role may do leaves the next the same.
    dry = {"dry_run": "true"}
    if verb == "issue":
        body = {"officer_id": held["second"]["id"], "class_id": held["class"]["id"]}
        return int((await caller.post(PATH, json=body, params=dry)).status_code)
    version = held["issued"]["version"]
    return int((await caller.post(f"{one}/{verb}", json={"reason": "更正"}, params=dry, version=version)).status_code)


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, held: dict[str, Any], name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    assert {verb: await attempted(caller, verb, held) for verb in VERBS} == dict(expected)


async def test_the_platform_reads_no_names(world: World, held: dict[str, Any]) -> None:
    found = (await world.caller(Role.PLATFORM).get(f"{PATH}/{held['issued']['id']}")).json()
    assert found["name"].startswith("演")
    assert set(found["name"][1:]) == {"*"}
