"""Keys under concurrency, and forgotten keys."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from httpx import Response
from sqlalchemy import text

from services.kit import clock, relay
from services.kit.principal import Role
from tests.client import Caller, Services


@pytest.fixture
def admin(services: Services) -> Caller:
    return Caller(services.client("directory_api"), Role.SYSTEM_ADMIN)


async def test_many_keys_sent_eight_times_at_once_act_once_each(admin: Caller, services: Services) -> None:
    def body(number: int) -> dict[str, str]:
        return {"code": f"35981{number:03}", "name": "测试区人民政府", "short_name": "测试区", "kind": "government"}

    async def send(number: int) -> Response:
        # A busy machine answers 503 to some of so many at once; what a key is for is to send them again.
        while True:
            answer = await admin.post("/v1/units", json=body(number), headers={"Idempotency-Key": f"key {number}"})
            if answer.status_code != 503:
                return answer

    answers = await asyncio.gather(*(send(number) for number in range(20) for _ in range(8)))
    statuses = [(answer.status_code, answer.headers.get("Idempotency-Replayed")) for answer in answers]
    assert statuses.count((201, None)) == 20
    rest = [answer for answer in answers if answer.status_code != 201]
    assert {answer.json()["code"] for answer in rest} <= {"idempotency.in_flight"}
    async with services.database().reading() as read:
        made = (await read.execute(text("SELECT count(*) FROM directory.units WHERE code LIKE '35981%'"))).scalar_one()
    assert made == 20


async def test_a_refused_request_leaves_no_key(admin: Caller) -> None:
    headers = {"Idempotency-Key": "refused"}
    wrong = {"code": "359821", "name": "某镇", "short_name": "某镇", "kind": "town"}
    assert (await admin.post("/v1/units", json=wrong, headers=headers)).status_code == 400
    right = wrong | {"kind": "government"}
    assert (await admin.post("/v1/units", json=right, headers=headers)).status_code == 201


@pytest.mark.parametrize("name", ["", "é" * 3, "x" * 256])
async def test_a_bent_key_is_refused(admin: Caller, name: str) -> None:
    answer = await admin.post("/v1/units", json={}, headers=[("Idempotency-Key", name.encode())])
    assert answer.status_code == 400


async def test_keys_are_forgotten_after_seven_days(admin: Caller, services: Services) -> None:
    body = {"code": "359831", "name": "测试区人民政府", "short_name": "测试区", "kind": "government"}
    await admin.post("/v1/units", json=body, headers={"Idempotency-Key": "old"})
    async with services.database().reading() as write:
        moment = clock.now() - timedelta(days=7, seconds=1)
        await write.execute(text("UPDATE kit.idempotency_keys SET created_at = :moment WHERE key = 'old'"), {"moment": moment})
    await relay.forget_old_keys(services.runtime("directory_api"))
    async with services.database().reading() as read:
        kept = (await read.execute(text("SELECT count(*) FROM kit.idempotency_keys WHERE key = 'old'"))).scalar_one()
    assert kept == 0
