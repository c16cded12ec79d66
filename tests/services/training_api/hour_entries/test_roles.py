"""Who may do what with class hours: role × operation × where the officer belongs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import httpx
import pytest

from services.kit.principal import Role
from tests.client import Caller
from tests.factories.training import START, World
from tests.places import Place, Unit

WHERE: dict[str, Callable[[Place], Unit]] = {
    "own": lambda place: place.town,
    "below": lambda place: place.town_branch,
    "other": lambda place: place.other_town,
    "foreign": lambda place: place.foreign_town,
}
UNSEEN = {"list": "absent", "get": 404, "post": 400, "confirm": 404, "refuse": 404, "reverse": 404}
DONE = {"list": "listed", "get": 200, "post": 201, "confirm": 200, "refuse": 200, "reverse": 201}
OPERATIONS = tuple(DONE)
READS_AND_POSTS = {"list", "get", "post"}
# Role → which operations, and where they reach; whatever is not named here is forbidden (403).
GRANTED: dict[Role, tuple[set[str], set[str]]] = {
    Role.BUREAU: (set(OPERATIONS), {"own", "below", "other"}),
    Role.UNIT_MANAGER: (set(OPERATIONS), {"own", "below"}),
    Role.UNIT_MEMBER: (READS_AND_POSTS, {"own"}),
    Role.PLATFORM: (READS_AND_POSTS, {"own", "below", "other"}),
}


async def act(world: World, by: Caller, operation: str, where: Unit) -> int | str:
    """Does it on hours of a fresh officer there; the status, or whether the list holds them."""
    officer = await world.officer(where)
    home = Caller(world.client, Role.BUREAU, unit=Unit(where.path[0], where.path[:1], ""), now=int(START.timestamp()))
    body = world.hours_in(officer, source="self_study" if operation in {"confirm", "refuse"} else "class")
    if operation == "post":
        return (await by.post("/v1/hour-entries", json=body)).status_code
    entry = (await home.post("/v1/hour-entries", json=body)).json()
    path = f"/v1/hour-entries/{entry['id']}"
    calls: dict[str, Callable[[], Awaitable[httpx.Response]]] = {
        "list": lambda: by.get("/v1/hour-entries", params={"officer_id": officer["id"]}),
        "get": lambda: by.get(path),
        "confirm": lambda: by.post(f"{path}/confirm", version=2),
        "refuse": lambda: by.post(f"{path}/refuse", json={"reason": "无笔记"}, version=2),
        "reverse": lambda: by.post(f"{path}/reversal", json={"reason": "误登", "effective": "today"}, version=2),
    }
    answer = await calls[operation]()
    if operation == "list" and answer.status_code == 200:
        return "listed" if [item["id"] for item in answer.json()["items"]] == [entry["id"]] else "absent"
    return answer.status_code


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_reaches_what_it_is_granted(world: World, role: Role) -> None:
    operations, reach = GRANTED.get(role, (set(), set()))
    for operation in OPERATIONS:
        for name, find in WHERE.items():
            found = await act(world, world.caller(role), operation, find(world.place))
            expected = 403 if operation not in operations else (DONE if name in reach else UNSEEN)[operation]
            assert found == expected, (role, operation, name)


@pytest.mark.parametrize("role", list(Role))
async def test_allowed_actions_tell_what_would_be_done(world: World, role: Role) -> None:
    operations, reach = GRANTED.get(role, (set(), set()))
    if "get" not in operations:
        return
    posted = await world.hours(await world.officer())
    pending = await world.hours(await world.officer(), source="self_study")
    shown = [(await world.caller(role).get(f"/v1/hour-entries/{entry['id']}")).json() for entry in (posted, pending)]
    decides = "confirm" in operations and "own" in reach
    assert [each["allowed_actions"] for each in shown] == ([["reversal"], ["confirm", "refuse"]] if decides else [[], []])


async def test_nobody_calls_without_a_token(world: World) -> None:
    entry = await world.hours(await world.officer())
    for method, path in (
        ("GET", "/v1/hour-entries"), ("POST", "/v1/hour-entries"), ("GET", f"/v1/hour-entries/{entry['id']}"),
        ("POST", f"/v1/hour-entries/{entry['id']}/reversal"), ("GET", "/v1/ledger/verification"), ("GET", "/v1/ledger/head"),
    ):  # fmt: skip
        assert (await world.client.request(method, path, json={} if method == "POST" else None)).status_code == 401, path
