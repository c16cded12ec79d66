"""Rubrics over HTTP: drafts, publication for good, hashes that others can check, and who may do what."""

from __future__ import annotations

import hashlib
from typing import Any

import psycopg
import pytest
from psycopg import errors as refusals
from psycopg import sql

from services.cases_api.rubrics import schemas
from services.kit.principal import Role
from tests.factories import reviews
from tests.factories.reviews import World, good


async def draft(world: World, title: str, **changes: Any) -> dict[str, Any]:
    return good(await world.bureau.post("/v1/rubrics", json=reviews.rubric(title, **changes)))


async def test_a_draft_becomes_a_published_rubric_that_all_of_the_district_read(world: World) -> None:
    made = await world.bureau.post("/v1/rubrics", json=reviews.rubric("甲标准"))
    found = schemas.RubricOut.model_validate_json(made.content)
    assert (made.status_code, found.state, found.allowed_actions) == (201, "draft", ["change", "publish"])
    assert (await world.manager().get(f"/v1/rubrics/{found.id}")).status_code == 404
    published = good(await world.bureau.post(f"/v1/rubrics/{found.id}/publish", version=1))
    assert (published["state"], published["allowed_actions"], published["version"]) == ("published", ["supersede"], 2)
    read = await world.manager().get(f"/v1/rubrics/{found.id}")
    assert read.json() == published | {"allowed_actions": []}
    listed = good(await world.manager().get("/v1/rubrics", params={"kind": "penalty", "content_hash": found.content_hash}))
    assert [one["id"] for one in listed["items"]] == [str(found.id)]
    assert good(await world.manager().get("/v1/rubrics", params={"kind": "licence"}))["items"] == []


async def test_anyone_can_recompute_the_hash_from_the_canonical_content(world: World) -> None:
    made = await draft(world, "可复核标准")
    content = await world.bureau.get(f"/v1/rubrics/{made['id']}/content")
    assert hashlib.sha256(content.content).hexdigest() == made["content_hash"]
    assert {name: made[name] for name in content.json()} == content.json()
    assert (await world.manager().get(f"/v1/rubrics/{made['id']}/content")).status_code == 404


async def test_a_draft_is_rewritten_and_its_hash_moves(world: World) -> None:
    made = await draft(world, "草稿")
    path = f"/v1/rubrics/{made['id']}"
    assert (await world.bureau.request("PUT", path, json=reviews.rubric("改稿"))).status_code == 428
    changed = good(await world.bureau.request("PUT", path, json=reviews.rubric("改稿"), version=1))
    assert changed["content_hash"] != made["content_hash"]
    assert changed["structure_hash"] == made["structure_hash"]
    assert (await world.bureau.request("PUT", path, json=reviews.rubric("再改"), version=1)).json()["code"] == "stale"


async def test_what_is_published_never_changes(world: World) -> None:
    found = await world.rubric()
    path = f"/v1/rubrics/{found['id']}"
    for method, address in (("PUT", path), ("POST", f"{path}/publish")):
        body = {"json": reviews.rubric("改")} if method == "PUT" else {}
        answer = await world.bureau.request(method, address, version=found["version"], **body)
        assert (answer.status_code, answer.json()["code"]) == (409, "rubric.illegal_move")


STATEMENTS = [
    'UPDATE cases.rubrics SET content = content || \'{"title": "x"}\' WHERE id = %s',
    "UPDATE cases.rubrics SET content_hash = 'x' WHERE id = %s",
    "UPDATE cases.rubrics SET published_at = now() WHERE id = %s",
    "UPDATE cases.rubrics SET state = 'draft', published_at = NULL WHERE id = %s",
    "DELETE FROM cases.rubrics WHERE id = %s",
]


@pytest.mark.parametrize("statement", STATEMENTS)
async def test_not_even_the_owner_of_the_database_changes_it(world: World, statement: str) -> None:
    found = await world.rubric()
    with pytest.raises(refusals.RestrictViolation):
        world.connection.execute(statement, [found["id"]])
    with pytest.raises(psycopg.Error):
        world.connection.execute(sql.SQL("TRUNCATE cases.rubrics CASCADE"))
    assert good(await world.bureau.get(f"/v1/rubrics/{found['id']}")) == found


async def test_a_superseded_rubric_stays_superseded(world: World) -> None:
    found = await world.rubric()
    old = good(await world.bureau.post(f"/v1/rubrics/{found['id']}/supersede", version=2))
    assert (old["state"], old["allowed_actions"]) == ("superseded", [])
    with pytest.raises(refusals.RestrictViolation):
        world.connection.execute(
            "UPDATE cases.rubrics SET state = 'published', superseded_at = NULL WHERE id = %s", [found["id"]]
        )


async def test_publishing_a_successor_supersedes_its_predecessor(world: World) -> None:
    old = await world.rubric()
    new = await draft(world, "新版", replaces_id=old["id"])
    good(await world.bureau.post(f"/v1/rubrics/{new['id']}/publish", version=1))
    assert good(await world.bureau.get(f"/v1/rubrics/{old['id']}"))["state"] == "superseded"
    unknown = await world.bureau.post("/v1/rubrics", json=reviews.rubric("无前身", replaces_id=new["id"][:-4] + "ffff"))
    assert unknown.json()["errors"][0]["pointer"] == "/body/replaces_id"


async def test_the_same_content_stands_once(world: World) -> None:
    await draft(world, "唯一")
    again = await world.bureau.post("/v1/rubrics", json=reviews.rubric("唯一"))
    assert (again.status_code, again.json()["code"]) == (409, "duplicate")


async def test_everything_unsound_is_named_at_once(world: World) -> None:
    wrong = reviews.rubric("有误")
    wrong["blocks"][0]["points"] = 61
    wrong["grades"][3]["threshold"] = 1
    answer = await world.bureau.post("/v1/rubrics", json=wrong)
    assert answer.status_code == 400
    assert {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]} == {
        ("/body/blocks/0/points", "rubric.block_points"),
        ("/body/grades/3/threshold", "rubric.lowest_grade"),
    }


@pytest.mark.parametrize("points", [-1, 1.005, 10_000.01, "5", True])
async def test_points_are_numbers_with_two_decimals(world: World, points: object) -> None:
    wrong = reviews.rubric("分值")
    wrong["blocks"][0]["items"][0]["points"] = points
    answer = await world.bureau.post("/v1/rubrics", json=wrong)
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/body/blocks/0/items/0/points"]


READERS = (Role.BUREAU, Role.GOVERNMENT, Role.UNIT_MANAGER, Role.UNIT_MEMBER, Role.REVIEWER)


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_does_what_it_may(world: World, role: Role) -> None:
    found = await world.rubric()
    who = world.caller(role, unit=world.place.bureau if role is Role.BUREAU else world.place.town)
    path = f"/v1/rubrics/{found['id']}"
    assert (await who.get(path)).status_code == (200 if role in READERS else 403)
    assert (await who.get("/v1/rubrics")).status_code == (200 if role in READERS else 403)
    dry = await who.post("/v1/rubrics", params={"dry_run": "true"}, json=reviews.rubric(f"试{role}"))
    assert dry.status_code == (201 if role is Role.BUREAU else 403)
    superseded = await who.post(f"{path}/supersede", params={"dry_run": "true"}, version=2)
    assert superseded.status_code == (200 if role is Role.BUREAU else 403)


async def test_another_district_sees_nothing(world: World) -> None:
    found = await world.rubric()
    stranger = world.caller(Role.BUREAU, unit=world.place.foreign_district)
    assert (await stranger.get(f"/v1/rubrics/{found['id']}")).status_code == 404
    assert (await stranger.post(f"/v1/rubrics/{found['id']}/supersede", version=2)).status_code == 404
    assert good(await stranger.get("/v1/rubrics"))["items"] == []


async def test_each_write_leaves_its_audit_row_and_only_published_rubrics_enter_the_feed(world: World) -> None:
    found = await world.rubric()
    actions = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", found["id"])
    assert actions == [("rubric.created",), ("rubric.published",)]
    assert world.rows("SELECT kind, version FROM kit.outbox WHERE object_id = %s", found["id"]) == [("rubric.published", 2)]
