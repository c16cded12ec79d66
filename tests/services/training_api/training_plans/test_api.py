"""Training plans over HTTP: drafted, handed in, decided, and whom a granting department must include."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any
from urllib.parse import quote

import psycopg
import pytest

from services.kit import ids
from services.kit.principal import Role
from services.training_api.training_plans import schemas
from tests.factories import training_plans as plans
from tests.factories.training import World, faults, made, problem
from tests.factories.training_plans import ITEM, body, department, leader, move
from tests.places import Unit

ABSENT = "01900000-0000-7000-8000-00000000ffff"
SERIAL = count(1)
RETURNED = {"reason": "缺少分级安排"}


def fresh(world: World) -> Unit:
    return department(world, f"d{next(SERIAL)}")


def told(world: World, found: dict[str, Any], table: str = "kit.audit_events") -> list[str]:
    column = "action" if table == "kit.audit_events" else "kind"
    with world.superuser() as connection:
        rows = connection.execute(f"SELECT {column} FROM {table} WHERE object_id = %s ORDER BY id", [found["id"]]).fetchall()
    return [row[0].removeprefix("training_plan.") for row in rows]


async def test_a_plan_goes_to_and_fro_until_it_is_approved(world: World) -> None:
    unit = fresh(world)
    member, manager = world.caller(Role.UNIT_MEMBER, unit), leader(world, unit)
    answer = await member.post("/v1/training-plans", json=body(unit, items=[ITEM, ITEM | {"hours": 2.5, "level": "负责人"}]))
    found = schemas.PlanOut.model_validate_json(answer.content)
    assert (answer.status_code, found.state, found.hours, [item.place for item in found.items]) == (201, "draft", 1050, [1, 2])
    assert answer.json()["allowed_actions"] == ["change"]
    plan = (await manager.get(answer.headers["Location"])).json()
    assert plan["allowed_actions"] == ["change", "submit"]
    assert (await move(member, plan, "submit", 1)).status_code == 403
    assert (await move(manager, plan, "submit", None)).status_code == 428
    assert problem(await move(manager, plan, "submit", 7)) == (412, "stale")
    tried = await move(manager, plan, "submit", 1, params={"dry_run": "true"})
    assert (tried.json()["state"], (await manager.get(answer.headers["Location"])).json()["state"]) == ("submitted", "draft")
    assert (await move(manager, plan, "submit", 1)).json()["state"] == "submitted"
    assert problem(await manager.patch(answer.headers["Location"], json={"title": "改"}, version=2)) == (
        409,
        "training_plan.illegal_move",
    )
    assert faults(await move(world.bureau, plan, "return", 2, json={})) == [("/body/reason", "missing")]
    returned = (await move(world.bureau, plan, "return", 2, json=RETURNED)).json()
    assert (returned["state"], returned["decision_reason"]) == ("returned", "缺少分级安排")
    changed = await manager.patch(answer.headers["Location"], json={"items": [ITEM]}, version=3)
    assert (changed.json()["hours"], changed.headers["ETag"]) == (8, '"v4"')
    again = (await move(manager, plan, "submit", 4)).json()
    assert (again["state"], "decision_reason" in again) == ("submitted", False)
    done = (await move(world.bureau, plan, "approve", 5)).json()
    assert (done["state"], done["allowed_actions"]) == ("approved", ["reopen"])
    assert faults(await move(world.bureau, plan, "reopen", 6)) == [("/header/x-change-reason", "missing")]
    reason = {"headers": {"X-Change-Reason": quote("年中调整")}}
    assert (await move(world.bureau, plan, "reopen", 6, **reason)).json()["decision_reason"] == "年中调整"
    expected = ["created", "submitted", "returned", "changed", "submitted", "approved", "reopened"]
    assert told(world, plan) == told(world, plan, "kit.outbox") == expected


# verb → states in which it is possible
MOVES = {"submit": {"draft", "returned"}, "approve": {"submitted"}, "return": {"submitted"}, "reopen": {"approved"}}


async def test_no_other_moves_are_possible(world: World) -> None:
    unit = fresh(world)
    found = await plans.plan(world, unit)
    path = f"/v1/training-plans/{found['id']}"
    for state in ("draft", "submitted", "approved", "returned"):
        with world.superuser() as connection:
            connection.execute("UPDATE training.training_plans SET state = %s WHERE id = %s", [state, found["id"]])
        for verb, possible in MOVES.items():
            by = leader(world, unit) if verb == "submit" else world.bureau
            options = {"json": RETURNED} if verb == "return" else {}
            tried = {"params": {"dry_run": "true"}, "headers": {"X-Change-Reason": "x"}}
            answer = await by.post(f"{path}/{verb}", version=1, **tried, **options)
            assert answer.status_code == (200 if state in possible else 409), (state, verb)
            assert (verb in (await by.get(path)).json()["allowed_actions"]) is (state in possible), (state, verb)


async def test_every_fault_of_a_body_is_told_at_once(world: World) -> None:
    unit = fresh(world)
    wrong = body(unit, kind="weekly", items=[ITEM | {"month": 13, "hours": -1, "colour": "red"}])
    assert faults(await leader(world, unit).post("/v1/training-plans", json=wrong)) == [
        ("/body/items/0/colour", "unknown_field"),
        ("/body/items/0/month", "too_great"),
        ("/body/kind", "not_allowed"),
    ]
    items = [ITEM | {"hours": 0}, ITEM | {"unit_ids": [str(unit.id), str(world.place.foreign_town.id)]}]
    sent = body(world.place.town_branch, items=items)
    assert faults(await world.manager.post("/v1/training-plans", json=sent)) == [
        ("/body/items/0/hours", "hours.not_positive"),
        ("/body/items/1/unit_ids/1", "not_found"),
        ("/body/unit_id", "training_plan.no_enforcement_unit"),
    ]
    beside, absent = [await world.manager.post("/v1/training-plans", json=body(unit, unit_id=each)) for each in
                      (str(unit.id), ABSENT)]  # fmt: skip
    assert faults(beside) == faults(absent) == [("/body/unit_id", "not_found")]


async def test_one_plan_of_each_kind_a_year(world: World) -> None:
    unit = fresh(world)
    manager = leader(world, unit)
    assert await plans.plan(world, unit)
    assert problem(await manager.post("/v1/training-plans", json=body(unit))) == (409, "training_plan.exists")
    assert await plans.plan(world, unit, year=2025)
    assert await plans.plan(world, unit, kind="professional")
    assert problem(await move(manager, await plans.plan(world, unit, year=2026, items=[]), "submit", 1)) == (
        409,
        "training_plan.no_items",
    )
    keyed = {"json": body(unit, year=2027), "headers": {"Idempotency-Key": "p1"}}
    first, again = [await manager.post("/v1/training-plans", **keyed) for _ in range(2)]
    assert (first.status_code, again.content, again.headers.get("Idempotency-Replayed")) == (201, first.content, "true")
    listed = (await manager.get("/v1/training-plans", params={"unit_id": str(unit.id), "kind": "annual", "limit": 2})).json()
    assert [item["year"] for item in listed["items"]] == [2027, 2026]
    rest = (await manager.get("/v1/training-plans", params={"unit_id": str(unit.id), "kind": "annual", "limit": 2,
                                                            "cursor": listed["next_cursor"]})).json()  # fmt: skip
    assert [item["year"] for item in rest["items"]] == [2025, 2024]


async def test_evidence_is_linked_to_the_plan(world: World) -> None:
    unit, file = fresh(world), ids.new_id()
    with world.superuser() as connection:
        connection.execute(
            "INSERT INTO directory.attachments (id, district_id, unit_id, uploaded_by, file_name, media_type, size, sha256,"
            " version, created_at) VALUES (%s, %s, %s, %s, 'x.pdf', 'application/pdf', 1, 'x', 1, now())",
            [file, unit.path[0], unit.id, ids.new_id()],
        )
    manager = leader(world, unit)
    unknown = await manager.post("/v1/training-plans", json=body(unit, attachment_ids=[ABSENT]))
    assert faults(unknown) == [("/body/attachment_ids/0", "not_found")]
    found = await plans.plan(world, unit, attachment_ids=[str(file)])
    assert found["attachment_ids"] == [str(file)]
    same = await manager.patch(f"/v1/training-plans/{found['id']}", json={"attachment_ids": [str(file)]}, version=1)
    assert same.status_code == 200
    with world.superuser() as connection:
        query = "SELECT object_type, unit_id, audience->>'bureau' FROM kit.attachment_links WHERE object_id = %s"
        assert connection.execute(query, [found["id"]]).fetchall() == [("training_plan", unit.id, "district")]


async def test_a_granting_department_includes_the_officers_of_its_townships(world: World) -> None:
    unit, town, other = fresh(world), world.place.town, world.place.other_town
    grant = {"department_id": str(unit.id), "unit_id": str(town.id), "from_on": "2023-06-01"}
    assert made(await world.bureau.post("/v1/township-grants", json=grant))
    ended = grant | {"unit_id": str(other.id), "to_on": "2023-12-31"}
    assert made(await world.bureau.post("/v1/township-grants", json=ended))
    manager, found = leader(world, unit), await plans.plan(world, unit, kind="professional")
    path = f"/v1/training-plans/{found['id']}"
    empty = schemas.CheckOut.model_validate_json((await manager.get(f"{path}/check")).content)
    assert (empty.ok, empty.assumed, [(each.unit_id, each.officers) for each in empty.townships]) == (True, False, [(town.id, 0)])
    await world.officer(town)
    await world.officer(world.place.town_branch)
    await world.officer(town, kind="auxiliary")
    checked = (await manager.get(f"{path}/check")).json()
    assert (checked["ok"], checked["missing_unit_ids"], checked["townships"][0]["officers"]) == (False, [str(town.id)], 2)
    refused = await move(manager, found, "submit", 1)
    assert problem(refused) == (409, "training_plan.townships_missing")
    assert refused.json()["errors"] == [
        {"pointer": "/items", "code": "training_plan.township_missing", "detail": "未纳入示例甲镇的 2 名执法人员。"}
    ]
    items = [ITEM | {"unit_ids": [str(unit.id), str(town.id)]}]
    assert (await manager.patch(path, json={"items": items}, version=1)).status_code == 200
    assert (await manager.get(f"{path}/check")).json()["ok"] is True
    assert (await move(manager, found, "submit", 2)).json()["state"] == "submitted"
    # The annual plan owes nothing to the townships.
    annual = await plans.plan(world, unit)
    assert (await manager.get(f"/v1/training-plans/{annual['id']}/check")).json()["townships"] == []
    # A grant that comes in between stops the approval.
    await world.officer(other)
    assert made(await world.bureau.post("/v1/township-grants", json=grant | {"unit_id": str(other.id), "from_on": "2024-05-01"}))
    assert problem(await move(world.bureau, found, "approve", 3)) == (409, "training_plan.townships_missing")


async def test_without_a_recorded_grant_a_granting_department_owes_every_township(world: World) -> None:
    unit = fresh(world)
    plans.group(world, "granting_departments", unit)
    plans.group(world, "townships", world.place.town, world.place.other_town)
    found = await plans.plan(world, unit, kind="professional")
    checked = (await leader(world, unit).get(f"/v1/training-plans/{found['id']}/check")).json()
    assert (checked["assumed"], [each["unit_id"] for each in checked["townships"]]) == (
        True,
        [str(world.place.town.id), str(world.place.other_town.id)],
    )


async def test_plans_owed_and_the_published_obligations(world: World) -> None:
    unit, gone = fresh(world), fresh(world)
    plans.group(world, "enforcement_departments", unit)
    plans.group(world, "enforcement_departments", gone, valid_to="2023-12-31")
    annual = await plans.approved(world, unit)
    professional = await plans.plan(world, unit, kind="professional")
    owed = await world.bureau.get("/v1/training-plans/owed", params={"year": 2024, "limit": 200})
    rows = schemas.OwedPlanPage.model_validate_json(owed.content).items
    assert {(row.kind, row.state) for row in rows if row.unit_id == unit.id} == {
        ("annual", "approved"),
        ("professional", "draft"),
    }
    assert {(row.kind, row.state) for row in rows if row.unit_id == gone.id} == {("annual", "missing")}
    mine = {"year": 2024, "unit_id": str(unit.id), "state": "draft"}
    assert [row["plan_id"] for row in (await world.bureau.get("/v1/training-plans/owed", params=mine)).json()["items"]] == [
        professional["id"]
    ]
    first = (await leader(world, unit).get("/v1/training-plans/owed", params={"year": 2024, "limit": 1})).json()
    assert (first["items"][0]["kind"], first["next_cursor"] is None) == ("annual", False)
    with psycopg.connect(world.database_url) as connection:
        connection.execute("SET ROLE zhifa_tasks")
        query = (
            "SELECT obligation, value, threshold, under_way, plan_id FROM published.training_plan_obligations"
            " WHERE unit_id = %s AND year = 2024 ORDER BY 1"
        )
        assert [(*row[:4], str(row[4])) for row in connection.execute(query, [unit.id])] == [
            ("O2b", 1, 1, False, annual["id"]),
            ("O2d", 0, 1, True, professional["id"]),
        ]


NOTHING = dict.fromkeys(("read", "list", "create", "change", "submit", "approve", "return"), 403)
TABLE: Mapping[str, tuple[Role, str, Mapping[str, int]]] = {
    "manager": (Role.UNIT_MANAGER, "own", NOTHING | {"read": 200, "list": 1, "create": 201, "change": 200, "submit": 200}),
    "member": (Role.UNIT_MEMBER, "own", NOTHING | {"read": 200, "list": 1, "create": 201, "change": 200}),
    "bureau": (Role.BUREAU, "bureau", NOTHING | {"read": 200, "list": 1, "approve": 200, "return": 200}),
    "platform": (Role.PLATFORM, "district", NOTHING | {"read": 200, "list": 1}),
    "manager_beside": (
        Role.UNIT_MANAGER, "town", NOTHING | {"read": 404, "list": 0, "create": 400, "change": 404, "submit": 404},
    ),
    "bureau_elsewhere": (Role.BUREAU, "foreign_district", NOTHING | {"read": 404, "list": 0, "approve": 404, "return": 404}),
    "government": (Role.GOVERNMENT, "district", NOTHING),
    "reviewer": (Role.REVIEWER, "own", NOTHING),
    "auditor": (Role.AUDITOR, "", NOTHING),
    "system_admin": (Role.SYSTEM_ADMIN, "", NOTHING),
}  # fmt: skip


@pytest.mark.parametrize("name", TABLE)
async def test_each_role_reaches_what_the_table_says(world: World, name: str) -> None:
    role, home, expected = TABLE[name]
    unit = fresh(world)
    caller = world.caller(role, unit if home == "own" else getattr(world.place, home) if home else None)
    draft, handed_in = await plans.plan(world, unit), await plans.plan(world, unit, year=2025)
    assert (await move(leader(world, unit), handed_in, "submit", 1)).status_code == 200
    path = f"/v1/training-plans/{draft['id']}"
    dry = {"params": {"dry_run": "true"}}
    listed = await caller.get("/v1/training-plans", params={"unit_id": str(unit.id), "year": 2024})
    found = {
        "read": (await caller.get(path)).status_code,
        "list": len(listed.json()["items"]) if listed.status_code == 200 else listed.status_code,
        "create": (await caller.post("/v1/training-plans", json=body(unit, year=2026), **dry)).status_code,
        "change": (await caller.patch(path, json={"title": "改"}, version=1, **dry)).status_code,
        "submit": (await move(caller, draft, "submit", 1, **dry)).status_code,
        "approve": (await move(caller, handed_in, "approve", 2, **dry)).status_code,
        "return": (await move(caller, handed_in, "return", 2, json=RETURNED, **dry)).status_code,
    }
    assert found == expected


async def test_a_township_sees_the_approved_plan_that_includes_it(world: World) -> None:
    unit = fresh(world)
    items = [ITEM | {"unit_ids": [str(world.place.other_town.id)]}]
    found = await plans.plan(world, unit, items=items)
    included = world.caller(Role.UNIT_MEMBER, world.place.other_town)
    path = f"/v1/training-plans/{found['id']}"
    assert (await included.get(path)).status_code == 404
    await move(leader(world, unit), found, "submit", 1)
    await move(world.bureau, found, "approve", 2)
    read = await included.get(path)
    assert (read.status_code, read.json()["allowed_actions"]) == (200, [])
    assert (await world.member.get(path)).status_code == 404
    assert (await included.patch(path, json={"title": "改"}, version=3)).status_code == 404
    assert (await world.client.get(path)).status_code == 401
