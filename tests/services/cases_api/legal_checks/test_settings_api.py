"""Settings over HTTP: delivered ones and the district's own, who may lay them down, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from services.cases_api.legal_settings import schemas
from services.kit.principal import Role
from tests.factories.cases import World

PATH = "/v1/legal-settings"
FINE: dict[str, Any] = {
    "topic": "hearing_fine",
    "case_kind": "penalty",
    "party_kind": "natural",
    "value": 300_000,
    "measure": "fen",
    "valid_from": "2025-01-01",
    "source": "示例区听证标准（虚构）",
}


async def test_delivered_settings_are_seen_by_all_and_changed_by_nobody(cases_world: World) -> None:
    listed = schemas.LegalSettingPage.model_validate_json(
        (await cases_world.member.get(PATH, params={"topic": "decision", "on": "2025-01-01", "limit": 200})).content
    )
    assert ("penalty", 90, "calendar_days") in [(item.case_kind, item.value, item.measure) for item in listed.items]
    assert all(item.district_id is None for item in listed.items)
    (fine, *_) = (await cases_world.bureau.get(PATH, params={"topic": "hearing_fine"})).json()["items"]
    change = {"value": 1, "measure": "fen", "source": "改"}
    refused = await cases_world.bureau.put(f"{PATH}/{fine['id']}", version=1, json=change)
    assert (refused.status_code, refused.json()["code"]) == (409, "legal_setting.delivered")


async def test_a_district_lays_down_its_own_and_ends_it(cases_world: World) -> None:
    made = await cases_world.bureau.post(PATH, json=FINE)
    assert made.status_code == 201, made.text
    setting = schemas.LegalSettingOut.model_validate_json(made.content)
    assert (setting.district_id, setting.assumed) == (cases_world.place.district.id, False)
    assert (await cases_world.bureau.post(PATH, json=FINE)).json()["code"] == "duplicate"
    path = f"{PATH}/{setting.id}"
    end = {"value": 300_000, "measure": "fen", "source": FINE["source"], "valid_to": "2025-12-31"}
    assert (await cases_world.bureau.put(path, json=end)).status_code == 428
    ended = await cases_world.bureau.put(path, version=1, json=end)
    assert (ended.status_code, ended.json()["valid_to"]) == (200, "2025-12-31")
    assert (await cases_world.bureau.put(path, version=1, json=end)).status_code == 412
    rows = cases_world.rows("SELECT action, after FROM kit.audit_events WHERE object_id = %s ORDER BY recorded_at", setting.id)
    assert [row[0] for row in rows] == ["legal_setting.created", "legal_setting.changed"]
    assert rows[1][1] == {"valid_to": "2025-12-31"}
    assert len(cases_world.rows("SELECT 1 FROM kit.outbox WHERE object_id = %s", setting.id)) == 2
    elsewhere = cases_world.caller(Role.BUREAU, unit=cases_world.place.foreign_district)
    assert (await elsewhere.get(path)).status_code == 404


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"measure": "working_days"}, ("measure", "not_allowed")),
        ({"valid_to": "2024-12-31"}, ("valid_to", "period.ends_before_start")),
        ({"value": 0}, ("value", "not_allowed")),
        ({"value": -1}, ("value", "too_small")),
        ({"topic": "weather"}, ("topic", "not_allowed")),
    ],
)
async def test_a_setting_that_makes_no_sense_is_refused(cases_world: World, change: Any, fault: tuple[str, str]) -> None:
    refused = await cases_world.bureau.post(PATH, json=FINE | change)
    found = {(each["pointer"], each["code"]) for each in refused.json()["errors"]}
    assert (refused.status_code, found) == (400, {(f"/body/{fault[0]}", fault[1])})


@pytest.mark.parametrize(
    ("role", "read", "write"),
    [
        (Role.BUREAU, 200, 201),
        (Role.UNIT_MANAGER, 200, 403),
        (Role.UNIT_MEMBER, 200, 403),
        (Role.REVIEWER, 200, 403),
        (Role.PLATFORM, 200, 403),
        (Role.GOVERNMENT, 403, 403),
        (Role.SYSTEM_ADMIN, 403, 403),
        (Role.AUDITOR, 403, 403),
    ],
)
async def test_who_reads_and_who_lays_down(cases_world: World, role: Role, read: int, write: int) -> None:
    home = None if role in {Role.SYSTEM_ADMIN, Role.AUDITOR} else cases_world.place.town
    caller = cases_world.caller(role, unit=home)
    assert (await caller.get(PATH)).status_code == read
    wanted = FINE | {"topic": "archiving", "measure": "calendar_days", "value": 60, "sector": f"示例{role}".encode().hex()}
    rehearsed = await caller.post(PATH, params={"dry_run": "true"}, json=wanted)
    assert rehearsed.status_code == write
    assert cases_world.rows("SELECT 1 FROM cases.legal_settings WHERE sector = %s", wanted["sector"]) == []
