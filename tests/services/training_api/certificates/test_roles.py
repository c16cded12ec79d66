"""Who may do what with certificates: each role and each operation, on the own unit, beside it and elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from services.kit.principal import Role
from tests.factories import personnel
from tests.factories.training import World, made

PATH = "/v1/certificates"
ISSUED = ("read", "change", "suspend", "cancel", "revoke")
APPLIED = ("apply", "issue", "withdraw")
DECIDES = dict.fromkeys(("change", "issue", "suspend", "cancel", "revoke"), 403)
ALL = dict.fromkeys((*ISSUED, *APPLIED), 200) | {"apply": 201}
UNSEEN = dict.fromkeys((*ISSUED, *APPLIED), 404) | {"apply": 400}
FORBIDDEN = dict.fromkeys((*ISSUED, *APPLIED), 403)

TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "bureau": (Role.BUREAU, "bureau", ALL),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", UNSEEN),
    "manager": (Role.UNIT_MANAGER, "town", ALL | DECIDES),
    "manager_beside": (Role.UNIT_MANAGER, "other_town", UNSEEN | DECIDES),
    "member": (Role.UNIT_MEMBER, "town", ALL | DECIDES),
    "member_below": (Role.UNIT_MEMBER, "town_branch", UNSEEN | DECIDES),
    "platform": (Role.PLATFORM, "district", ALL | {"apply": 403, "withdraw": 403}),
    "platform_elsewhere": (Role.PLATFORM, "foreign_district", UNSEEN | {"apply": 403, "withdraw": 403}),
    "government": (Role.GOVERNMENT, "district", FORBIDDEN),
    "reviewer": (Role.REVIEWER, "town", FORBIDDEN),
    "system_admin": (Role.SYSTEM_ADMIN, "", FORBIDDEN),
    "auditor": (Role.AUDITOR, "", FORBIDDEN),
}
BODIES: Mapping[str, dict[str, Any]] = {
    "change": {"valid_to": "2027-12-31"},
    "issue": {"number": "", "valid_from": "2024-10-01"},
    "withdraw": {"reason": "重复"},
    "suspend": {"on": "2024-10-01", "reason": "调查"},
    "cancel": {"on": "2024-10-01", "reason": "调离"},
    "revoke": {"on": "2024-10-01", "reason": "违法"},
}


async def attempted(world: World, caller: Any, operation: str, officer: dict[str, Any]) -> int:
    if operation == "apply":
        return int((await caller.post(PATH, json={"officer_id": officer["id"]})).status_code)
    if operation in ISSUED:
        certificate = await personnel.certificate(world, officer)
    else:
        certificate = made(await world.manager.post(PATH, json={"officer_id": officer["id"]}))
    body = BODIES.get(operation, {}) | ({"number": str(next(personnel.NUMBERS))} if operation == "issue" else {})
    method = {"read": "GET", "change": "PATCH"}.get(operation, "POST")
    rest = f"/{operation}" if method == "POST" else ""
    answer = await caller.request(method, f"{PATH}/{certificate['id']}{rest}", version=1, json=body or None)
    return int(answer.status_code)


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    caller = world.caller(role, getattr(world.place, home) if home else None)
    officers = [await world.officer() for _ in expected]
    await personnel.passed(world, *officers)
    found = {verb: await attempted(world, caller, verb, officer) for verb, officer in zip(expected, officers, strict=True)}
    assert found == dict(expected)
