"""What passes between caller and service, and what must not: headers, cookies, paths, streams, hang-ups, dead services."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from services.kit.principal import Role
from tests import tokens
from tests.gateway import running
from tests.gateway.running import World

BEARER = f"Bearer {tokens.manager()}"
HEAD = {"Authorization": BEARER}


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    """A request whose bytes nobody tidies up."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: {BEARER}", *headers, "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


SMUGGLED = (
    "X-User: root",
    "X-User-Id: 1",
    "X-Remote-User: root",
    "Remote-User: root",
    "Remote_User: root",
    "X_User: root",
    "X-Role: system_admin",
    "X-Roles: system_admin",
    "X-Unit: 1",
    "X-Unit-Id: 1",
    "X-Auth-Request-User: root",
    "X-Authenticated-User: root",
    "X-Forwarded-For: 203.0.113.7",
    "X-Forwarded-Host: elsewhere.test",
    "X-Forwarded-Proto: https",
    "X-Forwarded-Prefix: /x",
    "Forwarded: for=203.0.113.7",
    "X-Real-IP: 203.0.113.7",
    "X-Original-URL: /v1/units",
    "X-HTTP-Method-Override: DELETE",
    "Proxy-Authorization: Basic dTpw",
    "Keep-Alive: timeout=99",
    "TE: trailers",
    "X-Hop: 1",
    "Connection: x-hop",
)


async def test_claims_about_the_caller_are_stripped_and_only_the_token_speaks(world: World) -> None:
    await running.raw(world.port, request("/v1/tasks", *SMUGGLED, "X-Change-Reason: a", 'If-Match: "v1"'))
    call = world.upstreams["tasks"].calls[0]
    names = {name for name, _ in call.headers}
    assert not names & {line.split(":")[0].lower() for line in SMUGGLED} - {"x-forwarded-for"}
    assert call.values("x-forwarded-for") == ["127.0.0.1"]
    assert (call.values("authorization"), call.values("x-change-reason")) == ([BEARER], ["a"])
    assert call.values("if-match") == ['"v1"']


async def test_nothing_is_added_in_the_caller_s_name(world: World) -> None:
    await running.raw(world.port, request("/v1/tasks"))
    names = {name for name, _ in world.upstreams["tasks"].calls[0].headers}
    assert names == {"host", "authorization", "x-forwarded-for", "x-request-id", "traceparent"}


async def test_chinese_text_and_repeated_headers_pass_unchanged(world: World) -> None:
    await running.raw(world.port, request("/v1/tasks", "X-Note: 晋安", "Accept-Language: zh", "Prefer: a", "Prefer: b"))
    call = world.upstreams["tasks"].calls[0]
    assert call.values("x-note")[0].encode("latin-1").decode() == "晋安"
    assert call.values("prefer") == ["a", "b"]
    refused = await running.raw(world.port, request("/v1/tasks").replace(b"Connection", b"X-Note: \xff\xfe\r\nConnection"))
    assert refused.startswith(b"HTTP/1.1 400 ")


async def test_cookies_of_one_caller_never_reach_another(world: World, client: httpx.AsyncClient) -> None:
    first = await client.get("/v1/tasks?do=cookie", headers=HEAD)
    assert "session=first" in first.headers["set-cookie"]
    async with httpx.AsyncClient(base_url=world.url, trust_env=False) as other:
        await other.get("/v1/tasks", headers={"Authorization": f"Bearer {tokens.of(Role.BUREAU)}"})
    assert world.upstreams["tasks"].calls[-1].values("cookie") == []


async def test_the_service_s_hop_and_policy_headers_stay_behind(world: World, client: httpx.AsyncClient) -> None:
    answer = await client.get("/v1/tasks?do=talk", headers=HEAD | {"X-Request-ID": "mine-1"})
    names = set(answer.headers)
    assert not names & {"x-hop", "server", "access-control-allow-origin"}
    assert answer.headers.get_list("x-request-id") == ["mine-1"]
    assert answer.headers.get_list("content-security-policy") == ["sandbox"]
    assert answer.headers["link"] == '</v1/tasks?cursor=a>; rel="next"'
    assert len(answer.headers.get_list("date")) == 1


async def test_bodies_are_not_unpacked_and_redirects_not_followed(world: World) -> None:
    packed = await running.raw(world.port, request("/v1/tasks?do=packed"))
    assert packed.endswith(b"\r\n\r\n\x1f\x8b as they are")
    moved = await running.raw(world.port, request("/v1/tasks?do=redirect"))
    assert moved.startswith(b"HTTP/1.1 303 ")
    assert b"location: /v1/officers\r\n" in moved
    assert world.upstreams["training"].calls == []


@pytest.mark.parametrize(
    "path",
    ["/v1/units/%E6%99%8B%e5%ae%89", "/v1/units/a%20b+c;d=e,f~g", "/v1/units/%41%7e?q=%2F%2f&&x=+%zz&q", "/v1/units/a?"],
)
async def test_paths_and_queries_arrive_byte_for_byte(world: World, path: str) -> None:
    assert (await running.raw(world.port, request(path))).startswith(b"HTTP/1.1 200 ")
    call = world.upstreams["directory"].calls[0]
    assert f"{call.path}?{call.query}".removesuffix("?") == path.removesuffix("?")


@pytest.mark.parametrize(
    "path",
    [
        "/v1/units/a%2Fb",
        "/v1/units/a%2fbatch",
        "/v1/units/..",
        "/v1/units/%2e%2E",
        "/v1/units/../tasks",
        "/v1/./units",
        "//v1/units",
        "/v1//units",
        "/v1/units/",
        "//elsewhere.test/v1/units",
        "/v1/%75nits",
        "/V1/units",
        "/v1/units/a%00",
        "/v1/units/a%5Cb",
        "/docs/../v1/units",
        "/docs/static/../index.html",
        "/docs/static/%2e%2e/start.js",
        "/openapi/../openapi.json",
        "/metrics/",
        "/readyz/x",
    ],
)
async def test_paths_that_two_readers_could_read_differently_are_unknown(world: World, path: str) -> None:
    answer = await running.raw(world.port, request(path))
    assert answer.startswith(b"HTTP/1.1 404 ")
    assert b"application/problem+json" in answer
    assert world.calls() == 0


async def test_trace_and_request_id_are_kept_when_sound_and_made_when_not(world: World, client: httpx.AsyncClient) -> None:
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    kept = await client.get("/v1/tasks", headers=HEAD | {"traceparent": trace, "X-Request-ID": "front.1"})
    assert (kept.headers["traceparent"], kept.headers["x-request-id"]) == (trace, "front.1")
    call = world.upstreams["tasks"].calls[-1]
    assert (call.values("traceparent"), call.values("x-request-id")) == ([trace], ["front.1"])
    made = await client.get("/v1/tasks", headers=HEAD | {"traceparent": "00-zz", "X-Request-ID": 'a b"<'})
    assert len(made.headers["traceparent"]) == len(trace)
    assert made.headers["x-request-id"] not in {"", 'a b"<'}


async def test_a_large_answer_streams_through_without_being_gathered(world: World, client: httpx.AsyncClient) -> None:
    tasks = world.upstreams["tasks"]
    async with client.stream("GET", "/v1/tasks?do=stream", headers=HEAD) as answer:
        pieces = answer.aiter_raw()
        seen = len(await asyncio.wait_for(anext(pieces), 2))
        # The service sends the rest only now: had the gateway waited for the end, nothing would have come.
        tasks.go.set()
        sizes = [len(piece) async for piece in pieces]
    assert seen + sum(sizes) == 64 * 65_536
    assert max(sizes) <= 1_000_000


async def test_a_large_request_streams_through_without_being_gathered(world: World, client: httpx.AsyncClient) -> None:
    tasks = world.upstreams["tasks"]

    async def upload() -> AsyncIterator[bytes]:
        yield b"x" * 65_536
        await asyncio.wait_for(tasks.got.wait(), 2)
        for _ in range(63):
            yield b"x" * 65_536

    answer = await client.post("/v1/tasks", headers=HEAD, content=upload())
    assert (answer.status_code, answer.json()["length"]) == (200, 64 * 65_536)
    assert tasks.calls[0].pieces > 3


async def test_the_announced_length_is_kept(world: World, client: httpx.AsyncClient) -> None:
    await client.post("/v1/tasks", headers=HEAD, content=b"x" * 300_000)
    call = world.upstreams["tasks"].calls[0]
    assert (call.values("content-length"), call.values("transfer-encoding"), len(call.body)) == (["300000"], [], 300_000)


async def test_an_answer_before_the_body_is_passed_on(world: World, client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/tasks?do=early", headers=HEAD, content=b"x" * 3_000_000)
    assert answer.status_code == 409
    assert (await client.get("/v1/tasks", headers=HEAD)).status_code == 200


@pytest.mark.parametrize("do", ["hang", "drip"])
async def test_when_the_caller_goes_the_service_is_let_go(world: World, do: str) -> None:
    tasks = world.upstreams["tasks"]
    _, writer = await asyncio.open_connection("127.0.0.1", world.port)
    writer.write(request(f"/v1/tasks?do={do}"))
    await asyncio.wait_for(reached(tasks), 2)
    writer.close()
    await asyncio.wait_for(tasks.calls[0].gone.wait(), 2)


async def test_when_the_caller_goes_while_sending_the_service_is_let_go(world: World) -> None:
    tasks = world.upstreams["tasks"]
    _, writer = await asyncio.open_connection("127.0.0.1", world.port)
    writer.write(request("/v1/tasks", "Content-Length: 9000", method="POST") + b"abc")
    await asyncio.wait_for(tasks.got.wait(), 2)
    writer.close()
    await asyncio.wait_for(tasks.calls[0].gone.wait(), 2)


async def reached(upstream: running.Upstream) -> None:
    while not upstream.calls:  # noqa: ASYNC110  # the stand-in's list has no event
        await asyncio.sleep(0.005)


async def test_an_answer_that_breaks_off_cuts_the_caller_s_connection(world: World) -> None:
    answer = await running.raw(world.port, request("/v1/tasks?do=break"))
    assert b"content-length: 100\r\n" in answer
    assert answer.endswith(b"only this")
    torn = await running.raw(world.port, request("/v1/tasks?do=tear"))
    # Without the last chunk the caller knows that something is missing.
    assert torn.endswith(b"only this\r\n")


async def test_one_service_down_is_a_503_and_the_others_go_on() -> None:
    async with (
        running.world(tasks_url="http://127.0.0.1:9") as half,
        httpx.AsyncClient(base_url=half.url, trust_env=False) as client,
    ):
        down = await client.get("/v1/tasks", headers=HEAD)
        assert (down.status_code, down.json()["code"]) == (503, "unavailable")
        assert int(down.headers["retry-after"]) > 0
        assert (await client.get("/v1/units", headers=HEAD)).status_code == 200
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "unready")
        assert ready.json()["services"] == {
            "directory": "ready",
            "tasks": "unreachable",
            "cases": "ready",
            "training": "ready",
        }
        half.upstreams["cases"].ready = False
        assert (await client.get("/readyz")).json()["services"]["cases"] == "unready"
        assert (await client.get("/livez")).status_code == 200


async def test_a_service_that_does_not_answer_is_a_504_and_let_go() -> None:
    async with (
        running.world(first_byte_seconds=0.3) as slow,
        httpx.AsyncClient(base_url=slow.url, trust_env=False) as client,
    ):
        for answer in (
            await client.get("/v1/tasks?do=hang", headers=HEAD),
            await client.post("/v1/tasks?do=hang", headers=HEAD, content=b"abc"),
        ):
            assert (answer.status_code, answer.json()["code"]) == (504, "gateway_timeout")
            assert int(answer.headers["retry-after"]) > 0
        for call in slow.upstreams["tasks"].calls:
            await asyncio.wait_for(call.gone.wait(), 2)


async def test_a_full_pool_is_a_504_and_no_silent_queue() -> None:
    async with (
        running.world(upstream_connections=1, connect_seconds=0.3) as narrow,
        httpx.AsyncClient(base_url=narrow.url, trust_env=False) as client,
    ):
        hanging = asyncio.create_task(client.get("/v1/tasks?do=hang", headers=HEAD))
        await asyncio.wait_for(reached(narrow.upstreams["tasks"]), 2)
        assert (await client.get("/v1/tasks", headers=HEAD)).status_code == 504
        assert (await client.get("/v1/units", headers=HEAD)).status_code == 200
        hanging.cancel()
        await asyncio.wait([hanging])


Script = Callable[[int, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def scripted(script: Script) -> AsyncIterator[tuple[str, list[int]]]:
    """A service that speaks raw bytes; yields its address and the number of each connection it was given."""
    numbers: list[int] = []

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        numbers.append(len(numbers))
        try:
            await script(numbers[-1], reader, writer)
        finally:
            writer.close()

    listening = await asyncio.start_server(connected, "127.0.0.1", 0)
    async with listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}", numbers


OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


async def once_then_close(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers one request, then hangs up on the second without a byte."""
    await reader.readuntil(b"\r\n\r\n")
    writer.write(OK)
    await reader.readuntil(b"\r\n\r\n")


async def test_a_read_on_a_stale_connection_is_tried_again_a_write_is_not() -> None:
    async with (
        scripted(once_then_close) as (url, numbers),
        running.gateway(tasks_url=url) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        statuses = [(await client.get("/v1/tasks", headers=HEAD)).status_code for _ in range(3)]
        assert (statuses, len(numbers)) == ([200, 200, 200], 3)
        lost = await client.post("/v1/tasks", headers=HEAD, content=b"{}")
        assert (lost.status_code, lost.json()["code"]) == (502, "bad_gateway")
        assert int(lost.headers["retry-after"]) > 0
        assert len(numbers) == 3


async def test_a_service_that_speaks_no_http_is_a_502() -> None:
    async def nonsense(number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"good morning\r\n\r\n")

    async with (
        scripted(nonsense) as (url, _),
        running.gateway(tasks_url=url) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client,
    ):
        answer = await client.get("/v1/tasks", headers=HEAD)
    assert (answer.status_code, answer.json()["code"]) == (502, "bad_gateway")
    assert "morning" not in json.dumps(answer.json())
