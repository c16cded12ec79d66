"""The feed: nothing missing and nothing twice while transactions stay open, in commit order, for those who may see it."""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import ExitStack
from typing import Any
from uuid import UUID

import psycopg
import pytest

from services.directory_api.changes import queries, schemas
from services.kit import ids, relay
from services.kit.principal import Role, Scope
from tests.client import Caller, Services
from tests.places import Place, Unit

PATH = "/v1/changes"


def message(place: Place, object_id: UUID | None = None, version: int = 1, **facts: Any) -> dict[str, Any]:
    usual = {
        "id": ids.new_id(), "recorded_at": "2025-03-01T08:00:00Z", "service": "tasks_api", "kind": "assignment.changed",
        "object_type": "assignment", "object_id": object_id or ids.new_id(), "version": version,
        "district_id": place.district.id, "unit_id": place.town.id, "account_ids": [],
        "audience": {Role.BUREAU: Scope.DISTRICT}, "data": {},
    }  # fmt: skip
    return usual | facts


def write(connection: psycopg.Connection, *messages: dict[str, Any]) -> None:
    connection.execute("SELECT kit.record('[]', %s::jsonb)", [json.dumps(messages, default=str)])


def number(owner: psycopg.Connection) -> None:
    owner.execute("SELECT kit.number_outbox()")


async def follow(caller: Caller, after: str = "0", limit: int = 7) -> tuple[list[dict[str, Any]], str]:
    """All that is there behind a place, page by page, and the place reached."""
    found: list[dict[str, Any]] = []
    while True:
        answer = await caller.get(PATH, params={"after": after, "limit": limit})
        assert answer.status_code == 200, answer.text
        page = schemas.ChangePage.model_validate_json(answer.content)
        found += answer.json()["items"]
        if not page.items and page.next_cursor == after:
            return found, after
        after = page.next_cursor


async def newest(caller: Caller) -> str:
    """The place behind everything."""
    return (await follow(caller, limit=200))[1]


@pytest.mark.parametrize("seed", range(3))
async def test_a_reader_misses_nothing_while_slow_transactions_are_open(
    bureau: Caller, place: Place, owner: psycopg.Connection, database_url: str, seed: int
) -> None:
    chance = random.Random(seed)
    after = await newest(bureau)
    seen: list[str] = []
    committed: list[set[str]] = [set()]
    with ExitStack() as stack:
        writers = [stack.enter_context(psycopg.connect(database_url)) for _ in range(5)]
        pending: dict[int, list[str]] = {place: [] for place in range(5)}
        for _ in range(150):
            which, act = chance.randrange(5), chance.choice(["write", "write", "commit", "roll back", "number", "read"])
            if act == "write":
                made = message(place)
                write(writers[which], made)
                pending[which].append(str(made["object_id"]))
            elif act == "commit":
                writers[which].commit()
                committed[-1] |= set(pending[which])
                pending[which] = []
            elif act == "roll back":
                writers[which].rollback()
                pending[which] = []
            elif act == "number":
                number(owner)
                committed.append(set())
            else:
                found, after = await follow(bureau, after)
                seen += [each["object_id"] for each in found]
        for which, writer in enumerate(writers):
            writer.commit()
            committed[-1] |= set(pending[which])
    number(owner)
    seen += [each["object_id"] for each in (await follow(bureau, after))[0]]
    assert len(seen) == len(set(seen)), "something came twice"
    # In commit order: what was committed before a numbering comes before what was committed after it.
    for batch in committed:
        assert set(seen[: len(batch)]) == batch
        seen = seen[len(batch) :]
    assert seen == []


async def test_changes_of_one_object_come_in_the_order_of_their_versions(
    bureau: Caller, sysadmin: Caller, place: Place, services: Services
) -> None:
    process = services.runtime("directory_api")
    after = await newest(bureau)
    relaying = [asyncio.create_task(relay.repeat(process, relay.seal, 0.01)) for _ in range(2)]
    body = {"name": "示例丙镇", "short_name": "示例丙镇", "kind": "town", "parent_id": str(place.district.id)}
    made = [(await sysadmin.post("/v1/units", json=body | {"code": f"35911170{n}"})).json()["id"] for n in range(3)]

    async def writer(unit_id: str, by: str) -> None:
        for step in range(15):
            version = (await sysadmin.get(f"/v1/units/{unit_id}")).json()["version"]
            await sysadmin.patch(f"/v1/units/{unit_id}", json={"name": f"示例{by}{step}镇"}, version=version)

    seen: list[dict[str, Any]] = []
    writing = asyncio.gather(*(writer(unit_id, by) for unit_id in made for by in "甲乙"))
    while not writing.done():
        found, after = await follow(bureau, after)
        seen += found
    await relay.seal(process)
    for task in relaying:
        task.cancel()
    await asyncio.gather(*relaying, return_exceptions=True)
    seen += (await follow(bureau, after))[0]
    sequences = [each["sequence"] for each in seen]
    assert sequences == sorted(set(sequences))
    for unit_id in made:
        versions = [each["version"] for each in seen if each["object_id"] == unit_id]
        last = (await sysadmin.get(f"/v1/units/{unit_id}")).json()["version"]
        assert versions == list(range(1, last + 1))


# audience of the message, and which callers it reaches; the message speaks of the town.
REACH: list[tuple[dict[Role, Scope], set[str]]] = [
    ({Role.BUREAU: Scope.DISTRICT}, {"bureau"}),
    ({Role.UNIT_MANAGER: Scope.UNIT_AND_BELOW}, {"manager"}),
    ({Role.UNIT_MEMBER: Scope.UNIT}, {"member"}),
    ({Role.UNIT_MEMBER: Scope.DISTRICT}, {"member", "member beside", "member below"}),
    ({Role.PLATFORM: Scope.DISTRICT, Role.GOVERNMENT: Scope.DISTRICT}, {"platform", "government"}),
    ({Role.REVIEWER: Scope.ASSIGNED}, {"assigned reviewer"}),
    ({Role.UNIT_MEMBER: Scope.SELF}, set()),
    (
        {Role.UNIT_MANAGER: Scope.ALL},
        {"manager", "manager beside", "manager below", "manager elsewhere"},
    ),
    ({Role.SYSTEM_ADMIN: Scope.ALL, Role.AUDITOR: Scope.ALL}, set()),
    ({}, set()),
]


async def test_a_message_reaches_whom_its_object_reaches(
    services: Services, place: Place, owner: psycopg.Connection, bureau: Caller
) -> None:
    reviewer_id = ids.new_id()

    def person(unit: Unit, role: Role, account_id: UUID | None = None) -> Caller:
        return Caller(services.client("directory_api"), role, unit=unit, account_id=account_id)

    callers = {
        "bureau": person(place.bureau, Role.BUREAU),
        "bureau elsewhere": person(place.foreign_district, Role.BUREAU),
        "government": person(place.district, Role.GOVERNMENT),
        "platform": person(place.district, Role.PLATFORM),
        "platform elsewhere": person(place.foreign_district, Role.PLATFORM),
        "manager": person(place.town, Role.UNIT_MANAGER),
        "manager below": person(place.town_branch, Role.UNIT_MANAGER),
        "manager beside": person(place.other_town, Role.UNIT_MANAGER),
        "manager elsewhere": person(place.foreign_town, Role.UNIT_MANAGER),
        "member": person(place.town, Role.UNIT_MEMBER),
        "member below": person(place.town_branch, Role.UNIT_MEMBER),
        "member beside": person(place.other_town, Role.UNIT_MEMBER),
        "assigned reviewer": person(place.other_town, Role.REVIEWER, reviewer_id),
        "other reviewer": person(place.town, Role.REVIEWER),
    }
    after = await newest(bureau)
    made = [message(place, audience=audience, account_ids=[reviewer_id]) for audience, _ in REACH]
    write(owner, *made)
    number(owner)
    seen = {name: {each["object_id"] for each in (await follow(caller, after))[0]} for name, caller in callers.items()}
    for sent, (audience, expected) in zip(made, REACH, strict=True):
        assert {name for name in callers if str(sent["object_id"]) in seen[name]} == expected, audience


async def test_a_reader_who_sees_nothing_still_gets_on(
    services: Services, place: Place, bureau: Caller, owner: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = Caller(services.client("directory_api"), Role.BUREAU, unit=place.foreign_district)
    before = int(await newest(bureau))
    write(owner, *(message(place) for _ in range(9)))
    number(owner)
    blind = (await stranger.get(PATH, params={"after": before})).json()
    assert blind == {"items": [], "next_cursor": str(before + 9)}
    monkeypatch.setattr(queries, "REACH", 4)
    steps = []
    place_ = str(before)
    for _ in range(4):
        place_ = (await stranger.get(PATH, params={"after": place_})).json()["next_cursor"]
        steps.append(int(place_) - before)
    assert steps == [4, 8, 9, 9]
    found, _ = await follow(bureau, str(before))
    assert [each["sequence"] for each in found] == list(range(before + 1, before + 10))


async def test_the_end_is_a_place_to_come_back_to(bureau: Caller, place: Place, owner: psycopg.Connection) -> None:
    end = await newest(bureau)
    assert (await bureau.get(PATH, params={"after": end})).json() == {"items": [], "next_cursor": end}
    write(owner, made := message(place))
    assert (await bureau.get(PATH, params={"after": end})).json()["items"] == [], "not numbered yet"
    number(owner)
    assert [each["object_id"] for each in (await bureau.get(PATH, params={"after": end})).json()["items"]] == [
        str(made["object_id"])
    ]
    beyond = str(9_007_199_254_740_991)
    assert (await bureau.get(PATH, params={"after": beyond})).json() == {"items": [], "next_cursor": beyond}


@pytest.mark.parametrize(
    ("params", "pointer"),
    [
        ({"after": "-1"}, "/query/after"),
        ({"after": "x"}, "/query/after"),
        ({"after": "9007199254740992"}, "/query/after"),
        ({"limit": "201"}, "/query/limit"),
        ({"cursor": "1"}, "/query/cursor"),
    ],
)
async def test_a_bent_question_is_refused_by_name(bureau: Caller, params: dict[str, str], pointer: str) -> None:
    answer = await bureau.get(PATH, params=params)
    assert answer.status_code == 400
    assert [fault["pointer"] for fault in answer.json()["errors"]] == [pointer]
