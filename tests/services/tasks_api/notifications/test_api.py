"""The inbox: who finds what in it, reading, and the digest of a desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest

from services.kit import ids
from services.tasks_api.digests.schemas import DigestOut
from services.tasks_api.notifications import actions
from services.tasks_api.notifications.rules import BUREAU, LEADERS, STAFF, Kind, Message
from services.tasks_api.notifications.schemas import NotificationOut, NotificationPage
from tests.factories.supervision import MONDAY, START, World

PATH = "/v1/notifications"


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START
    world.accounts = {name: ids.new_id() for name in ("manager", "member", "bureau", "other_manager")}


async def send(world: World, *, whole: bool = False, roles: Any = STAFF, title: str = "演示消息") -> None:
    unit_id = None if whole else world.place.town.id
    message = Message(Kind.NOTICE, world.place.district.id, unit_id, roles, title, "演示内容。", "assignment", ids.new_id())
    async with world.runtime.database.transaction() as session:
        await actions.send(session, [message], world.clock())


async def inbox(world: World, name: str, **filters: Any) -> list[NotificationOut]:
    return NotificationPage.model_validate(await world.read(PATH, name, limit=200, **filters)).items


async def test_a_message_reaches_the_roles_and_the_unit_it_is_for(world: World) -> None:
    start = world.clock.pass_time(hours=1).isoformat()
    await send(world, title="全体人员")
    await send(world, roles=LEADERS, title="负责人")
    await send(world, whole=True, roles=BUREAU, title="区司法局")
    await send(world, whole=True, roles=(*STAFF, *BUREAU), title="全区")
    expected = {
        "manager": ["全区", "负责人", "全体人员"],
        "member": ["全区", "全体人员"],
        "bureau": ["全区", "区司法局"],
        "other_manager": ["全区"],
        "branch_manager": ["全区"],
        "government": [],
        "foreign_bureau": [],
    }
    for name, titles in expected.items():
        found = await inbox(world, name, recorded_at__gte=start)
        assert sorted(message.title for message in found) == sorted(titles), name
    for name in ("platform", "admin", "auditor"):
        assert (await world.caller(name).get(PATH)).status_code == 403, name
    assert (await world.client.get(PATH)).status_code == 401


async def test_reading_is_a_matter_of_each_account(world: World) -> None:
    world.clock.pass_time(hours=2)
    await send(world)
    [message, *_] = await inbox(world, "member", unread="true")
    marked = await world.caller("member").post(f"{PATH}/mark-read", json={"ids": [str(message.id)]})
    assert (marked.status_code, marked.json()) == (200, {"marked": 1})
    assert message.id not in {one.id for one in await inbox(world, "member", unread="true")}
    [read] = [one for one in await inbox(world, "member", unread="false") if one.id == message.id]
    assert read.read_at == world.clock()
    assert message.id in {one.id for one in await inbox(world, "manager", unread="true")}
    again = await world.caller("member").post(f"{PATH}/mark-read", json={"ids": [str(message.id)]})
    assert again.json() == {"marked": 0}
    [row] = world.rows("SELECT action FROM kit.audit_events WHERE actor_id = %s", world.accounts["member"])
    assert row.action == "notifications.read"


async def test_marking_all_up_to_a_moment(world: World) -> None:
    world.clock.pass_time(hours=3)
    await send(world)
    until = world.clock().isoformat()
    world.clock.pass_time(minutes=1)
    await send(world, title="其后的消息")
    assert (await world.caller("member").post(f"{PATH}/mark-read", json={"until": until})).json()["marked"] >= 1
    assert [one.title for one in await inbox(world, "member", unread="true")] == ["其后的消息"]


async def test_nobody_marks_what_is_not_his(world: World) -> None:
    await send(world, roles=LEADERS, title="只给负责人")
    [message] = [one for one in await inbox(world, "manager") if one.title == "只给负责人"]
    for name in ("member", "other_manager"):
        assert (await world.caller(name).get(f"{PATH}/{message.id}")).status_code == 404, name
        body = {"ids": [str(message.id)]}
        assert (await world.caller(name).post(f"{PATH}/mark-read", json=body)).json() == {"marked": 0}, name
    assert (await world.caller("manager").get(f"{PATH}/{message.id}")).json()["title"] == message.title
    assert (await world.caller("manager").post(f"{PATH}/mark-read", json={})).status_code == 400


async def test_a_dry_run_marks_nothing(world: World) -> None:
    await send(world)
    [message, *_] = await inbox(world, "member", unread="true")
    body, dry = {"ids": [str(message.id)]}, {"dry_run": "true"}
    assert (await world.caller("member").post(f"{PATH}/mark-read", json=body, params=dry)).json() == {"marked": 1}
    assert message.id in {one.id for one in await inbox(world, "member", unread="true")}


async def test_the_digest_counts_what_waits(world: World) -> None:
    plan = await world.plan()
    await world.assignment(await world.task(plan), due_on=MONDAY - timedelta(1))
    await world.assignment(await world.task(plan), due_on=MONDAY + timedelta(1), state="issued")
    await world.assignment(await world.task(plan), due_on=MONDAY + timedelta(90), state="submitted", stopped_on=MONDAY)
    asked = await world.assignment(await world.task(plan), due_on=MONDAY + timedelta(60))
    body = {"new_due_on": str(MONDAY + timedelta(70)), "reason": "演示"}
    assert (await world.caller("manager").post(f"/v1/assignments/{asked.id}/extension-requests", json=body)).status_code == 201
    desk = DigestOut.model_validate(await world.read(f"{PATH}/digest"))
    assert (desk.late, desk.due_soon, desk.to_sign, desk.to_decide, desk.extensions_waiting) == (1, 1, 1, 1, 1)
    other = DigestOut.model_validate(await world.read(f"{PATH}/digest", "other_manager"))
    assert (other.late, other.due_soon, other.to_sign, other.extensions_waiting) == (0, 0, 0, 0)
    assert DigestOut.model_validate(await world.read(f"{PATH}/digest", "reviewer")).late == 0


def test_messages_are_never_changed(world: World) -> None:
    for table in ("notifications", "notification_reads"):
        with pytest.raises(psycopg.errors.RestrictViolation):
            world.run(f"DELETE FROM tasks.{table}")


async def test_units_are_told_what_concerns_them(world: World) -> None:
    start = world.clock.pass_time(hours=5).isoformat()
    assignment = await world.assignment(await world.task(await world.plan(), title="演示告知"), due_on=MONDAY + timedelta(30))
    base = f"/v1/assignments/{assignment.id}"
    asked = {"new_due_on": str(MONDAY + timedelta(40)), "reason": "演示"}
    made = (await world.caller("manager").post(f"{base}/extension-requests", json=asked)).json()
    await world.move(f"{base}/extension-requests/{made['id']}", "refuse", body={"note": "理由不充分"})
    await world.move(base, "submit", "manager")
    await world.move(base, "return", body={"reason": "材料不全"})
    mine = [(one.kind, one.text) for one in await inbox(world, "member", recorded_at__gte=start)]
    assert sorted(mine) == [("extension", "理由不充分"), ("returned", "材料不全")]
    assert [one.kind for one in await inbox(world, "bureau", recorded_at__gte=start)] == ["extension"]
