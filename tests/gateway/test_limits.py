"""How much and how large: rate limits per account and address, bodies above the limit."""

from __future__ import annotations

from uuid import uuid4

import httpx

from services.kit.principal import Role
from tests import tokens
from tests.gateway import running


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def test_an_account_above_its_rate_is_429_and_others_are_not() -> None:
    account = uuid4()
    async with (
        running.world(rate_per_account=3, rate_window_seconds=60) as world,
        httpx.AsyncClient(base_url=world.url, trust_env=False) as client,
    ):
        # Several tokens of one account count together: a new sign-in buys no new allowance.
        answers = [await client.get("/v1/tasks", headers=bearer(tokens.manager(account_id=account))) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"account";q=3;w=60'
        assert answers[0].headers["ratelimit"].startswith('"account";r=2;t=')
        refused = answers[3]
        assert (refused.json()["code"], refused.headers["content-type"]) == ("too_many_requests", "application/problem+json")
        assert 0 < int(refused.headers["retry-after"]) <= 60
        assert refused.headers["ratelimit"].startswith('"account";r=0;')
        assert len(world.upstreams["tasks"].calls) == 3
        other = await client.get("/v1/tasks", headers=bearer(tokens.of(Role.BUREAU)))
        assert other.status_code == 200


async def test_callers_without_a_token_are_counted_by_address() -> None:
    async with (
        running.world(rate_per_address=3, rate_window_seconds=60) as world,
        httpx.AsyncClient(base_url=world.url, trust_env=False) as client,
    ):
        guesses = [
            await client.get("/v1/tasks", headers=bearer("a.b.c") | {"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(2)
        ]
        assert [answer.status_code for answer in guesses] == [401, 401]
        assert (await client.post("/auth/token")).status_code == 200
        assert (await client.post("/auth/token")).status_code == 429
        assert (await client.get("/v1/tasks", headers=bearer(tokens.manager()))).status_code == 200
        assert (await client.get("/livez")).status_code == 200


async def test_open_look_ups_are_scarcer_and_leave_the_rest_alone() -> None:
    async with (
        running.world(rate_lookups_per_address=2, rate_window_seconds=60) as world,
        httpx.AsyncClient(base_url=world.url, trust_env=False) as client,
    ):
        # Other numbers from one address count together: a register is not copied one by one.
        answers = [await client.get(f"/v1/completion-certificates/JA-{n}/verification") for n in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[0].headers["ratelimit-policy"] == '"lookup";q=2;w=60'
        assert len(world.upstreams["training"].calls) == 2
        assert (await client.post("/auth/token")).status_code == 200


async def test_behind_a_trusted_proxy_each_caller_is_counted_alone() -> None:
    async with (
        running.world(rate_per_address=2, rate_window_seconds=60, trusted_proxies="127.0.0.1") as world,
        httpx.AsyncClient(base_url=world.url, trust_env=False) as client,
    ):

        async def ask(forwarded: str) -> int:
            return (await client.post("/auth/token", headers={"X-Forwarded-For": forwarded})).status_code

        assert [await ask("203.0.113.1") for _ in range(3)] == [200, 200, 429]
        assert [await ask("203.0.113.2") for _ in range(3)] == [200, 200, 429]
        # What a caller writes itself buys no new allowance, and neither does another address of its IPv6 line.
        assert await ask("198.51.100.9, 203.0.113.1") == 429
        assert [await ask(f"2001:db8:1:2::{number}") for number in range(3)] == [200, 200, 429]
        seen = [call.values("x-forwarded-for") for call in world.upstreams["directory"].calls]
        assert seen[:4] == [["203.0.113.1"]] * 2 + [["203.0.113.2"]] * 2
        figures = await client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
        assert figures.status_code == 404


async def test_nobody_else_is_believed() -> None:
    async with (
        running.world(rate_per_address=2, rate_window_seconds=60, trusted_proxies="192.0.2.0/24") as world,
        httpx.AsyncClient(base_url=world.url, trust_env=False) as client,
    ):
        answers = [await client.post("/auth/token", headers={"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert {call.values("x-forwarded-for")[0] for call in world.upstreams["directory"].calls} == {"127.0.0.1"}


async def test_bodies_above_the_limit_are_413_and_readable_from_another_origin() -> None:
    async with running.world(max_upload_bytes=10_000) as world:
        lines = ("POST /v1/tasks HTTP/1.1", "Host: localhost", f"Origin: {running.ORIGIN}")
        head = "\r\n".join([*lines, f"Authorization: Bearer {tokens.manager()}", ""])
        announced = await running.raw(world.port, f"{head}Content-Length: 10001\r\n\r\n".encode())
        assert world.calls() == 0
        chunk = b"1000\r\n" + b"x" * 0x1000 + b"\r\n"
        counted = await running.raw(world.port, f"{head}Transfer-Encoding: chunked\r\n\r\n".encode(), chunk, chunk, chunk)
        for answer in (announced, counted):
            assert answer.startswith(b"HTTP/1.1 413 ")
            assert b"application/problem+json" in answer
            assert f"access-control-allow-origin: {running.ORIGIN}".encode() in answer
        assert all(len(call.body) <= 10_000 for call in world.upstreams["tasks"].calls)
