"""An import and a batch of single entries come to the same: under caps, with online courses, closed years, staff who wait."""

from __future__ import annotations

import random
from typing import Any

import pytest

from services.kit.principal import Role
from tests import sheets
from tests.factories import training
from tests.services.training_api.hour_imports.conftest import Importer, Person, hired, refusals

HEADINGS = ["身份证号", "类别", "学时", "日期", "来源", "开始时间", "结束时间", "网络课程", "备注", "外部编号"]
SOURCES = {"class": "面授", "online": "网络", "teaching": "授课", "self_study": "自学"}
COURSES = ["行政处罚法 专题", "行政处罚法专题", "执法文书", "ＡＩ办案", "ai办案"]


@pytest.fixture(scope="module", autouse=True)
async def _settings(world: training.World) -> None:
    """Caps on two sources from March on; 2023 is closed."""
    world.clock.moment = training.START
    rule = {"valid_from": "2024-03-01", "source_caps": {"online": 30, "teaching": 12.5}, "members_wait": True}
    made = await world.bureau.post("/v1/hour-rules", json=rule)
    assert made.status_code == 201, made.text
    year = await world.bureau.get("/v1/hour-years/2023")
    headers = {"If-Match": year.headers["etag"], "X-Change-Reason": "year%20over"}
    closed = await world.bureau.post("/v1/hour-years/2023/close", headers=headers)
    assert closed.status_code == 200, closed.text


def asked(chance: random.Random) -> dict[str, Any]:
    """Hours that often get into each other's way."""
    on = f"{chance.choice([2024, 2024, 2024, 2023])}-{chance.randint(2, 4):02}-{chance.randint(1, 4):02}"
    found: dict[str, Any] = {
        "category": "business",
        "hours": chance.choice([0.5, 2, 4, 7.25, 8, 11, 24, 25]),
        "occurred_on": on,
        "source": chance.choice(list(SOURCES)),
        "external_id": f"X{chance.getrandbits(60)}",
    }
    if chance.random() < 0.5:
        start = chance.randrange(0, 23)
        end = chance.randrange(start, 24)
        found |= {"starts_at": f"{on}T{start:02}:00:00+08:00", "ends_at": f"{on}T{end:02}:30:00+08:00"}
    if found["source"] == "online" or chance.random() < 0.05:
        found["course"] = chance.choice(COURSES)
    return found


def as_row(number: str, item: dict[str, Any]) -> list[str]:
    times = [item[name][11:16] if name in item else "" for name in ("starts_at", "ends_at")]
    facts = ["业务知识", str(item["hours"]), item["occurred_on"], SOURCES[item["source"]], *times]
    return [number, *facts, item.get("course", ""), "", item["external_id"]]


@pytest.fixture(scope="module")
async def twins(world: training.World, _settings: None) -> list[tuple[Person, Person]]:
    """People of whom one gets by a batch what the other gets by a file."""
    return [(await hired(world), await hired(world)) for _ in range(12)]


@pytest.mark.parametrize("role", [Role.BUREAU, Role.UNIT_MANAGER, Role.UNIT_MEMBER])
@pytest.mark.parametrize("seed", range(4))
async def test_a_file_comes_to_what_a_batch_comes_to(
    importer: Importer, world: training.World, twins: list[tuple[Person, Person]], role: Role, seed: int
) -> None:
    chance, by = random.Random(f"{role} {seed}"), world.caller(role)
    options: dict[str, Any] = {"headers": {"X-Change-Reason": "late"}} if seed % 2 else {}
    items = [(place, asked(chance)) for place in range(len(twins)) for _ in range(chance.choice([1, 2, 2, 3]))]
    chance.shuffle(items)
    batch = [item | {"officer_id": twins[place][0].facts["id"], "external_system": "batch"} for place, item in items]
    assert (await by.post("/v1/hour-entries/batch", json={"items": batch}, **options)).status_code == 200
    found = await importer.run(
        sheets.text([HEADINGS, *(as_row(twins[place][1].number, item) for place, item in items)]), by, **options
    )
    states = {(entry["external_system"], entry["external_id"]): entry["state"] for entry in await everything(world)}
    keys = [item["external_id"] for _, item in items]
    by_batch, by_file = ([states.get((system, key), "refused") for key in keys] for system in ("batch", "platform"))
    assert by_file == by_batch
    assert 0 < found["accepted"] == len([state for state in by_file if state != "refused"]) < len(items)


async def everything(world: training.World) -> list[dict[str, Any]]:
    """All entries with an external id."""
    with world.superuser() as connection:
        rows = connection.execute("SELECT external_system, external_id, entered_as FROM training.hour_entries").fetchall()
    return [{"external_system": row[0], "external_id": row[1], "state": row[2]} for row in rows]


async def test_a_closed_year_wants_a_reason_and_the_bureaus_consent(
    importer: Importer, person: Person, world: training.World
) -> None:
    file = sheets.text([["身份证号", "类别", "学时", "日期", "来源"], [person.number, "业务知识", "4", "2023-05-06", "面授"]])
    found = await importer.run(file, world.manager)
    assert refusals(found) == {2: ["occurred_on:hours.reason_needed"]}
    reason = {"X-Change-Reason": "%E8%A1%A5%E7%99%BB"}
    assert (await importer.run(file, world.manager, headers=reason))["accepted"] == 1
    (entry,) = await importer.posted(person.facts)
    assert (entry["state"], entry["late_reason"]) == ("pending", "补登")
    with world.superuser() as connection:
        told = connection.execute("SELECT reason FROM kit.audit_events WHERE object_id = %s", [entry["id"]]).fetchall()
    assert told == [("补登",)]


async def test_caps_and_courses_are_told_with_their_columns(importer: Importer, person: Person, world: training.World) -> None:
    rows = [
        ["4", "2024-04-01", "网络", "执法文书"],
        ["4", "2024-04-02", "网络", "执法 文书"],
        ["4", "2024-04-03", "面授", "执法文书"],
        ["12", "2024-04-04", "授课", ""],
        ["1", "2024-04-05", "授课", ""],
        ["1", "1999-04-05", "面授", ""],
    ]
    table = [["身份证号", "学时", "日期", "来源", "网络课程", "类别"], *([person.number, *row, "业务知识"] for row in rows)]
    found = await importer.run(sheets.text(table))
    assert refusals(found) == {
        3: ["course:hours.online_course_twice"],
        4: ["course:hours.course_not_online"],
        6: ["hours:hours.source_cap"],
        7: ["occurred_on:hours.not_in_service", "occurred_on:hour_rule.none"],
    }
    assert found["first_refusals"][2]["reasons"][0]["detail"] == "学时：该人员本年度此来源的学时将超过上限 12.5。"
