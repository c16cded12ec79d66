"""Who may do what with exemptions: each role and each operation, on the own unit, beside it and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.kit.principal import Role
from tests.factories.training import World, made

VERBS = ("read", "change", "approve", "refuse", "withdraw", "end", "revoke", "ground-disclosure")
ALL = dict.fromkeys(VERBS, 200)
UNSEEN = dict.fromkeys(VERBS, 404)
FORBIDDEN = dict.fromkeys(VERBS, 403)
UNIT = {"approve": 403, "refuse": 403, "revoke": 403}
MEMBER = UNIT | {"end": 403, "ground-disclosure": 403}

TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", ALL),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", UNSEEN),
    "manager": (Role.UNIT_MANAGER, "town", ALL | UNIT),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", UNSEEN | UNIT),
    "member": (Role.UNIT_MEMBER, "town", ALL | MEMBER),
    "member_below": (Role.UNIT_MEMBER, "town_branch", UNSEEN | MEMBER),
    "platform": (Role.PLATFORM, "district", FORBIDDEN),
    "government": (Role.GOVERNMENT, "district", FORBIDDEN),
    "reviewer": (Role.REVIEWER, "town", FORBIDDEN),
    "system_admin": (Role.SYSTEM_ADMIN, "", FORBIDDEN),
    "auditor": (Role.AUDITOR, "", FORBIDDEN),
}
BODIES: Mapping[str, dict[str, Any]] = {
    "change": {"to_on": "2024-09-30"},
    "refuse": {"reason": "材料不全"},
    "end": {"on": "2024-07-31", "reason": "返岗"},
    "revoke": {"reason": "不实"},
    "ground-disclosure": {"reason": "核对"},
}


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    found = {}
    for verb in expected:
        officer = await world.officer()
        facts = {"officer_id": officer["id"], "reason": "seconded", "from_on": "2024-03-01", "to_on": "2024-08-31"}
        path = f"/v1/exemptions/{made(await world.manager.post('/v1/exemptions', json=facts | {'ground': '虚构'}))['id']}"
        version = 1
        if verb in {"end", "revoke"}:
            version = (await world.bureau.post(f"{path}/approve", version=1)).json()["version"]
        method = {"read": "GET", "change": "PATCH"}.get(verb, "POST")
        rest = "" if method != "POST" else f"/{verb}"
        found[verb] = (await caller.request(method, path + rest, version=version, json=BODIES.get(verb))).status_code
    assert found == dict(expected)
