"""A service process that stops at a chosen point and waits to be killed: `python -m tests.services.cases_api.kills.doomed`.

The first line it reads are the settings; each further line is an act, run by a process of its own that is forked from this one,
so that everything is imported once. It tells its process id, and that it has stopped, or what was answered.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import Any
from uuid import UUID

import httpx
from sqlalchemy import event
from sqlalchemy.orm import Session

from services.cases_api import main
from services.cases_api.assignment_runs import jobs as assigning
from services.cases_api.round_draws import jobs as drawing
from services.kit import jobs
from services.kit.settings import Settings
from tests import tokens

TASKS = {task.kind: task for task in (assigning.TASK, drawing.TASK)}


def say(**told: Any) -> None:
    """One line of JSON to whoever started this."""
    print(json.dumps(told), flush=True)


def stop(*_: Any) -> None:
    """The point at which the process is killed."""
    say(stopped=os.getpid())
    time.sleep(600)


async def act(app: Any, wanted: dict[str, Any]) -> None:
    """A request to the service, or the run of an operation, that stops where it is wanted."""
    runtime = app.state.runtime
    if wanted["stop"] == "before_commit":
        event.listen(runtime.database.writer.sync_engine, "commit", stop)
    if wanted["stop"] == "after_commit":
        event.listen(Session, "after_commit", stop)
    if "operation_id" in wanted:
        await jobs.run(runtime, TASKS[wanted["kind"]], UUID(wanted["operation_id"]))
        say(status=200)
        return
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=tokens.ISSUER) as client:
        answer = await client.post(wanted["path"], json=wanted["json"], headers=wanted["headers"])
    say(status=answer.status_code)


def forked(app: Any, line: str) -> None:
    """Runs one act in a process of its own and waits for its end."""
    pid = os.fork()
    if pid == 0:
        asyncio.run(act(app, json.loads(line)))
        os._exit(0)
    os.waitpid(pid, 0)
    say(ended=pid)


if __name__ == "__main__":
    served = main.create_app(Settings.model_validate_json(sys.stdin.readline()))
    for each in sys.stdin:
        forked(served, each)
