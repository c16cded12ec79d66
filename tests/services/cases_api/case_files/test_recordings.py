"""The index of recordings: entered, read by who reads the file, never changed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.cases_api.case_recordings import schemas
from services.kit import clock, ids
from services.kit.principal import Role
from tests.factories.cases import World

FILM: dict[str, Any] = {
    "stage": "evidence",
    "medium": "video",
    "title": "现场检查全程录像（演示）",
    "started_at": "2025-03-05T01:00:00Z",
    "ended_at": "2025-03-05T02:10:00Z",
    "device_no": "REC-0007",
    "kept_at": "采集站 3 号柜（示例）",
    "sha256": "ab" * 32,
}


async def test_what_was_recorded_is_found_by_stage_and_time(cases_world: World) -> None:
    path = f"/v1/case-files/{(await cases_world.file())['id']}/recordings"
    later = FILM | {"stage": "hearing", "started_at": "2025-04-01T01:00:00Z", "ended_at": "2025-04-01T01:30:00Z"}
    made = [await cases_world.member.post(path, json=wanted) for wanted in (later, FILM)]
    assert [answer.status_code for answer in made] == [201, 201]
    listed = schemas.CaseRecordingPage.model_validate_json((await cases_world.bureau.get(path)).content)
    assert [str(item.id) for item in listed.items] == [made[1].json()["id"], made[0].json()["id"]]
    (hearing,) = (await cases_world.bureau.get(path, params={"stage": "hearing"})).json()["items"]
    assert hearing == made[0].json()
    neighbour = cases_world.caller(Role.UNIT_MANAGER, unit=cases_world.place.other_town)
    assert (await neighbour.get(path)).json()["items"] == []
    assert (await neighbour.post(path, json=FILM)).status_code == 404
    with pytest.raises(psycopg.errors.RestrictViolation):
        cases_world.connection.execute("UPDATE cases.case_recordings SET title = '改'")


async def test_a_recording_lies_in_the_past_and_belongs_to_an_open_file(cases_world: World) -> None:
    path = f"/v1/case-files/{(await cases_world.file())['id']}/recordings"
    ahead = (clock.now() + timedelta(days=1)).isoformat()
    wanted = FILM | {"ended_at": "2025-03-05T00:59:59Z"}
    refused = [
        await cases_world.member.post(path, json=FILM | {"started_at": ahead, "ended_at": ahead}),
        await cases_world.member.post(path, json=wanted),
        await cases_world.member.post(path, json=FILM | {"attachment_id": str(ids.new_id())}),
    ]
    assert [answer.json()["errors"][0]["code"] for answer in refused] == [
        "in_the_future",
        "recording.ends_before_start",
        "not_found",
    ]
    closed = await cases_world.file(closed_on="2025-04-20")
    locked = await cases_world.member.post(f"/v1/case-files/{closed['id']}/recordings", json=FILM)
    assert (locked.status_code, locked.json()["code"]) == (409, "case_file.locked")
