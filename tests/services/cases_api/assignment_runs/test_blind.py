"""Two reviewers of a file are blind to each other until both are in, and to its unit where that is set; then publication."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from services.kit import ids, openapi
from services.kit.principal import Role
from tests.client import Caller
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.services.cases_api.assignment_runs.rounds import Turn, drawn, outsider, reviewer

FINDING = {"item_key": "clear", "deduction": 4, "reason": "时间表述不清"}
VETO = {"key": "not_delivered", "reason": "无送达回证"}


@pytest.fixture(scope="module", autouse=True)
def stock(world: World) -> None:
    """One closed file of the town."""
    reviews.case_file(world.connection, world.place.town)


@pytest.fixture(autouse=True)
def nobody(world: World) -> Iterator[None]:
    """Each test brings its own reviewers."""
    yield
    world.connection.execute("UPDATE published.accounts SET active = false")


async def pair(world: World, **wanted: Any) -> tuple[Turn, list[tuple[Caller, dict[str, Any]]]]:
    """A round of one file, and its two reviewers with their assignments."""
    for _ in range(2):
        outsider(world)
    turn = await drawn(world, **wanted)
    assert (await turn.assign())["state"] == "succeeded"
    found = sorted(await turn.assignments(), key=lambda each: str(each["id"]))
    return turn, [(reviewer(world, UUID(each["account_id"])), each) for each in found]


async def submit(who: Caller, assignment: dict[str, Any], *items: Any, vetoes: Any = ()) -> None:
    body = {"items": list(items), "vetoes": list(vetoes)}
    good(await who.post(f"/v1/reviews/{assignment['id']}/submit", json=body, version=1))


def every_read(app: Any, turn: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Every GET route of the service, exports and figures among them, asked for this round and review where it takes an id."""
    known = {
        "case_file_id": other["case_file_id"], "review_id": other["id"], "assignment_id": other["id"], "round_id": turn["id"],
        "campaign_id": turn["campaign_id"], "draw_id": turn["draw_id"], "number": 1,
    }  # fmt: skip
    paths = [route.path for route in openapi.routes_of(app) if "GET" in (route.methods or ()) and route.path.startswith("/v1")]
    asked = [re.sub(r"\{(\w+)\}", lambda name: str(known.get(name[1], ids.new_id())), path) for path in paths]
    # The circular draws a paper for seconds; its figures are those of the statistics.
    return [f"{path}?year=2025" if path.endswith("statistics") else path for path in asked if not path.endswith("/circular")]


async def walked(who: Caller, turn: Turn, other: dict[str, Any]) -> str:
    """Everything a caller can read about another's review: lists, filters, single objects, history, records."""
    by_file = {"case_file_id": other["case_file_id"], "limit": 200}
    answers = [
        await who.get("/v1/reviews", params=by_file),
        await who.get("/v1/reviews", params={"account_id": other["account_id"]}),
        await who.get("/v1/review-assignments", params=by_file),
        await who.get(f"{turn.path}/assignments", params={"limit": 200}),
        await who.get(f"/v1/reviews/{other['id']}"),
        await who.get(f"/v1/reviews/{other['id']}/versions"),
        await who.get(f"/v1/reviews/{other['id']}/versions/1"),
        await who.get(f"/v1/review-assignments/{other['id']}"),
        await who.get("/v1/results", params={"case_file_id": other["case_file_id"]}),
        await who.request("PUT", f"/v1/reviews/{other['id']}", json={"items": []}, version=1),
        await who.post(f"/v1/reviews/{other['id']}/submit", json={"items": []}, version=1),
        await who.post(f"/v1/review-assignments/{other['id']}/accept", version=1),
    ]
    answers += [await who.get(path) for path in every_read(turn.world.services.app("cases_api"), await turn.now(), other)]
    # What is named in the path is no news.
    return " ".join(answer.text.replace(f"/v1/reviews/{other['id']}", "").replace(f"{other['id']}/", "") for answer in answers)


@pytest.mark.parametrize("roles", [(Role.REVIEWER,), (Role.BUREAU, Role.REVIEWER)], ids=["reviewer", "bureau"])
async def test_neither_sees_the_other_until_both_are_in(world: World, roles: tuple[Role, ...]) -> None:
    turn, ((first, one), (second, two)) = await pair(world)
    who = world.caller(*roles, unit=world.place.bureau, account_id=UUID(one["account_id"]))
    reason = f"时间表述不清 {two['id']}"
    await submit(second, two, FINDING | {"reason": reason})
    seen = await walked(who, turn, two)
    assert two["account_id"] not in seen
    assert reason not in seen
    assert [each["id"] for each in good(await who.get("/v1/reviews", params={"round_id": one["round_id"]}))["items"]] == [
        one["id"]
    ]
    told = world.rows(
        "SELECT data, account_ids::text[] FROM kit.outbox WHERE kind = 'review.submitted' AND object_id = %s", two["id"]
    )
    assert told == [({}, [two["account_id"]])]
    await submit(first, one, FINDING)
    expected = 200 if Role.BUREAU in roles else 404
    assert (await who.get(f"/v1/reviews/{two['id']}")).status_code == expected


async def test_a_hidden_unit_shows_nowhere_until_the_round_is_published(world: World) -> None:
    turn, ((first, one), (second, two)) = await pair(world, hide_units=True)
    town = str(world.place.town.id)
    good(await first.post(f"/v1/reviews/{one['id']}/open", version=1))
    paths = (
        "/v1/reviews",
        f"/v1/reviews/{one['id']}",
        "/v1/review-assignments",
        f"/v1/review-assignments/{one['id']}",
        turn.path,
        "/v1/review-rounds",
        "/v1/draws",
        f"/v1/case-files/{one['case_file_id']}",
        f"/v1/case-files/{one['case_file_id']}/documents",
        f"{turn.path}/assignment-runs/1",
    )
    for path in paths:
        answer = await first.get(path)
        found = (
            answer.text if path != "/v1/review-rounds" else str([each for each in answer.json()["items"] if each["hide_units"]])
        )
        assert town not in found, path
        assert world.place.town.code not in found, path
    for path in ("/v1/reviews", "/v1/review-assignments"):
        assert good(await first.get(path, params={"unit_id": town}))["items"] == [], path
    good(await first.post(f"/v1/reviews/{one['id']}/submit", json={"items": []}, version=2))
    await submit(second, two)
    await turn.act("publish")
    assert good(await first.get(f"/v1/reviews/{one['id']}"))["unit_id"] == town
    assert (await first.get(f"/v1/case-files/{one['case_file_id']}")).status_code == 200
    draw = (await turn.now())["draw_id"]
    assert (await world.manager().get(f"/v1/draws/{draw}")).status_code == 200


@pytest.mark.parametrize(
    ("first_found", "second_found"),
    [
        (([], []), ([FINDING | {"deduction": 6}], [])),
        (([], []), ([FINDING | {"deduction": 15}], [])),
        (([], [VETO]), ([], [])),
        (([FINDING | {"deduction": 12}], [{"key": "basic", "reason": "缺"}]), ([FINDING | {"deduction": 12}], [])),
    ],
    ids=["spread", "grade", "veto", "veto without effect"],
)
async def test_a_round_whose_reviews_disagree_is_not_published(world: World, first_found: Any, second_found: Any) -> None:
    turn, ((first, one), (second, two)) = await pair(world)
    for (who, each), (items, vetoes) in zip(((first, one), (second, two)), (first_found, second_found), strict=True):
        await submit(who, each, *items, vetoes=vetoes)
    answer = await world.bureau.post(f"{turn.path}/publish", version=(await turn.now())["version"])
    assert (answer.status_code, answer.json()["code"]) == (409, "review_round.undecided")


async def test_the_result_of_a_file_is_the_mean_of_its_reviews(world: World) -> None:
    turn, ((first, one), (second, two)) = await pair(world)
    await submit(first, one, FINDING)
    answer = await world.bureau.post(f"{turn.path}/publish", version=(await turn.now())["version"])
    assert answer.json()["code"] == "review_round.unfinished"
    await submit(second, two, FINDING | {"deduction": 4.01})
    await turn.act("publish")
    (result,) = good(await world.manager().get("/v1/results", params={"round_id": one["round_id"]}))["items"]
    # 96 and 95.99 make 95.995, rounded half up.
    assert (result["total"], result["grade"], result["mode"]) == (96, "excellent", "sample")
    assert result["review_ids"] == sorted([one["id"], two["id"]])


async def test_a_file_without_all_its_reviewers_keeps_the_round_open(world: World) -> None:
    turn, ((first, one), (second, two)) = await pair(world)
    await submit(first, one)
    good(await second.post(f"/v1/review-assignments/{two['id']}/decline", json={"reason": "病假"}, version=1))
    answer = await world.bureau.post(f"{turn.path}/publish", version=(await turn.now())["version"])
    assert (answer.status_code, answer.json()["code"]) == (409, "review_round.unfinished")
