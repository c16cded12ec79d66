"""The main story through the gateway: from the plan to the scoreboard, twice."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from services.tasks_api.scoreboard.schemas import ScoreboardOut
from tests.e2e.conftest import System

TOWN = "岳峰镇"
# What the chapters of training come to, the first time and each time after.
TRAINING = {
    "personnel": {"officers": 200, "certificates": 200, "auxiliaries": 16},
    "training_plans": {"approved": 2, "missing": 53},
    "classes": {"held": 8, "waiting": 4},
    "import": {"rows": 44, "known_or_accepted": 40, "bad": 4},
    "completion_certificates": 23,
    "compliance": {"officers": 204, "met": 176, "short": 28},
    # The chapter itself demands that each rule is found in the file planted for it, and in no other.
    "cases": {
        "files": 61,
        "found": {rule: f"rule-{rule}" for rule in (f"P{number:02}" for number in range(1, 27))},
        "overridden": ["P15", "P17"],
    },
    "review_campaign": {
        "modes": ["cross", "sample", "self"],
        "recused": 1,
        "bases": ["arbitration", "objection", "reviews"],
        "final": True,
        "rectifications": ["closed"],
        "compared": 2,
    },
}

# What the chapters of qualifications, norms and disputes prove in their year.
PROVED = {"O11b", "O5", "O7", "O8", "O15", "O19"}
REVIEWED = {"year": 2025, "self": 3, "cross": 1, "sample": 1}


def task(board: dict[str, Any], number: int) -> dict[str, Any]:
    return next(row for row in board["tasks"] if row["kind"] == "task" and row["number"] == number)


def town(row: dict[str, Any]) -> dict[str, Any]:
    return next(unit for unit in row["units"] if unit["short_name"] == TOWN)


@pytest.fixture(scope="module")
def bureau(system: System, played: dict[str, Any]) -> Iterator[httpx.Client]:
    with system.client("bureau") as client:
        yield client


@pytest.fixture
def first(played: dict[str, Any]) -> dict[str, Any]:
    return played


def test_the_demonstration_ends_on_a_scoreboard_that_shows_it(first: dict[str, Any]) -> None:
    board = first["scoreboard"]
    ScoreboardOut.model_validate_json(json.dumps(board))
    assert len([row for row in board["tasks"] if row["kind"] == "task"]) == 24
    assert len([row for row in board["tasks"] if row["kind"] == "requirement"]) == 3
    assert [row["title"] for row in board["tasks"] if row["kind"] != "subtask" and not row["obligations"]] == []
    [assignment] = town(task(board, 1))["assignments"]
    assert (assignment["state"], assignment["percent"]) == ("approved", 100)
    assert town(task(board, 2))["training_hours"] == {"year": 2025, "officers": 4, "met": 2, "rate": 0.5}
    assert town(task(board, 16))["reviewed_files"] == REVIEWED
    assert first["hours"] == [48, 64, 64, 48]
    assert sorted(first["grades"]) == ["excellent", "fail", "good"]
    for name, wanted in TRAINING.items():
        assert first[name] == wanted, name


def records(bureau: httpx.Client) -> dict[str, list[str]]:
    """Where the records of each task and requirement are: behind what is done of its obligations, and in its registers."""
    found: dict[str, list[str]] = defaultdict(list)
    wanted: dict[str, Any] = {"year": 2025, "limit": 200}
    while page := bureau.get("/v1/obligations", params=wanted).json():
        for each in page["items"]:
            for name in served(each) if each["value"] > 0 else ():
                found[name].append(each["evidence_url"])
        if page["next_cursor"] is None:
            break
        wanted["cursor"] = page["next_cursor"]
    for kind in bureau.get("/v1/registers").json()["registers"]:
        for name in served(kind):
            found[name].append(kind["path"])
    return found


def served(each: dict[str, Any]) -> list[str]:
    return [f"T{number}" for number in each["tasks"]] + [f"R{number}" for number in each["requirements"]]


def test_each_task_and_requirement_has_a_record_of_its_own(bureau: httpx.Client, first: dict[str, Any]) -> None:
    addresses = records(bureau)
    names = {*(f"T{number}" for number in range(1, 25)), *(f"R{number}" for number in range(1, 4))}
    held = {name for name in names if any(bureau.get(address).json()["items"] for address in addresses[name])}
    assert names - held == set()
    assert set(first["obligations"]["met"]) >= PROVED


def test_the_demonstration_works_a_second_time(system: System, first: dict[str, Any]) -> None:
    again = json.loads(system.told("demo", "--json"))
    board = again["scoreboard"]
    for name, wanted in TRAINING.items():
        assert again[name] == wanted, name
    assert again["hours"] == first["hours"], "a reversal of this run's own hours leaves the sums as they were"
    assert town(task(board, 16))["reviewed_files"] == REVIEWED
    assert sorted(again["grades"]) == sorted(first["grades"])
    assert again["audit_events"] > first["audit_events"]


def test_a_unit_sees_its_own_row_only(system: System, first: dict[str, Any]) -> None:
    with system.client("manager.350111102") as manager, system.client("manager.350111001") as other:
        own = manager.get("/v1/scoreboard", params={"plan_id": first["plan_id"]}).json()
        assert {unit["short_name"] for row in own["tasks"] for unit in row["units"]} == {TOWN}
        [assignment] = town(task(own, 1))["assignments"]
        path = f"/v1/assignments/{assignment['id']}"
        assert manager.get(path).status_code == 200
        assert other.get(path).status_code == 404
        files = manager.get("/v1/case-files").json()["items"]
        assert other.get(f"/v1/case-files/{files[0]['id']}").status_code == 404
        evidence = manager.get("/v1/attachments").json()["items"][0]
        content = manager.get(f"/v1/attachments/{evidence['id']}/content")
        assert "filename*=UTF-8''" in content.headers["Content-Disposition"]
        assert other.get(f"/v1/attachments/{evidence['id']}/content").status_code == 404


def test_the_feed_tells_what_happened_without_gaps(bureau: httpx.Client) -> None:
    seen: list[int] = []
    kinds: set[str] = set()
    after = "0"
    while True:
        page = bureau.get("/v1/changes", params={"after": after, "limit": 200}).json()
        seen += [change["sequence"] for change in page["items"]]
        kinds |= {change["kind"] for change in page["items"]}
        if not page["items"]:
            break
        after = page["next_cursor"]
    assert seen == sorted(set(seen))
    assert {"plan.activated", "assignment.submitted", "assignment.approved", "review.submitted"} <= kinds


def test_the_merged_document_and_the_docs_page_are_open(system: System) -> None:
    document = httpx.get(f"{system.address}/openapi.json").json()
    assert {"/v1/units", "/v1/assignments", "/v1/case-files", "/v1/hour-entries", "/auth/token"} <= set(document["paths"])
    page = httpx.get(f"{system.address}/docs")
    assert page.status_code == 200
    assert "https://" not in page.text


def test_up_again_says_that_it_runs(system: System) -> None:
    told = system.told("up", "--detach", "--port", str(system.port))
    assert "already runs" in told
    assert system.address in told
