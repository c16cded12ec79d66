"""An import that is cut short, run twice, cancelled, or run beside others leaves all of it once, or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.kit import imports, jobs, operations
from services.kit.imports import Run
from services.training_api.hour_imports import actions
from services.training_api.hour_imports.jobs import TASK
from tests import sheets
from tests.factories import training
from tests.services.training_api.hour_imports.conftest import HEADINGS, PATH, Importer, Person, hired, row

# What a killed process leaves behind is what a task leaves that is torn down with its connection.
STEPS = ["_stage", "_take_turn", "_post", "_finish"]


class Killed(BaseException):
    """The process is gone."""


async def started(importer: Importer, *rows: list[Any], **options: Any) -> tuple[Any, str]:
    sender = importer.world.bureau
    sent = await importer.send(sheets.text([HEADINGS, *rows]), sender, **options)
    return sender, str(sent.json()["id"])


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_a_killed_import_is_done_once(
    importer: Importer, person: Person, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    sender, key = await started(importer, row(person.number), row(person.number, hours="x"))
    whole = getattr(imports, step)

    async def cut(*arguments: Any, **options: Any) -> None:
        if when == "after":
            await whole(*arguments, **options)
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(imports, step, cut)
        with pytest.raises(Killed):
            await importer.work(key)
    assert await importer.posted(person.facts) == []
    for _ in range(2):
        await importer.work(key)
    found = (await sender.get(f"{PATH}/{key}")).json()
    assert (found["state"], found["accepted"], found["refused"]) == ("succeeded", 1, 1)
    assert len(await importer.posted(person.facts)) == 1


async def test_an_import_killed_after_its_commit_is_only_told_to_have_ended(
    importer: Importer, person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sender, key = await started(importer, row(person.number))

    async def gone(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "_end", gone)
        with pytest.raises(Killed):
            await importer.work(key)
    assert (await sender.get(f"{PATH}/{key}")).json()["state"] == "running"
    await importer.work(key)
    assert (await sender.get(f"{PATH}/{key}")).json()["state"] == "succeeded"
    assert len(await importer.posted(person.facts)) == 1


@pytest.mark.parametrize("share", [0.0, imports.READ, imports.CHECKED, 0.99])
async def test_a_cancelled_import_leaves_nothing(
    importer: Importer, person: Person, monkeypatch: pytest.MonkeyPatch, share: float
) -> None:
    sender, key = await started(importer, row(person.number))
    whole = operations.Operation.note

    async def note(self: operations.Operation, progress: float) -> None:
        if progress >= share:
            with importer.world.superuser() as connection:
                connection.execute("UPDATE kit.operations SET cancel_asked = true WHERE id = %s", [key])
        await whole(self, progress)

    monkeypatch.setattr(operations.Operation, "note", note)
    await importer.work(key)
    found = (await sender.get(f"{PATH}/{key}")).json()
    assert (found["state"], found.get("rows")) == ("cancelled", None)
    assert await importer.posted(person.facts) == []
    await importer.work(key)
    assert (await sender.get(f"{PATH}/{key}")).json()["state"] == "cancelled"


async def test_imports_side_by_side_count_each_row_once(importer: Importer, world: training.World) -> None:
    people = [await hired(world) for _ in range(3)]
    rows = [row(each.number, external=f"S-{place}", note="并行") for place, each in enumerate(people)]
    plain = [row(each.number, on="2024-05-07", note="并行") for each in people]
    keys = [(await started(importer, *rows, *plain))[1] for _ in range(3)]
    await asyncio.gather(*(importer.work(key) for key in keys))
    assert [len(await importer.posted(each.facts)) for each in people] == [2, 2, 2]
    with world.superuser() as connection:
        sums = connection.execute("SELECT sum(accepted), sum(refused) FROM kit.imports WHERE id = ANY (%s::uuid[])", [keys])
        assert sums.fetchone() == (6, 12)


async def test_a_row_overtaken_while_it_was_posted_is_refused(
    importer: Importer, world: training.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = await hired(world), await hired(world)
    sender, key = await started(importer, row(one.number, external="O-1"), row(one.number, external="O-2"))

    async def post(run: Run) -> None:
        await world.hours(other.facts, external_id="O-1")
        await actions.post(run)

    work = replace(actions.WORK, post=post)
    await jobs.run(world.runtime, jobs.Task(actions.KIND, lambda operation: _run(operation, work)), UUID(key))
    found = (await sender.get(f"{PATH}/{key}")).json()
    assert (found["accepted"], found["first_refusals"][0]["reasons"][0]["code"]) == (1, "hours.duplicate_external_id")


async def _run(operation: operations.Operation, work: imports.Work) -> str | None:
    await imports.run(operation, work)
    return None


async def test_the_same_request_twice_is_one_import(importer: Importer, person: Person) -> None:
    sender = importer.world.bureau
    content = sheets.text([HEADINGS, row(person.number)])
    headers = {"Idempotency-Key": "one"}
    first, again = [await importer.send(content, sender, headers=headers) for _ in range(2)]
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    other = await importer.send(content, sender, headers=headers, params={"dry_run": "true"})
    assert other.status_code == 422


def left_by_a_dead_worker(world: training.World, key: str) -> None:
    """The job as a killed process leaves it: taken by a worker that is heard of no more."""
    with world.superuser() as connection:
        connection.execute("SET search_path = kit")
        connection.execute("DELETE FROM procrastinate_jobs WHERE args->>'operation_id' <> %s", [key])
        worker = connection.execute("SELECT worker_id FROM procrastinate_register_worker_v1()").fetchone()
        assert worker is not None
        taken = connection.execute("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['training_api'], %s)", worker).fetchall()
        assert len(taken) == 1
        connection.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute' WHERE id = %s", worker)


@pytest.mark.parametrize("committed", [False, True])
async def test_the_work_of_a_dead_worker_is_taken_up_by_another(
    importer: Importer, person: Person, monkeypatch: pytest.MonkeyPatch, committed: bool
) -> None:
    sender, key = await started(importer, row(person.number), row(person.number, hours="x"))
    left_by_a_dead_worker(importer.world, key)

    async def gone(*_: Any, **__: Any) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(*((jobs, "_end") if committed else (imports, "_finish")), gone)
        with pytest.raises(Killed):
            await importer.work(key)
    assert (await sender.get(f"{PATH}/{key}")).json()["state"] == "running"
    monkeypatch.setattr(jobs, "HEARTBEAT_SECONDS", 0.1)
    async with jobs.working(importer.world.runtime, [TASK]), asyncio.timeout(20):
        while (found := (await sender.get(f"{PATH}/{key}")).json())["state"] == "running":  # noqa: ASYNC110  # told by the database
            await asyncio.sleep(0.02)
    assert (found["state"], found["accepted"], found["refused"]) == ("succeeded", 1, 1)
    assert len(await importer.posted(person.facts)) == 1
    with importer.world.superuser() as connection:
        jobs_left = connection.execute("SELECT DISTINCT status::text FROM kit.procrastinate_jobs").fetchall()
    assert jobs_left == [("succeeded",)]


def test_the_job_is_the_services_own() -> None:
    assert TASK.kind == actions.KIND
