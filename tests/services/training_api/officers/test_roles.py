"""Who may do what with officers: each role and each operation, on the own unit, below it, beside it and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.kit.principal import Role
from tests.factories.training import World

READS: Mapping[str, int] = {"read": 200, "search": 200}
WRITES: Mapping[str, int] = {"change": 200}
LEADS: Mapping[str, int] = {"transfer": 200, "reclassify": 200, "leave": 200}
ALL = {**READS, **WRITES, **LEADS, "disclose": 200}
FORBIDDEN = dict.fromkeys(ALL, 403)
UNSEEN = {**dict.fromkeys(ALL, 404), "search": 200}
MEMBER = dict.fromkeys((*LEADS, "disclose"), 403)

# Role and unit of the caller → what comes of each operation on an officer of the town.
TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", ALL),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", UNSEEN),
    "manager": (Role.UNIT_MANAGER, "town", ALL | {"transfer": 400}),
    "manager_below": (Role.UNIT_MANAGER, "town_branch", UNSEEN),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", UNSEEN),
    "member": (Role.UNIT_MEMBER, "town", ALL | MEMBER),
    "member_beside": (Role.UNIT_MEMBER, "other_town", UNSEEN | MEMBER),
    "platform": (Role.PLATFORM, "district", ALL | {"disclose": 403}),
    "platform_elsewhere": (Role.PLATFORM, "foreign_district", UNSEEN | {"disclose": 403}),
    "government": (Role.GOVERNMENT, "district", FORBIDDEN),
    "reviewer": (Role.REVIEWER, "town", FORBIDDEN),
    "system_admin": (Role.SYSTEM_ADMIN, "", FORBIDDEN),
    "auditor": (Role.AUDITOR, "", FORBIDDEN),
}


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    calls: Mapping[str, tuple[str, str, dict[str, Any] | None]] = {
        "read": ("GET", "", None),
        "change": ("PATCH", "", {"posts": ["新岗"]}),
        "transfer": ("POST", "/transfer", {"unit_id": str(world.place.other_town.id), "on": "2024-09-01"}),
        "reclassify": ("POST", "/reclassify", {"kind": "auxiliary", "on": "2024-09-01", "reason": "转岗"}),
        "leave": ("POST", "/leave", {"on": "2024-10-01", "reason": "退休"}),
        "disclose": ("POST", "/identity-disclosure", {"reason": "办证"}),
    }
    found = {}
    for operation in expected:
        if operation == "search":
            body = {"id_number": world.officer_in(world.place.town)["id_number"]}
            found[operation] = (await caller.post("/v1/officers/search", json=body)).status_code
            continue
        officer = await world.officer()
        method, rest, sent = calls[operation]
        answer = await caller.request(method, f"/v1/officers/{officer['id']}{rest}", version=1, json=sent)
        found[operation] = answer.status_code
    assert found == dict(expected)
