"""kill -9 while files are drawn, assigned or reviewed leaves the old state or the new one, and the act can be repeated."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from services.cases_api.assignment_runs import jobs
from services.kit import ids
from services.kit import jobs as kit_jobs
from services.kit.settings import Settings
from tests.client import ROLES, Caller
from tests.factories import reviews
from tests.factories.reviews import World, good
from tests.services.cases_api.assignment_runs import rounds

ROOT = Path(__file__).parents[4]
# What an act may leave behind, all of it or none.
TRACES = (
    "cases.review_rounds WHERE state = 'drawn'", "cases.draws WHERE state = 'drawn'", "cases.review_assignments",
    "cases.assignment_runs", "cases.reviews", "cases.review_versions", "cases.review_tallies", "cases.review_findings",
    "kit.audit_events", "kit.outbox", "kit.operations WHERE state = 'succeeded'", "kit.idempotency_keys",
)  # fmt: skip
SHEET = {"items": [{"item_key": "clear", "deduction": 2, "reason": "示例"}]}


class Doomed:
    """The process that is killed."""

    def __init__(self, settings: Settings) -> None:
        command = [sys.executable, "-m", "tests.services.cases_api.kills.doomed"]
        self.process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self._send(settings.model_dump_json())

    def _send(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")
        self.process.stdin.flush()

    def _told(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        found: dict[str, Any] = json.loads(self.process.stdout.readline())
        return found

    def kill(self, stop: str, **act: Any) -> None:
        """Lets it act up to this point, and kills it there."""
        self._send(json.dumps(act | {"stop": stop}, default=str))
        pid = self._told()["stopped"]
        os.kill(pid, signal.SIGKILL)
        assert self._told() == {"ended": pid}

    def close(self) -> None:
        """Ends it."""
        self.process.communicate(timeout=30)


@pytest.fixture(scope="module")
def doomed(settings: Settings) -> Iterator[Doomed]:
    """A second process of the service on the same database."""
    made = Doomed(settings.model_copy(update={"database_role": ROLES["cases_api"]}))
    yield made
    made.close()


def traces(world: World) -> list[int]:
    """How much there is of everything an act may leave behind."""
    return [world.rows(f"SELECT count(*) FROM {each}")[0][0] for each in TRACES]


def request(who: Caller, path: str, version: int, body: Any = None) -> dict[str, Any]:
    """An act over HTTP, under a key that stays the same when it is repeated."""
    headers = {"Authorization": f"Bearer {who.token}", "If-Match": f'"v{version}"', "Idempotency-Key": str(ids.new_id())}
    return {"path": path, "json": body, "headers": headers}


async def repeated(who: Caller, act: dict[str, Any]) -> bool:
    """The same request again, by a process that lives: it succeeds; whether it had been done before."""
    headers = {name: act["headers"][name] for name in ("If-Match", "Idempotency-Key")}
    answer = await who.post(act["path"], json=act["json"], headers=headers)
    assert answer.is_success, answer.text
    return bool(answer.headers.get("Idempotency-Replayed") == "true")


@pytest.mark.parametrize("stop", ["before_commit", "after_commit"])
async def test_all_or_nothing(world: World, doomed: Doomed, stop: str) -> None:
    town = world.place.town if stop == "before_commit" else world.place.other_town
    reviews.case_file(world.connection, town)
    is_done, bureau = stop == "after_commit", world.bureau
    campaign = await world.campaign()
    quota = {"share_per_10000": 10_000, "min": 0}
    body = {"campaign_id": campaign["id"], "mode": "sample", "unit_id": str(town.id), "quota": quota, "legal_reviewers": 0}
    turn = rounds.Turn(world, f"/v1/review-rounds/{good(await bureau.post('/v1/review-rounds', json=body))['id']}")
    await turn.act("freeze")
    await turn.act("seed", {"seed": str(ids.new_id()), "source": rounds.SOURCE})

    drawing = request(bureau, f"{turn.path}/draw", (await turn.now())["version"])
    before = traces(world)
    doomed.kill(stop, **drawing)
    assert (traces(world) != before, await repeated(bureau, drawing)) == (is_done, is_done)
    assert (await turn.now())["state"] == "drawn"

    people = [str(rounds.outsider(world)) for _ in range(2)]
    answer = await bureau.post(f"{turn.path}/assign", json={"account_ids": people}, version=(await turn.now())["version"])
    operation_id = UUID(answer.json()["id"])
    await _run_killed(world, doomed, turn, operation_id, stop)

    given = (await turn.assignments())[0]
    reviewer = rounds.reviewer(world, UUID(given["account_id"]))
    handing_in = request(reviewer, f"/v1/reviews/{given['id']}/submit", given["version"], SHEET)
    before = traces(world)
    doomed.kill(stop, **handing_in)
    assert (traces(world) != before, await repeated(reviewer, handing_in)) == (is_done, is_done)
    assert good(await reviewer.get(f"/v1/reviews/{given['id']}"))["total"] == 98


async def _run_killed(world: World, doomed: Doomed, turn: rounds.Turn, operation_id: UUID, stop: str) -> None:
    """The job of an assignment is killed and, as the queue does after ten seconds, run again."""
    runtime = world.services.runtime("cases_api")
    before = traces(world)
    doomed.kill(stop, kind=jobs.TASK.kind, operation_id=operation_id)
    assert (traces(world) != before) == (stop == "after_commit")
    await kit_jobs.run(runtime, jobs.TASK, operation_id)
    state = world.rows("SELECT state FROM kit.operations WHERE id = %s", operation_id)
    runs = world.rows("SELECT count(*) FROM cases.assignment_runs WHERE round_id = %s", turn.path.rpartition("/")[2])
    assert (state, runs, len(await turn.assignments())) == ([("succeeded",)], [(1,)], 2)
