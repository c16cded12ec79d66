"""Random draws over HTTP: frozen, seeded from outside or by witnesses, drawn once, mended, checked offline by outsiders."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.kit import ids, sampling
from services.tasks_api.random_draws.schemas import RandomDrawOut, RandomDrawPage
from tests.factories.supervision import START, World

PATH = "/v1/random-draws"
VERIFIER = Path(__file__).parents[4] / "docs" / "verify_draw.py"
SEEDS = itertools.count(1)


@pytest.fixture(autouse=True)
def _same_time(world: World) -> None:
    world.clock.moment = START


def body(world: World, **changes: Any) -> dict[str, Any]:
    foods = [{"code": f"F{place:03}", "name": f"示例食品店{place}", "category": "食品经营"} for place in range(60)]
    sites = [{"code": f"S{place:03}", "name": f"示例工地{place}", "category": "建筑工地"} for place in range(5)]
    given = {"unit_id": str(world.place.town.id), "year": 2025, "title": "双随机（演示）", "objects": foods + sites}
    return given | {"inspectors": [{"code": f"1301{place:04}"} for place in range(9)], "take_inspectors": 3} | changes


async def frozen(world: World, name: str = "manager", **changes: Any) -> RandomDrawOut:
    answer = await world.caller(name).post(PATH, json=body(world, **changes))
    assert answer.status_code == 201, answer.text
    world.clock.pass_time(minutes=1)
    return RandomDrawOut.model_validate_json(answer.content)


async def drawn(world: World) -> RandomDrawOut:
    made = await frozen(world)
    seed = {"seed": f"骰子 {next(SEEDS)}", "source": "公开掷骰（演示）"}
    assert (await world.move(f"{PATH}/{made.id}", "seed", "manager", seed)).status_code == 200
    done = await world.move(f"{PATH}/{made.id}", "draw", "manager")
    assert done.status_code == 200, done.text
    return RandomDrawOut.model_validate_json(done.content)


def told(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", answer.json().get("state"))


def verified(record: dict[str, Any], folder: Path) -> subprocess.CompletedProcess[str]:
    file = folder / "record.json"
    file.write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")
    return subprocess.run([sys.executable, "-I", str(VERIFIER), str(file)], capture_output=True, text=True, check=False)


async def test_an_outsider_repeats_the_draw(world: World, tmp_path: Path) -> None:
    made = await drawn(world)
    takes = {each.stratum.split("/", 1)[1]: (each.files, each.take, len(each.drawn)) for each in made.strata}
    assert takes == {"inspectors/all": (9, 3, 3), "objects/建筑工地": (5, 1, 1), "objects/食品经营": (60, 3, 3)}
    assert {each.name for stratum in made.strata for each in stratum.drawn if each.id.startswith("I:")} == {None}
    path = f"{PATH}/{made.id}"
    [crew] = [each for each in made.strata if "inspectors" in each.stratum]
    recused = await world.move(path, "substitutions", "manager", {"id": crew.drawn[0].id, "reason": "近亲属（演示）"})
    assert recused.status_code == 200, recused.text
    again = await world.move(path, "substitutions", "manager", {"id": crew.drawn[0].id, "reason": "再次"})
    assert told(again) == (409, "random_draw.not_in_sample")
    record = await world.read(path, "member")
    assert verified(record, tmp_path).returncode == 0
    record["strata"][-1]["drawn"][0]["id"] = "O:F999"
    assert verified(record, tmp_path).returncode == 1
    for sql in ("UPDATE tasks.random_draws SET seed = '2'", "DELETE FROM tasks.random_draw_entries"):
        with pytest.raises(Exception, match="refuse"):
            world.run(f"{sql} WHERE {'id' if 'UPDATE' in sql else 'draw_id'} = %s", made.id)
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", made.id)
    assert [row.action.removeprefix("random_draw.") for row in trail] == ["frozen", "seeded", "drawn", "substituted"]


async def test_witnesses_make_the_seed_together(world: World, tmp_path: Path) -> None:
    made = await frozen(world)
    path, nonces = f"{PATH}/{made.id}", {"member": "随机数甲壹贰叁肆", "government": "随机数乙壹贰叁肆"}
    world.accounts |= {name: ids.new_id() for name in nonces}
    for name, nonce in nonces.items():
        committed = await world.caller(name).post(f"{path}/commitments", json={"nonce_sha256": sampling.commitment(nonce)})
        assert committed.status_code == 201, committed.text
    outside = await world.move(path, "seed", "manager", {"seed": "外来 1", "source": "演示"})
    assert told(outside) == (409, "draw.by_witnesses")
    assert told(await world.move(path, "draw", "manager")) == (409, "draw.no_seed")
    wrong = await world.caller("member").post(f"{path}/reveals", json={"nonce": "不是承诺的那个随机数"})
    assert told(wrong) == (409, "draw.nonce_differs")
    world.clock.pass_time(minutes=1)
    for name, nonce in nonces.items():
        assert (await world.caller(name).post(f"{path}/reveals", json={"nonce": nonce})).status_code == 201
    late = await world.caller("bureau").post(f"{path}/commitments", json={"nonce_sha256": "0" * 64})
    assert told(late) == (409, "draw.seed_known")
    done = await world.move(path, "draw", "manager")
    assert done.json()["seed"] == sampling.joint_seed(nonces.values())
    assert verified(done.json(), tmp_path).returncode == 0
    world.accounts.clear()


async def test_the_order_of_the_protocol(world: World) -> None:
    made = await frozen(world)
    path, seed = f"{PATH}/{made.id}", {"seed": "骰子 甲", "source": "演示"}
    assert told(await world.move(path, "draw", "manager")) == (409, "draw.no_seed")
    assert told(await world.move(path, "substitutions", "manager", {"id": "O:F001", "reason": "演示"})) == (409, "draw.not_drawn")
    assert (await world.read(path, "manager"))["allowed_actions"] == ["seed", "commit", "void"]
    assert (await world.move(path, "seed", "manager", seed)).status_code == 200
    assert told(await world.move(path, "seed", "manager", seed)) == (409, "draw.seed_known")
    other = f"{PATH}/{(await frozen(world)).id}"
    assert told(await world.move(other, "seed", "manager", seed)) == (409, "draw.seed_used_before")
    dry = await world.move(path, "draw", "manager", params={"dry_run": "true"})
    assert (dry.json()["state"], (await world.read(path))["state"]) == ("drawn", "frozen")
    assert told(await world.move(path, "draw", "manager")) == (200, "drawn")
    assert told(await world.move(path, "draw", "manager")) == (409, "draw.already_drawn")
    assert (await world.move(path, "void", "manager")).status_code == 400
    assert told(await world.move(path, "void", "manager", {"note": "名单有误"})) == (200, "void")
    assert told(await world.move(path, "draw", "manager")) == (409, "random_draw.already_void")


async def test_bad_lists_and_who_may(world: World) -> None:
    twin = [{"code": "X1", "name": "甲"}, {"code": "X1", "name": "乙"}]
    cases: list[tuple[dict[str, Any], str]] = [
        ({"unit_id": str(ids.new_id())}, "/body/unit_id"),
        ({"unit_id": str(world.place.other_town.id)}, "/body/unit_id"),
        ({"objects": twin}, "/body/objects/0/code"),
        ({"inspectors": [{"code": "1"}, {"code": "1"}], "take_inspectors": 2}, "/body/inspectors/0/code"),
        ({"take_inspectors": 10}, "/body/take_inspectors"),
        ({"take_inspectors": 1}, "/body/take_inspectors"),
        ({"objects": []}, "/body/objects"),
    ]
    for changes, pointer in cases:
        refused = await world.caller("manager").post(PATH, json=body(world, **changes))
        assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, pointer), changes
    for name in ("member", "government", "platform", "auditor"):
        assert (await world.caller(name).post(PATH, json=body(world))).status_code == 403, name
    path = f"{PATH}/{(await frozen(world)).id}"
    for name, status in {"other_member": 200, "foreign_bureau": 404, "admin": 403}.items():
        assert (await world.caller(name).get(path)).status_code == status, name
    assert (await world.move(path, "draw", "other_manager", version=1)).status_code == 403
    assert (await world.caller("manager").post(f"{path}/draw")).status_code == 428
    assert (await world.move(path, "draw", "manager", version=9)).status_code == 412
    assert (await world.client.get(PATH)).status_code == 401
    listed = RandomDrawPage.model_validate(await world.read(PATH, "government", year=2025, state="frozen"))
    assert path.rpartition("/")[2] in {str(one.id) for one in listed.items}
