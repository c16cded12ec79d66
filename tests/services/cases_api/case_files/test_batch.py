"""Batches of case files: each item with its outcome, or all or none; a repeated import brings up to date."""

from __future__ import annotations

from typing import Any

import pytest

from services.kit import batches, ids
from services.kit.principal import Role
from tests import client
from tests.factories.cases import COMPANY, World

PATH = "/v1/case-files/batch"


def entry(world: World, **changes: Any) -> dict[str, Any]:
    return world.body(external_system="platform", external_id=str(ids.new_id()), **changes)


async def sent(world: World, *items: dict[str, Any], atomic: bool = False) -> list[batches.Outcome]:
    answer = await world.platform.post(PATH, json={"items": list(items), "atomic": atomic})
    assert answer.status_code == 200, answer.text
    return batches.Outcomes.model_validate_json(answer.content).items


async def shown(world: World, file_id: Any) -> dict[str, Any]:
    found: dict[str, Any] = (await world.bureau.get(f"/v1/case-files/{file_id}")).json()
    return found


def files_of(world: World, *items: dict[str, Any]) -> int:
    wanted = [item["external_id"] for item in items]
    return int(world.rows("SELECT count(*) FROM cases.case_files WHERE external_id = ANY(%s)", wanted)[0][0])


async def test_good_items_are_written_and_bad_ones_answered_one_by_one(cases_world: World) -> None:
    good, bad = entry(cases_world), entry(cases_world, decided_on="2099-03-01")
    foreign = entry(cases_world) | {"unit_id": str(cases_world.place.foreign_town.id)}
    outcomes = await sent(cases_world, good, bad, foreign)
    assert [outcome.status for outcome in outcomes] == [201, 400, 400]
    problems = [outcome.problem or {} for outcome in outcomes]
    assert problems[1]["errors"][0]["pointer"] == "/body/items/1/decided_on"
    assert problems[2]["errors"][0] == problems[2]["errors"][0] | {"pointer": "/body/items/2/unit_id", "code": "not_found"}
    assert files_of(cases_world, good, bad, foreign) == 1


async def test_an_atomic_batch_is_written_whole_or_not_at_all(cases_world: World) -> None:
    good, bad = entry(cases_world), entry(cases_world, decided_on="2099-03-01")
    refused = await cases_world.platform.post(PATH, json={"items": [good, bad], "atomic": True})
    assert (refused.status_code, refused.json()["code"]) == (400, "batch.refused")
    assert [fault["pointer"] for fault in refused.json()["errors"]] == ["/body/items/1/decided_on"]
    assert files_of(cases_world, good, bad) == 0
    assert [outcome.status for outcome in await sent(cases_world, good, entry(cases_world), atomic=True)] == [201, 201]


async def test_a_rehearsed_batch_writes_nothing_and_uses_no_number(cases_world: World) -> None:
    item = entry(cases_world, filed_on="2014-01-02")
    rehearsed = await cases_world.platform.post(PATH, params={"dry_run": "true"}, json={"items": [item]})
    assert rehearsed.json()["items"][0]["status"] == 201
    assert files_of(cases_world, item) == 0
    (outcome,) = await sent(cases_world, item)
    assert (await shown(cases_world, outcome.id))["case_no"].endswith("-2014-CF-00001")


async def test_a_repeated_import_changes_nothing_even_of_a_closed_file(cases_world: World) -> None:
    item = entry(cases_world, decided_on="2025-04-01", closed_on="2025-04-20", steps=[{"step": "notice", "on": "2025-03-20"}])
    (first,) = await sent(cases_world, item)
    before = await shown(cases_world, first.id)
    (again,) = await sent(cases_world, item)
    assert (again.status, again.id) == (200, first.id)
    assert await shown(cases_world, first.id) == before
    (count,) = cases_world.rows("SELECT count(*) FROM kit.audit_events WHERE object_id = %s", first.id)
    assert count == (1,)


async def test_an_import_with_news_carries_the_file_on(cases_world: World) -> None:
    item = entry(cases_world, steps=[{"step": "evidence", "on": "2025-03-10"}])
    (first,) = await sent(cases_world, item)
    before = await shown(cases_world, first.id)
    news = {
        "party": dict(COMPANY),
        "item": "改正后的事项（演示）",
        "decided_on": "2025-04-01",
        "closed_on": "2025-04-20",
        "steps": [{"step": "evidence", "on": "2025-03-11"}],
    }
    (again,) = await sent(cases_world, item | news)
    after = await shown(cases_world, first.id)
    assert (again.status, after["state"], after["item"], after["version"]) == (200, "closed", news["item"], 2)
    assert after["case_no"] == before["case_no"]
    assert after["party"]["name_masked"] == COMPANY["name"]
    assert [(step["step"], step["on"]) for step in after["steps"]] == [
        ("filing", "2025-03-03"),
        ("evidence", "2025-03-11"),
        ("decision", "2025-04-01"),
        ("closing", "2025-04-20"),
    ]
    history = (await cases_world.bureau.get(f"/v1/case-files/{first.id}/moves")).json()["items"]
    assert [move["action"] for move in history] == ["create", "decide", "close"]


async def test_news_of_a_locked_file_and_steps_back_are_refused(cases_world: World) -> None:
    closed = entry(cases_world, closed_on="2025-04-20")
    decided = entry(cases_world, decided_on="2025-04-01")
    await sent(cases_world, closed, decided)
    outcomes = await sent(
        cases_world,
        closed | {"item": "结案后的改动"},
        {name: value for name, value in decided.items() if name != "decided_on"},
        decided | {"kind": "licence"},
        decided | {"filed_on": "2024-12-31", "decided_on": "2025-04-01"},
    )
    assert [outcome.status for outcome in outcomes[:2]] == [409, 409]
    assert [(outcome.problem or {})["code"] for outcome in outcomes[:2]] == ["case_file.locked", "case_file.goes_back"]
    # The same external id a second time in one batch is a fault of its own, whatever else it brings.
    assert [(outcome.problem or {})["errors"][0]["code"] for outcome in outcomes[2:]] == ["repeated", "repeated"]
    for change in ({"kind": "licence"}, {"filed_on": "2024-12-31"}):
        (outcome,) = await sent(cases_world, decided | change)
        assert (outcome.problem or {})["code"] == "case_file.identity_fixed"


async def test_an_external_id_of_another_unit_is_out_of_reach(cases_world: World) -> None:
    item = entry(cases_world)
    (first,) = await sent(cases_world, item)
    place = cases_world.place
    neighbour = cases_world.caller(Role.UNIT_MANAGER, unit=place.other_town)
    stolen = cases_world.body(place.other_town, external_system="platform", external_id=item["external_id"])
    answer = await neighbour.post(PATH, json={"items": [stolen]})
    assert answer.json()["items"][0]["problem"]["code"] == "case_file.identity_fixed"
    assert (await shown(cases_world, first.id))["unit_id"] == str(place.town.id)
    elsewhere = cases_world.caller(Role.PLATFORM, unit=place.foreign_district)
    foreign = cases_world.body(place.foreign_town, external_system="platform", external_id=item["external_id"])
    assert (await elsewhere.post(PATH, json={"items": [foreign]})).json()["items"][0]["status"] == 201


async def test_a_member_imports_but_closes_nothing(cases_world: World) -> None:
    items = [entry(cases_world), entry(cases_world, closed_on="2025-04-20")]
    answer = await cases_world.member.post(PATH, json={"items": items})
    outcomes = answer.json()["items"]
    assert [outcome["status"] for outcome in outcomes] == [201, 400]
    assert outcomes[1]["problem"]["errors"][0]["code"] == "right.close_needed"


async def test_500_files_of_several_series_come_in_with_few_statements(cases_world: World) -> None:
    kinds = ("penalty", "licence", "inspection")
    items = [entry(cases_world, filed_on="2015-02-03", kind=kinds[place % 3]) for place in range(500)]
    with client.statements(cases_world.services.database("cases_api")) as statements:
        outcomes = await sent(cases_world, *items)
    assert {outcome.status for outcome in outcomes} == {201}
    assert len(statements) < 40, len(statements)
    for kind, count in zip(kinds, (167, 167, 166), strict=True):
        found = cases_world.rows(
            "SELECT sequence FROM cases.case_numbers WHERE year = 2015 AND kind = %s AND unit_id = %s ORDER BY 1",
            kind,
            cases_world.place.town.id,
        )
        assert [row[0] for row in found] == list(range(1, count + 1))


@pytest.mark.parametrize("items", [[], [{}] * 501])
async def test_a_batch_is_neither_empty_nor_endless(cases_world: World, items: list[dict[str, Any]]) -> None:
    assert (await cases_world.platform.post(PATH, json={"items": items})).status_code == 400
