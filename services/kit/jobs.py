"""Background work by name, on procrastinate's queue in PostgreSQL. A task must be safe to run twice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import procrastinate

from services.kit import db, db_faults, errors, logs, operations, problems
from services.kit.runtime import Runtime

log = logs.logger(__name__)

# A worker shows that it lives; one that has been silent so long has died, and its jobs are taken up by another.
HEARTBEAT_SECONDS = 2.0
SILENT_SECONDS = 10.0
MOST_TRIES = 50


@dataclass(frozen=True, slots=True)
class Task:
    """A kind of operation and what runs it; the answer is the address of the result."""

    kind: str
    run: Callable[[operations.Operation], Awaitable[str | None]]


async def run(runtime: Runtime, task: Task, operation_id: UUID, *, is_last: bool = False) -> None:
    """Runs one operation to its end and writes down how it ended. A cancelled or ended one is left alone.

    When the database is away the error is raised, so that the job is tried again; on the last try the operation fails.
    """
    async with runtime.database.reading() as connection:
        row = (await connection.execute(operations.TAKE, {"id": operation_id})).one_or_none()
    if row is None:
        await _end(runtime, operation_id, "cancelled")
        return
    operation = operations.Operation(row.id, row.kind, row.created_by, row.input, row.payload, runtime)
    try:
        result = await task.run(operation)
    except operations.Cancelled:
        await _end(runtime, operation_id, "cancelled")
    except errors.DomainError as refusal:
        await _end(runtime, operation_id, "failed", problem=_problem(refusal, operation_id))
    except Exception as error:
        log.error("job.failed", exc_info=error, task=task.kind)
        known = db_faults.translated(error)
        if known is not None and known.status == 503 and not is_last:
            raise
        await _end(runtime, operation_id, "failed", problem=_problem(known or errors.DomainError(), operation_id))
    else:
        await _end(runtime, operation_id, "succeeded", result_url=result)


def _problem(refusal: errors.DomainError, operation_id: UUID) -> dict[str, Any]:
    return problems.body_of(refusal, language="zh-CN", trace_id="", instance=f"/v1/operations/{operation_id}")


async def _end(
    runtime: Runtime, operation_id: UUID, state: str, *, result_url: str | None = None, problem: dict[str, Any] | None = None
) -> None:
    values = {"id": operation_id, "state": state, "result_url": result_url, "now": runtime.clock()}
    async with runtime.database.reading() as connection:
        await connection.execute(operations.END, values | {"problem": json.dumps(problem) if problem else None})


def _connector(runtime: Runtime) -> procrastinate.PsycopgConnector:
    role = f" -c role={runtime.settings.database_role}" if runtime.settings.database_role else ""
    # procrastinate names its tables without a schema.
    options = {"options": f"-c search_path=kit{role}", "password": runtime.database.arguments["password"]}
    return procrastinate.PsycopgConnector(conninfo=runtime.database.url, kwargs=options, min_size=1, max_size=4)


@asynccontextmanager
async def working(runtime: Runtime, tasks: Sequence[Task]) -> AsyncIterator[None]:
    """A worker for the service's own queue while the context is open; it is restarted when the database comes back."""
    background = asyncio.create_task(_work(runtime, tasks))
    try:
        yield
    finally:
        await db.cancel_safely(background)


async def _work(runtime: Runtime, tasks: Sequence[Task]) -> None:
    while True:
        app = procrastinate.App(connector=_connector(runtime))
        for task in tasks:
            _register(app, runtime, task)
        try:
            async with app.open_async(), _reviving(app, runtime.service):
                await app.run_worker_async(
                    queues=[runtime.service],
                    concurrency=2,
                    install_signal_handlers=False,
                    fetch_job_polling_interval=1.0,
                    update_heartbeat_interval=HEARTBEAT_SECONDS,
                    stalled_worker_timeout=SILENT_SECONDS,
                )
        except Exception as error:
            log.warning("worker.failed", error=type(error).__name__)
        await asyncio.sleep(1)


@asynccontextmanager
async def _reviving(app: procrastinate.App, queue: str) -> AsyncIterator[None]:
    """While the context is open, jobs of workers that died in the middle are taken up again."""
    background = asyncio.create_task(_revive(app, queue))
    try:
        yield
    finally:
        await db.cancel_safely(background)


async def _revive(app: procrastinate.App, queue: str) -> None:
    while True:
        try:
            for job in await app.job_manager.get_stalled_jobs(queue=queue, seconds_since_heartbeat=SILENT_SECONDS):
                log.warning("job.revived", task=job.task_name)
                await app.job_manager.retry_job(job)
        except Exception as error:
            log.warning("job.not_revived", error=type(error).__name__)
        await asyncio.sleep(HEARTBEAT_SECONDS)


def _register(app: procrastinate.App, runtime: Runtime, task: Task) -> None:
    retry = procrastinate.RetryStrategy(max_attempts=MOST_TRIES, wait=2)

    @app.task(name=f"{runtime.service}.{task.kind}", queue=runtime.service, retry=retry, pass_context=True)
    async def perform(context: procrastinate.JobContext, operation_id: str) -> None:
        await run(runtime, task, UUID(operation_id), is_last=context.job.attempts >= MOST_TRIES)
