"""Imports as a caller sees them: a file sent, its job run at once, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx
import pytest

from services.kit import jobs
from services.training_api.hour_imports.jobs import TASK
from tests import sheets
from tests.client import Caller
from tests.factories import training
from tests.factories.training import id_number

PATH = "/v1/hour-imports"
HEADINGS = ["身份证号", "类别", "学时", "日期", "来源", "开始时间", "结束时间", "备注", "外部编号"]


@dataclass
class Importer:
    """Sends files in and runs their jobs."""

    world: training.World

    async def send(self, content: bytes, by: Caller | None = None, name: str = "学时.csv", **options: Any) -> httpx.Response:
        """The file, as a form."""
        caller = by or self.world.bureau
        return await caller.post(PATH, files={"file": (name, content, "application/octet-stream")}, **options)

    async def work(self, operation_id: str) -> None:
        """Runs the job, as the worker would."""
        await jobs.run(self.world.runtime, TASK, UUID(operation_id))

    async def run(self, content: bytes, by: Caller | None = None, **options: Any) -> dict[str, Any]:
        """Sends a file and tells how its import went."""
        caller = by or self.world.bureau
        sent = await self.send(content, caller, **options)
        assert sent.status_code == 202, sent.text
        await self.work(sent.json()["id"])
        answer = await caller.get(f"{PATH}/{sent.json()['id']}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def rows(self, *rows: Sequence[Any], by: Caller | None = None, **options: Any) -> dict[str, Any]:
        """An import of these rows below the usual headings."""
        return await self.run(sheets.text([HEADINGS, *rows]), by, **options)

    async def posted(self, officer: dict[str, Any]) -> list[dict[str, Any]]:
        """What stands in the ledger for somebody, in the order of the file."""
        answer = await self.world.bureau.get("/v1/hour-entries", params={"officer_id": officer["id"], "sort": "created_at"})
        found: list[dict[str, Any]] = answer.json()["items"]
        return found


class Person:
    """An officer with the identity number that the service keeps sealed."""

    def __init__(self, number: str, facts: dict[str, Any]) -> None:
        self.number, self.facts = number, facts


SERIALS = iter(range(700_000, 800_000))


async def hired(world: training.World, **changes: Any) -> Person:
    """A fresh officer of the town, or as the changes say."""
    number = id_number(next(SERIALS))
    return Person(number, await world.officer(id_number=number, **changes))


@pytest.fixture
async def person(world: training.World) -> Person:
    """A fresh officer of the town."""
    return await hired(world)


@pytest.fixture(scope="module")
def importer(world: training.World) -> Importer:
    """The importer of the module's world."""
    return Importer(world)


def row(number: str, **changes: Any) -> list[Any]:
    """A good row of an officer with this identity number."""
    facts: dict[str, Any] = {
        "number": number, "category": "业务知识", "hours": "4", "on": "2024-05-06", "source": "面授", "start": "", "end": "",
        "note": "", "external": "",
    }  # fmt: skip
    return list((facts | changes).values())


def refusals(found: dict[str, Any]) -> dict[int, list[str]]:
    """Refused rows with the columns and codes of their reasons."""
    return {
        each["row"]: [":".join(filter(None, [reason.get("column"), reason["code"]])) for reason in each["reasons"]]
        for each in found["first_refusals"]
    }
