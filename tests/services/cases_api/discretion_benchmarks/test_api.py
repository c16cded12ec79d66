"""Discretion benchmarks over HTTP: drafted, made public, replaced, filed with the bureau, due when their law changes."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from itertools import count
from typing import Any

import pytest
from httpx import Response

from services.cases_api.discretion_benchmarks import schemas
from services.kit import ids
from services.kit.principal import Role
from tests.client import Caller
from tests.factories.cases import World
from tests.places import Unit

PATH = "/v1/discretion-benchmarks"
SERIAL = count(1)
BANDS = [
    {"key": "light", "circumstance": "初次且及时改正", "penalty": "罚款", "low_fen": 10000, "high_fen": 20000},
    {"key": "heavy", "circumstance": "情节严重", "penalty": "罚款", "low_fen": 20000, "high_fen": 50000},
]
PUBLIC = {"published_on": "2024-03-01", "public_address": "示例公布第1号（演示）"}
ANSWER = {"received_on": "2024-03-20", "filing_no": "备字〔2024〕1号（演示）", "opinion": "noted"}


def body(unit: Unit, **changes: Any) -> dict[str, Any]:
    made: dict[str, Any] = {
        "unit_id": str(unit.id),
        "item": f"示例事项{next(SERIAL)}",
        "title": "示例裁量权基准（演示）",
        "legal_bases": [f"《示例条例》第{next(SERIAL)}条"],
        "bands": BANDS,
        "in_force_from": "2024-03-10",
    }
    return made | changes


def leader(world: World, unit: Unit) -> Caller:
    return world.caller(Role.UNIT_MANAGER, unit=unit)


async def drafted(world: World, unit: Unit | None = None, **changes: Any) -> dict[str, Any]:
    chosen = unit or world.place.town
    answer = await leader(world, chosen).post(PATH, json=body(chosen, **changes))
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def move(caller: Caller, found: Mapping[str, Any], verb: str, wanted: Any, **options: Any) -> Response:
    return await caller.post(f"{PATH}/{found['id']}/{verb}", json=wanted, version=found["version"], **options)


async def published(world: World, unit: Unit | None = None, **changes: Any) -> dict[str, Any]:
    found = await drafted(world, unit, **changes)
    answer = await move(leader(world, unit or world.place.town), found, "publish", PUBLIC)
    assert answer.status_code == 200, answer.text
    made: dict[str, Any] = answer.json()
    return made


def faults_of(answer: Response) -> set[tuple[str, str]]:
    assert answer.status_code == 400, answer.text
    return {(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]}


async def test_from_draft_to_the_bureaus_answer(cases_world: World) -> None:
    manager, bureau = cases_world.manager, cases_world.bureau
    answer = await cases_world.member.post(PATH, json=body(cases_world.place.town))
    found = schemas.BenchmarkOut.model_validate_json(answer.content)
    assert (answer.status_code, found.state, found.filing.state) == (201, "draft", "not_due")
    draft = answer.json()
    assert draft["allowed_actions"] == ["change"]
    assert (await manager.get(answer.headers["Location"])).json()["allowed_actions"] == ["change", "publish", "drop"]
    assert (await move(cases_world.member, draft, "publish", PUBLIC)).status_code == 403
    tried = await move(manager, draft, "publish", PUBLIC, params={"dry_run": "true"})
    assert tried.json()["state"] == "published"
    public = (await move(manager, draft, "publish", PUBLIC)).json()
    assert (public["state"], public["filing"]) == ("published", {"state": "late", "due_on": "2024-03-16"})
    assert (await move(manager, draft, "drop", {"reason": "x"})).status_code == 412
    assert (await move(manager, public, "publish", PUBLIC)).json()["code"] == "benchmark.illegal_move"
    assert (await move(bureau, public, "receive", ANSWER)).json()["code"] == "benchmark.not_filed"
    assert faults_of(await move(manager, public, "file", {"filed_on": "2024-02-29"})) == {
        ("/body/filed_on", "record.out_of_order")
    }
    filed = (await move(manager, public, "file", {"filed_on": "2024-03-16"})).json()
    assert (filed["filing"]["state"], filed["filing"]["lag_days"]) == ("filed", 15)
    assert (await move(manager, filed, "file", {"filed_on": "2024-03-16"})).json()["code"] == "benchmark.already_filed"
    assert (await move(manager, filed, "receive", ANSWER)).status_code == 403
    assert faults_of(await move(bureau, filed, "receive", ANSWER | {"opinion": "amend"})) == {("/body/opinion_text", "missing")}
    done = (await move(bureau, filed, "receive", ANSWER)).json()
    assert (done["filing"]["state"], done["filing"]["filing_no"]) == ("received", ANSWER["filing_no"])
    verbs = [f"discretion_benchmark.{verb}" for verb in ("created", "published", "filed", "received")]
    for statement in (
        "SELECT action FROM kit.audit_events WHERE object_id = %s ORDER BY id",
        "SELECT kind FROM kit.outbox WHERE object_id = %s ORDER BY id",
    ):
        assert [row[0] for row in cases_world.rows(statement, done["id"])] == verbs


async def test_a_day_late_is_late_and_an_own_term_goes_first(cases_world: World) -> None:
    public = await published(cases_world)
    filed = (await move(cases_world.manager, public, "file", {"filed_on": "2024-03-17"})).json()
    assert (filed["filing"]["state"], filed["filing"]["lag_days"]) == ("filed_late", 16)
    seen = "SELECT due_on::text, filed_on::text FROM published.benchmark_filings WHERE benchmark_id = %s"
    assert cases_world.rows(seen, filed["id"]) == [("2024-03-16", "2024-03-17")]
    own = {
        "topic": "benchmark_filing",
        "value": 20,
        "measure": "calendar_days",
        "valid_from": "2024-02-01",
        "source": "本区规定（演示）",
    }
    bureau = cases_world.caller(Role.BUREAU, unit=cases_world.place.foreign_district)
    assert (await bureau.post("/v1/legal-settings", json=own)).status_code == 201
    elsewhere = await published(cases_world, cases_world.place.foreign_town)
    assert elsewhere["filing"]["due_on"] == "2024-03-21"


async def test_a_new_version_ends_the_one_it_replaces(cases_world: World) -> None:
    old = await published(cases_world)
    same = {"item": old["item"], "trigger": "law_changed"}
    beside = await drafted(cases_world, in_force_from="2025-01-01", **same)
    assert (await move(cases_world.manager, beside, "publish", PUBLIC)).json()["code"] == "benchmark.overlapping"
    earlier = await drafted(cases_world, in_force_from="2024-03-10", replaces_id=old["id"], **same)
    assert (await move(cases_world.manager, earlier, "publish", PUBLIC)).json()["code"] == "benchmark.not_newer"
    newer = await drafted(cases_world, in_force_from="2025-01-01", replaces_id=old["id"], **same)
    assert (await move(cases_world.manager, newer, "publish", PUBLIC)).status_code == 200
    replaced = (await cases_world.manager.get(f"{PATH}/{old['id']}")).json()
    assert (replaced["state"], replaced["in_force_to"]) == ("superseded", "2024-12-31")
    for day, expected in (("2024-12-31", [old["id"]]), ("2025-01-01", [newer["id"]]), ("2024-03-09", [])):
        listed = await cases_world.bureau.get(PATH, params={"item": old["item"], "in_force_on": day})
        assert [
            item["id"] for item in schemas.BenchmarkPage.model_validate_json(listed.content).model_dump(mode="json")["items"]
        ] == expected
    twice = await drafted(cases_world, in_force_from="2025-06-01", replaces_id=old["id"], **same)
    assert (await move(cases_world.manager, twice, "publish", PUBLIC)).json()["code"] == "benchmark.illegal_move"


async def test_of_two_publications_at_once_one_wins(cases_world: World) -> None:
    first = await drafted(cases_world)
    second = await drafted(cases_world, item=first["item"])
    answers = await asyncio.gather(*(move(cases_world.manager, each, "publish", PUBLIC) for each in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_a_change_of_law_makes_versions_due_until_they_are_replaced(cases_world: World) -> None:
    found = await published(cases_world)
    basis = found["legal_bases"][0]
    wanted = {"legal_basis": basis, "changed_on": "2024-09-01", "note": "修正（演示）"}
    assert (await cases_world.manager.post("/v1/law-changes", json=wanted)).status_code == 403
    answer = await cases_world.bureau.post("/v1/law-changes", json=wanted)
    assert schemas.LawChangeOut.model_validate_json(answer.content).benchmarks_due == 1
    assert (await cases_world.bureau.post("/v1/law-changes", json=wanted)).status_code == 409
    due = (await cases_world.manager.get(PATH, params={"change_due": "true", "item": found["item"]})).json()["items"]
    assert [(item["id"], item["change_due_since"]) for item in due] == [(found["id"], "2024-09-01")]
    newer = await drafted(
        cases_world, item=found["item"], legal_bases=[basis], in_force_from="2024-10-01", replaces_id=found["id"]
    )
    await move(cases_world.manager, newer, "publish", PUBLIC)
    assert (await cases_world.manager.get(PATH, params={"change_due": "true", "item": found["item"]})).json()["items"] == []
    listed = (await cases_world.manager.get("/v1/law-changes", params={"legal_basis": basis})).json()["items"]
    assert [item["benchmarks_due"] for item in listed] == [0]


async def test_repeal_and_drop(cases_world: World) -> None:
    found = await published(cases_world)
    wanted = {"in_force_to": "2024-12-31", "reason": "事项取消（演示）"}
    assert faults_of(await move(cases_world.manager, found, "repeal", wanted | {"in_force_to": "2024-03-09"})) == {
        ("/body/in_force_to", "record.out_of_order")
    }
    assert (await move(cases_world.manager, found, "repeal", wanted)).json()["state"] == "repealed"
    draft = await drafted(cases_world)
    assert (await move(cases_world.manager, draft, "drop", {"reason": "另行起草"})).json()["state"] == "dropped"


async def test_every_fault_of_a_draft_is_told_at_once(cases_world: World) -> None:
    bands = [BANDS[0] | {"high_fen": 10000}, BANDS[0], BANDS[1] | {"high_fen": 100}]
    wrong = body(cases_world.place.town, zero_range=True, bands=bands, in_force_to="2024-03-09", replaces_id=str(ids.new_id()))
    assert faults_of(await cases_world.member.post(PATH, json=wrong)) == {
        ("/body/bands/1/key", "repeated"),
        ("/body/bands/1/high_fen", "benchmark.zero_range"),
        ("/body/bands/2/high_fen", "too_small"),
        ("/body/in_force_to", "record.out_of_order"),
        ("/body/replaces_id", "not_found"),
    }
    foreign = body(cases_world.place.town, unit_id=str(cases_world.place.foreign_town.id))
    assert faults_of(await cases_world.member.post(PATH, json=foreign)) == {("/body/unit_id", "not_found")}
    draft = await drafted(cases_world, bands=[])
    assert (await move(cases_world.manager, draft, "publish", PUBLIC)).json()["code"] == "benchmark.no_bands"
    path = f"{PATH}/{draft['id']}"
    refused = await cases_world.member.patch(path, json={"zero_range": True, "bands": BANDS}, version=1)
    assert {code for _, code in faults_of(refused)} == {"benchmark.zero_range"}
    changed = (await cases_world.member.patch(path, json={"bands": BANDS, "in_force_to": "2026-12-31"}, version=1)).json()
    assert (changed["bands"], changed["in_force_to"]) == (BANDS, "2026-12-31")
    assert "in_force_to" not in (await cases_world.member.patch(path, json={"in_force_to": None}, version=2)).json()


# role, unit of the caller → read a draft, read what is public, write a draft, publish, file, receive
TABLE: Mapping[str, tuple[tuple[Role, ...], str, tuple[int, ...]]] = {
    "member": ((Role.UNIT_MEMBER,), "town", (200, 200, 200, 403, 403, 403)),
    "manager": ((Role.UNIT_MANAGER,), "town", (200, 200, 200, 200, 200, 403)),
    "member_below": ((Role.UNIT_MEMBER,), "town_branch", (404, 200, 404, 403, 403, 403)),
    "manager_beside": ((Role.UNIT_MANAGER,), "other_town", (404, 200, 404, 404, 404, 403)),
    "manager_elsewhere": ((Role.UNIT_MANAGER,), "foreign_town", (404, 404, 404, 404, 404, 403)),
    "bureau": ((Role.BUREAU,), "bureau", (200, 200, 403, 403, 403, 200)),
    "bureau_elsewhere": ((Role.BUREAU,), "foreign_district", (404, 404, 403, 403, 403, 404)),
    "platform": ((Role.PLATFORM,), "district", (200, 200, 200, 200, 200, 403)),
    "government": ((Role.GOVERNMENT,), "district", (404, 200, 403, 403, 403, 403)),
    "reviewer": ((Role.REVIEWER,), "other_town", (403, 403, 403, 403, 403, 403)),
    "system_admin": ((Role.SYSTEM_ADMIN,), "", (403, 403, 403, 403, 403, 403)),
    "auditor": ((Role.AUDITOR,), "", (403, 403, 403, 403, 403, 403)),
}


@pytest.mark.parametrize("name", sorted(TABLE))
async def test_each_role_reaches_what_the_table_says(cases_world: World, name: str) -> None:
    roles, home, expected = TABLE[name]
    caller = cases_world.caller(*roles, unit=getattr(cases_world.place, home) if home else None)
    draft, public = await drafted(cases_world), await published(cases_world)
    filed = (await move(cases_world.manager, await published(cases_world), "file", {"filed_on": "2024-03-16"})).json()
    dry = {"params": {"dry_run": "true"}}
    answers = (
        await caller.get(f"{PATH}/{draft['id']}"),
        await caller.get(f"{PATH}/{public['id']}"),
        await caller.patch(f"{PATH}/{draft['id']}", json={"title": "改"}, version=1, **dry),
        await move(caller, draft, "publish", PUBLIC, **dry),
        await move(caller, public, "file", {"filed_on": "2024-03-16"}, **dry),
        await move(caller, filed, "receive", ANSWER, **dry),
    )
    assert tuple(answer.status_code for answer in answers) == expected
    listed = await caller.get(PATH, params={"limit": 200})
    if listed.status_code == 200:
        shown = {item["id"] for item in listed.json()["items"]}
        assert ((draft["id"] in shown), (public["id"] in shown)) == (expected[0] == 200, expected[1] == 200)
