"""Registers of the plan: every kind is entered, read, listed, changed and voided; each kind's own checks; who may what."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from services.kit import ids
from services.kit.registers.kinds import Kind
from services.kit.registers.schemas import models_of
from services.tasks_api import access
from services.tasks_api.registers.kinds import KINDS
from services.tasks_api.registers.schemas import RegistersOut
from tests.factories.supervision import START, World

each_kind = pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.key)
# The tasks of the plan that registers serve; the others are served by the neighbours' records and by features with states.
TASKS_SERVED = {1, 9, 10, 11, 12, 13, 14, 16, 17, 18, 19, 20, 21, 22, 23, 24}


@pytest.fixture(autouse=True)
def _late_enough(world: World) -> None:
    """Examples tell of 2025; nothing of them lies ahead."""
    world.clock.moment = START.replace(year=2026)


def body(world: World, kind: Kind, **changes: Any) -> dict[str, Any]:
    """The kind's own example, with units that exist."""
    made = {**kind.example, "unit_id": str(world.place.town.id)}
    for name, value in kind.example.items():
        if name.endswith("_unit_ids"):
            made[name] = [str(world.place.bureau.id)]
        elif name.endswith("_unit_id"):
            made[name] = str(world.place.bureau.id)
        elif name == "unit_id":
            continue
        else:
            made[name] = value
    return made | changes


def writer(kind: Kind) -> str:
    return "member" if "unit_member" in kind.grants.write.grants else "bureau"


@each_kind
async def test_a_record_of_every_kind_lives_from_entry_to_voiding(world: World, kind: Kind) -> None:
    wanted = body(world, kind)
    answer = await world.caller(writer(kind)).post(kind.path, json=wanted)
    assert answer.status_code == 201, answer.text
    models_of(kind).out.model_validate_json(answer.content)
    record, path = answer.json(), answer.headers["Location"]
    assert {name: record[name] for name in wanted} == wanted
    filters = {name: wanted[name] for name in kind.named if name in wanted}
    shown = {name: str(value).lower() if isinstance(value, bool) else value for name, value in filters.items()}
    listed = await world.items(kind.path, "member", year=int(wanted[kind.day][:4]), **shown)
    assert record["id"] in {item["id"] for item in listed}
    world.clock.pass_time(seconds=1)
    changed = await world.caller("bureau").patch(path, json={kind.day: wanted[kind.day]}, version=1)
    assert (changed.status_code, changed.json()["version"]) == (200, 2), changed.text
    voided = await world.caller("bureau").post(f"{path}/void", json={"reason": "重复登记（演示）"}, version=2)
    assert (voided.status_code, voided.json()["state"], voided.json()["allowed_actions"]) == (200, "void", [])
    trail = world.rows("SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id", record["id"])
    assert [row.action for row in trail] == [f"{kind.tag}.{verb}" for verb in ("created", "changed", "voided")]


@each_kind
async def test_what_every_kind_refuses(world: World, kind: Kind) -> None:
    wanted, caller = body(world, kind), world.caller(writer(kind))
    needed = [name for name, info in kind.facts.model_fields.items() if info.is_required()]
    bare = {"unit_id": wanted["unit_id"], "colour": "red"}
    refused = await caller.post(kind.path, json=bare)
    found = {(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]}
    assert found == {*((f"/body/{name}", "missing") for name in needed), ("/body/colour", "unknown_field")}
    ahead = await caller.post(kind.path, json={kind.day: "2099-01-01"} | {k: v for k, v in wanted.items() if k != kind.day})
    assert kind.ahead or "day.in_the_future" in {fault["code"] for fault in ahead.json()["errors"]}
    foreign = await caller.post(kind.path, json=wanted | {"unit_id": str(world.place.foreign_town.id)})
    assert (foreign.status_code, foreign.json()["errors"][0]["pointer"]) == (400, "/body/unit_id")


ORDERED = ("record.out_of_order",)


@pytest.mark.parametrize(
    ("key", "changes", "faults"),
    [
        ("political-studies", {"officers": 19}, [("officers", "too_great")]),
        ("four-lists", {"address": None, "published_on": "2024-11-01"}, [("published_on", *ORDERED), ("address", "missing")]),
        ("joint-areas", {"ended_on": "2024-05-01"}, [("ended_on", *ORDERED)]),
        ("joint-operations", {"cases": 7}, [("cases", "too_great")]),
        ("fast-case-pilots", {"cases": None}, [("cases", "missing")]),
        ("contact-points", {"credit_code": "91350111MA00000000"}, [("credit_code", "wrong_format")]),
        ("monitoring-points", {"legal_review_on": None}, [("legal_review_on", "missing")]),
        ("monitoring-points", {"published_on": "2025-01-21"}, [("published_on", *ORDERED)]),
        ("key-fields", {"removed_on": "2025-01-09"}, [("removed_on", *ORDERED)]),
        ("item-catalogues", {"published_on": "2024-10-01"}, [("published_on", *ORDERED)]),
        ("item-catalogues", {"items": 0}, [("items", "too_small")]),
        ("enforcement-bodies", {"result": "adjust"}, [("measures", "missing")]),
        ("entrustments", {"to_on": "2025-01-01"}, [("to_on", *ORDERED)]),
        ("grant-assessments", {"adjusted_on": "2024-12-01"}, [("adjustment", "missing")]),
        ("grant-assessments", {"granted_item_id": str(ids.new_id())}, [("granted_item_id", "not_found")]),
        ("township-pilots", {"accepted_on": "2025-01-01"}, [("accepted_on", *ORDERED)]),
        ("team-models", {"deputies": 1}, [("variant", "missing")]),
        ("jurisdiction-disputes", {"outcome": None}, [("outcome", "missing")]),
        ("clue-transfers", {"nature": "举报电话13800000000"}, [("nature", "record.tells_identity")]),
        ("clue-transfers", {"transferred_on": "2025-02-01"}, [("transferred_on", *ORDERED)]),
        ("responsibility-lists", {"address": None}, [("address", "missing")]),
        ("enforcement-assessments", {"score": -1}, [("score", "too_small")]),
        ("justice-office-pilots", {"ended_on": "2025-03-01"}, [("ended_on", *ORDERED)]),
        ("supervision-acts", {"document_no": None}, [("document_no", "missing")]),
        ("hotline-exchanges", {"enforcement_items": 121}, [("enforcement_items", "too_great")]),
        ("litigation-trainings", {"leaders": 31}, [("leaders", "too_great")]),
        ("platform-onboardings", {"stopped_on": "2024-01-01"}, [("stopped_on", *ORDERED)]),
        ("platform-usages", {"cases_on_platform": 21}, [("cases_on_platform", "too_great")]),
        ("staffings", {"certified": 13}, [("certified", "too_great")]),
        ("review-cooperations", {"ended_on": "2025-01-01"}, [("ended_on", *ORDERED)]),
        ("insurances", {"covered": 13, "to_on": "2024-12-31"}, [("covered", "too_great"), ("to_on", *ORDERED)]),
        ("linkage-checks", {"linked": True}, [("findings", "missing")]),
        ("satisfaction-surveys", {"satisfied": 1001}, [("satisfied", "too_great")]),
        ("plan-briefings", {"officers": 13}, [("officers", "too_great")]),
        ("implementation-plans", {"guarantees": ""}, [("guarantees", "too_short")]),
    ],
)
async def test_what_a_kind_checks(world: World, key: str, changes: dict[str, Any], faults: list[tuple[str, str]]) -> None:
    kind = KINDS[key]
    wanted = {name: value for name, value in body(world, kind, **changes).items() if value is not None}
    refused = await world.caller("bureau").post(kind.path, json=wanted)
    assert refused.status_code == 400, refused.text
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
        (f"/body/{name}", code) for name, code in faults
    ]


@pytest.mark.parametrize("key", ["grant-assessments", "township-pilots", "team-models"])
async def test_some_are_of_townships_only(world: World, key: str) -> None:
    kind = KINDS[key]
    refused = await world.caller("bureau").post(kind.path, json=body(world, kind, unit_id=str(world.place.bureau.id)))
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [
        ("/body/unit_id", "record.not_a_township")
    ]


async def test_a_team_of_another_size_says_why(world: World) -> None:
    kind = KINDS["team-models"]
    varied = body(world, kind, members=4, variant="人口较少，队员减为四名（演示）。")
    assert (await world.caller("member").post(kind.path, json=varied)).status_code == 201


async def test_what_is_owed_once_is_entered_once_also_at_once(world: World) -> None:
    kind = KINDS["budget-lines"]
    wanted = body(world, kind, budget_year=2023, line="equipment")
    answers = await asyncio.gather(*(world.caller("member").post(kind.path, json=wanted) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 400, 400, 400]
    [made] = [answer for answer in answers if answer.status_code == 201]
    path = made.headers["Location"]
    spent = await world.caller("member").patch(path, json={"spent_fen": 5}, version=1)
    assert (spent.status_code, spent.json()["spent_fen"]) == (200, 5)
    other = await world.caller("member").post(kind.path, json=wanted | {"line": "supervision"})
    clash = await world.caller("member").patch(other.headers["Location"], json={"line": "equipment"}, version=1)
    assert [(fault["pointer"], fault["code"]) for fault in clash.json()["errors"]] == [("/body/line", "repeated")]


async def test_units_named_are_of_the_district(world: World) -> None:
    kind = KINDS["consultations"]
    foreign = [str(world.place.town.id), str(world.place.foreign_town.id)]
    refused = await world.caller("bureau").post(kind.path, json=body(world, kind, member_unit_ids=foreign))
    assert [(fault["pointer"], fault["code"]) for fault in refused.json()["errors"]] == [("/body/member_unit_ids/1", "not_found")]


@pytest.mark.parametrize("key", ["budget-lines", "item-catalogues", "supervision-acts"])
async def test_who_reads_and_enters(world: World, key: str) -> None:
    kind = KINDS[key]
    made = await world.caller("bureau").post(kind.path, json=body(world, kind, external_id=f"x-{key}", **_fresh(key, 2020)))
    assert made.status_code == 201, made.text
    path, shared, by_bureau = (
        made.headers["Location"],
        kind.grants.read.grants == access.EVERYONE_IN_DISTRICT,
        writer(kind) == "bureau",
    )
    seen = {"government": 200, "platform": 200, "manager": 200, "member": 200, "foreign_bureau": 404, "auditor": 403}
    for name, status in (seen | {"other_manager": 200 if shared else 404}).items():
        assert (await world.caller(name).get(path)).status_code == status, name
    entering = {"government": 403, "auditor": 403, "reviewer": 403, "manager": 403 if by_bureau else 201}
    for name, status in (entering | {"other_manager": 403 if by_bureau else 400}).items():
        answer = await world.caller(name).post(kind.path, json=body(world, kind, **_fresh(key)), params={"dry_run": "true"})
        assert answer.status_code == status, (name, answer.text)
    assert (await world.client.get(kind.path)).status_code == 401
    assert (await world.caller("bureau").patch(path, json={})).status_code == 428
    assert (await world.caller("bureau").patch(path, json={}, version=9)).status_code == 412
    again = await world.caller("bureau").post(kind.path, json=body(world, kind, external_id=f"x-{key}", **_fresh(key)))
    assert (again.status_code, again.json()["code"]) == (409, "record.external_id_taken")


def _fresh(key: str, year: int = 2021) -> dict[str, Any]:
    return {"budget_year": year} if key == "budget-lines" else {}


async def test_a_batch_names_each_item_and_brings_known_ones_up_to_date(world: World) -> None:
    kind = KINDS["platform-usages"]
    good, bad = body(world, kind, external_id="u-1"), body(world, kind, cases=1)
    first = (await world.caller("platform").post(f"{kind.path}/batch", json={"items": [good, bad]})).json()["items"]
    assert [item["status"] for item in first] == [201, 400]
    assert first[1]["problem"]["errors"][0]["pointer"] == "/body/items/1/cases_on_platform"
    again = {"items": [good | {"cases": 30}]}
    second = (await world.caller("platform").post(f"{kind.path}/batch", json=again)).json()["items"]
    assert (second[0]["status"], second[0]["id"]) == (200, first[0]["id"])
    atomic = await world.caller("platform").post(f"{kind.path}/batch", json={"items": [good, bad], "atomic": True})
    assert (atomic.status_code, atomic.json()["code"]) == (400, "batch.refused")


async def test_the_list_of_kinds_and_unknown_ones(world: World) -> None:
    found = RegistersOut.model_validate(await world.read("/v1/registers", "member")).registers
    assert [register.key for register in found] == sorted(KINDS)
    assert {number for register in found for number in register.tasks} == TASKS_SERVED
    assert {number for register in found for number in register.requirements} == {1, 2, 3}
    for method in ("get", "post"):
        answer = await getattr(world.caller("member"), method)("/v1/registers/unknown-things/records", json={})
        assert (answer.status_code, answer.json()["code"]) == (404, "register.unknown_kind")
    assert (await world.caller("auditor").get("/v1/registers")).status_code == 403


def test_each_kind_stands_in_the_file_of_its_name() -> None:
    for key, kind in KINDS.items():
        assert kind.facts.__module__.rpartition(".")[2] == key.replace("-", "_")
        assert kind.path == f"/v1/registers/{key}/records"
        assert kind.tasks or kind.requirements, key
