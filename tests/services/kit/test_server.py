"""Raw bytes against the guarded server: what must be refused, bounded or closed, and what must still be served."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from services.kit import request_head, server
from services.kit.settings import Settings

MAX_BODY = 100_000
QUICK = server.Limits(silent_seconds=0.5, head_seconds=0.5, stall_seconds=0.8, linger_seconds=0.6, keep_alive_seconds=1)
HOST = b"Host: localhost\r\n"
GET = b"GET /livez HTTP/1.1\r\n" + HOST + b"\r\n"
POST = b"POST /echo HTTP/1.1\r\n" + HOST
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"


@dataclass
class Listener:
    """A tiny application: what reached it, and how each of its calls ended."""

    port: int = 0
    seen: list[dict[str, Any]] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        call = {"path": scope["path"], "headers": dict(scope["headers"]), "body": b"", "gone": False}
        self.seen.append(call)
        if scope["path"] == "/slow":
            await asyncio.sleep(1.0)
        if scope["path"] == "/lazy":
            await asyncio.sleep(1.5)
        while scope["path"] in {"/echo", "/lazy"}:
            message = await receive()
            if message["type"] == "http.disconnect":
                call["gone"] = True
                return
            call["body"] += message["body"]
            if not message["more_body"]:
                break
        body = b"%d" % len(call["body"])
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
        await send({"type": "http.response.body", "body": body})


@contextmanager
def listening(limits: server.Limits) -> Iterator[Listener]:
    """The application behind a guarded server in a thread of its own."""
    app = Listener()
    running = server.server(app, Settings(max_upload_bytes=MAX_BODY), limits)
    door = socket.create_server(("127.0.0.1", 0), backlog=2048)
    app.port = door.getsockname()[1]
    thread = threading.Thread(target=running.run, args=([door],))
    thread.start()
    try:
        yield app
    finally:
        running.should_exit = True
        thread.join(15)
        door.close()
    assert not thread.is_alive()


@pytest.fixture(scope="module")
def quick() -> Iterator[Listener]:
    with listening(QUICK) as app:
        yield app


@pytest.fixture(scope="module")
def patient() -> Iterator[Listener]:
    """Waits for whoever sends late: on a busy machine a test may be slower than the quick limits."""
    with listening(server.Limits(linger_seconds=QUICK.linger_seconds)) as app:
        yield app


@dataclass
class Answer:
    """What came back until the other side closed."""

    status: int
    headers: dict[str, str]
    body: bytes
    raw: bytes
    seconds: float

    @property
    def problem(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found


async def say(port: int, *parts: bytes | float, patience: float = 4.0) -> Answer:
    """Sends the parts (a number is a pause), then reads until the connection is closed."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    started = asyncio.get_running_loop().time()
    reading = asyncio.create_task(reader.read())
    try:
        for part in parts:
            if isinstance(part, bytes):
                writer.write(part)
                await writer.drain()
            else:
                await asyncio.wait([reading], timeout=part)
        raw = await asyncio.wait_for(reading, patience)
    except ConnectionError:
        raw = await reading
    finally:
        writer.close()
    return parsed(raw, asyncio.get_running_loop().time() - started)


async def until(holds: Callable[[], bool]) -> None:
    """Waits at most two seconds for what the server's thread does after its answer."""
    async with asyncio.timeout(2):
        while not holds():  # noqa: ASYNC110  # the other side is a thread without events of ours
            await asyncio.sleep(0.01)


def parsed(raw: bytes, seconds: float) -> Answer:
    head, _, body = raw.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    status = int(first.split(" ")[1]) if first else 0
    return Answer(status, {k.lower(): v for k, v in (line.split(": ", 1) for line in lines)}, body, raw, seconds)


def assert_refused(answer: Answer, status: int) -> None:
    """Exactly one answer: problem+json in Chinese with security headers, and the connection closed after it."""
    assert answer.status == status
    assert answer.raw.count(b"HTTP/1.1 ") == 1
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["content-language"] == "zh-CN"
    assert answer.headers["connection"] == "close"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert int(answer.headers["content-length"]) == len(answer.body)
    assert answer.problem["status"] == status
    assert answer.problem["title"]
    assert answer.problem["instance"].startswith("/")
    assert answer.problem["trace_id"] == answer.headers["traceparent"].split("-")[1]


MALFORMED = {
    "length beside coding": POST + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding beside length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
    "two equal lengths": POST + b"Content-Length: 4\r\nContent-Length: 4\r\n\r\nabcd",
    "two lengths": POST + b"Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd",
    "listed lengths": POST + b"Content-Length: 4, 4\r\n\r\nabcd",
    "length with sign": POST + b"Content-Length: +5\r\n\r\nabcde",
    "length in hex": POST + b"Content-Length: 0x5\r\n\r\nabcde",
    "negative length": POST + b"Content-Length: -1\r\n\r\n",
    "empty length": POST + b"Content-Length: \r\n\r\n",
    "unknown coding": POST + b"Transfer-Encoding: gzip\r\n\r\n",
    "coding in front of chunked": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "chunked twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "coding that ends like chunked": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "coding in version 1.0": b"POST /echo HTTP/1.0\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "space before the colon": b"GET /livez HTTP/1.1\r\nHost : localhost\r\n\r\n",
    "bare line feed": b"GET /livez HTTP/1.1\nHost: localhost\n\n",
    "bare line feed in a header": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: a\nX-User: b\r\n\r\n",
    "bare carriage return": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: a\rX-User: b\r\n\r\n",
    "folded header": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: a\r\n b\r\n\r\n",
    "NUL in a header": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: a\0b\r\n\r\n",
    "control sign in a header": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: a\x01b\r\n\r\n",
    "nameless header": b"GET /livez HTTP/1.1\r\n" + HOST + b": a\r\n\r\n",
    "no host": b"GET /livez HTTP/1.1\r\n\r\n",
    "no host in version 1.0": b"GET /livez HTTP/1.0\r\n\r\n",
    "two hosts": b"GET /livez HTTP/1.1\r\n" + HOST + HOST + b"\r\n",
    "foreign host": b"GET /livez HTTP/1.1\r\nHost: elsewhere.test\r\n\r\n",
    "host with a path": b"GET /livez HTTP/1.1\r\nHost: localhost:80/@elsewhere\r\n\r\n",
    "empty host": b"GET /livez HTTP/1.1\r\nHost:\r\n\r\n",
    "absolute target": b"GET http://elsewhere.test/livez HTTP/1.1\r\n" + HOST + b"\r\n",
    "connect": b"CONNECT elsewhere.test:443 HTTP/1.1\r\n" + HOST + b"\r\n",
    "version 0.9": b"GET /livez\r\n\r\n",
    "version 2 in clear": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no HTTP at all": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "upgrade with a body": POST + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabc",
}


@pytest.mark.parametrize("name", MALFORMED)
async def test_malformed_heads_never_reach_the_application(patient: Listener, name: str) -> None:
    before = len(patient.seen)
    # What follows in the same packet is the smuggled request: it must not be answered either.
    assert_refused(await say(patient.port, MALFORMED[name] + GET), 400)
    assert len(patient.seen) == before


@pytest.mark.parametrize(
    "body",
    {
        "not hexadecimal": b"zz\r\nabc\r\n0\r\n\r\n",
        "with prefix": b"0x3\r\nabc\r\n0\r\n\r\n",
        "with sign": b"-3\r\nabc\r\n0\r\n\r\n",
        "with space": b"3 \r\nabc\r\n0\r\n\r\n",
        "overflowing": b"fffffffffffffffff\r\nabc\r\n0\r\n\r\n",
        "shorter than its data": b"2\r\nabc\r\n0\r\n\r\n",
        "with bare line feeds": b"3\nabc\n0\n\n",
    }.values(),
)
async def test_bad_chunk_sizes_are_refused_and_the_application_sees_its_client_go(quick: Listener, body: bytes) -> None:
    before = len(quick.seen)
    assert_refused(await say(quick.port, CHUNKED + body + GET), 400)
    await until(lambda: len(quick.seen) == before + 1 and quick.seen[-1]["gone"])


@pytest.mark.parametrize(
    "parts",
    [
        [CHUNKED, 0.05, b"3;" + b"x" * 1_000_000 + b"\r\nabc\r\n0\r\n\r\n"],
        [CHUNKED, 0.05, b"3\r\nabc\r\n0\r\nX: " + b"x" * 1_000_000 + b"\r\n\r\n"],
    ],
    ids=["extension", "trailer"],
)
async def test_a_megabyte_of_framing_is_refused(quick: Listener, parts: list[bytes | float]) -> None:
    assert_refused(await say(quick.port, *parts), 400)


async def test_many_small_chunks_are_not_taken_for_an_attack(quick: Listener) -> None:
    body = b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"
    answer = await say(quick.port, CHUNKED, 0.05, body, 0.3, GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
    assert (answer.status, answer.body[:5]) == (200, b"20000")


async def test_a_trailer_is_dropped_and_leaks_into_no_later_request(quick: Listener) -> None:
    closing = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answer = await say(quick.port, CHUNKED + b"3\r\nabc\r\n0\r\nX-User: root\r\nAuthorization: Bearer x\r\n\r\n" + closing)
    assert answer.raw.count(b"HTTP/1.1 200") == 2
    assert [call["path"] for call in quick.seen[-2:]] == ["/echo", "/livez"]
    assert all(not call["headers"].keys() & {b"x-user", b"authorization"} for call in quick.seen[-2:])


@pytest.mark.parametrize(
    "head",
    {
        "one header of 200 kB": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 200_000 + b"\r\n\r\n",
        "one header above 32 kB": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: " + b"x" * 32_768 + b"\r\n\r\n",
        "a target above 32 kB": b"GET /" + b"x" * 32_768 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
        "500 headers": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: x\r\n" * 500 + b"\r\n",
        "101 headers": b"GET /livez HTTP/1.1\r\n" + HOST + b"X: x\r\n" * 100 + b"\r\n",
        "an endless head": b"GET /livez HTTP/1.1\r\nX: " + b"x" * 3_000_000,
    }.values(),
)
async def test_heads_too_large_are_431(quick: Listener, head: bytes) -> None:
    before = len(quick.seen)
    assert_refused(await say(quick.port, head), 431)
    assert len(quick.seen) == before


async def test_a_head_just_within_the_limits_is_served(quick: Listener) -> None:
    head = b"GET /livez HTTP/1.1\r\n" + HOST + b"Connection: close\r\n" + (b"X: " + b"x" * 300 + b"\r\n") * 98 + b"\r\n"
    assert (await say(quick.port, head)).status == 200


async def test_a_body_over_the_limit_is_refused_before_it_is_read(quick: Listener) -> None:
    before = len(quick.seen)
    assert_refused(await say(quick.port, POST + b"Content-Length: 100001\r\nExpect: 100-continue\r\n\r\n"), 413)
    assert_refused(await say(quick.port, POST + b"Content-Length: " + b"9" * 19 + b"\r\n\r\n"), 413)
    assert len(quick.seen) == before


async def test_a_chunked_body_over_the_limit_is_refused_by_count(quick: Listener) -> None:
    chunk = b"4000\r\n" + b"x" * 0x4000 + b"\r\n"
    assert_refused(await say(quick.port, CHUNKED, *[chunk] * 40), 413)
    await until(lambda: quick.seen[-1]["gone"])
    assert len(quick.seen[-1]["body"]) <= MAX_BODY


async def test_a_compressed_body_is_415(quick: Listener) -> None:
    before = len(quick.seen)
    assert_refused(await say(quick.port, POST + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), 415)
    assert len(quick.seen) == before


async def test_slow_senders_are_timed_out_and_the_silent_closed(quick: Listener) -> None:
    drip: list[bytes | float] = [part for _ in range(40) for part in (b"x", 0.1)]
    silent, stuck, dripped_head, stalled, stalled_late, dripped_body, blank = await asyncio.gather(
        say(quick.port),
        say(quick.port, b"GET /livez HTTP/1.1\r\nHost: loc"),
        say(quick.port, b"GET /livez HTTP/1.1\r\nX: ", *drip),
        say(quick.port, POST + b"Content-Length: 9000\r\n\r\nabc"),
        say(quick.port, POST + b"Content-Length: 90000\r\n\r\n" + b"x" * 50_000),
        say(quick.port, POST + b"Content-Length: 9000\r\n\r\n", *drip),
        say(quick.port, b"\r\n"),
    )
    assert silent.raw == b""
    assert 0.3 < silent.seconds < 1.2
    for answer in (stuck, dripped_head, blank):
        assert_refused(answer, 408)
        assert 0.3 < answer.seconds < 1.2
    for answer in (stalled, stalled_late, dripped_body):
        assert_refused(answer, 408)
        assert 0.6 < answer.seconds < 1.8


async def test_a_body_slow_but_above_the_rate_is_served(quick: Listener) -> None:
    parts: list[bytes | float] = [part for _ in range(14) for part in (b"x" * 3_000, 0.1)]
    answer = await say(quick.port, POST + b"Connection: close\r\nContent-Length: 42000\r\n\r\n", *parts)
    assert (answer.status, answer.body) == (200, b"42000")
    assert answer.seconds > QUICK.stall_seconds


async def test_an_application_slower_than_the_limits_is_not_cut_off(quick: Listener) -> None:
    answer = await say(quick.port, b"GET /slow HTTP/1.1\r\nConnection: close\r\n" + HOST + b"\r\n")
    assert answer.status == 200
    stray = await say(quick.port, b"GET /slow HTTP/1.1\r\n" + HOST + b"\r\n", 0.1, b"\r\n")
    assert stray.status == 200
    assert stray.raw.count(b"HTTP/1.1 ") == 1


async def test_a_sender_kept_waiting_by_the_application_is_not_timed_out(quick: Listener) -> None:
    lazy = b"POST /lazy HTTP/1.1\r\nConnection: close\r\n" + HOST
    full, asked = await asyncio.gather(
        # Above the buffer's limit reading stops until the application takes something.
        say(quick.port, lazy + b"Content-Length: 90000\r\n\r\n" + b"x" * 70_000, 0.1, b"x" * 20_000),
        say(quick.port, lazy + b"Content-Length: 3\r\nExpect: 100-continue\r\n\r\n", 1.7, b"abc"),
    )
    assert (full.status, full.body) == (200, b"90000")
    assert asked.raw.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 ")


async def test_an_application_that_answers_after_the_refusal_is_not_heard(
    quick: Listener, caplog: pytest.LogCaptureFixture
) -> None:
    post = b"POST /slow HTTP/1.1\r\nContent-Length: 9000\r\n" + HOST + b"\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", quick.port)
    writer.write(post + b"abc")
    assert_refused(parsed(await asyncio.wait_for(reader.read(), 2), 0), 408)
    # The connection lingers while the application, awake by now, answers.
    await asyncio.sleep(0.4)
    writer.close()
    assert caplog.records == []


async def test_a_request_answered_before_its_body_keeps_a_sound_connection(quick: Listener) -> None:
    closing = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    early = b"POST /early HTTP/1.1\r\n" + HOST + b"Content-Length: 6\r\n\r\nabc"
    answer = await say(quick.port, early, 0.1, b"def" + closing)
    assert answer.raw.count(b"HTTP/1.1 200") == 2
    idle = await say(quick.port, early, 0.1, b"def")
    assert 0.5 < idle.seconds < 2.5


async def test_an_upgrade_is_ignored_and_the_connection_closed(quick: Listener) -> None:
    ask = b"GET /livez HTTP/1.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n" + HOST + b"\r\n"
    answer = await say(quick.port, ask + GET)
    assert (answer.status, answer.headers["connection"]) == (200, "close")
    assert answer.raw.count(b"HTTP/1.1 ") == 1


async def test_keep_alive_serves_several_and_names_no_server(quick: Listener) -> None:
    closing = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
    answer = await say(quick.port, GET, 0.7, GET + closing)
    assert answer.raw.count(b"HTTP/1.1 200") == 3
    assert b"server:" not in answer.raw.lower()


async def test_proxy_headers_are_not_believed(quick: Listener) -> None:
    await say(quick.port, b"GET /livez HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\nConnection: close\r\n" + HOST + b"\r\n")
    config = server.GuardedConfig(quick, Settings())
    assert config.proxy_headers is False
    assert config.load_app() is quick


async def test_english_is_answered_when_asked_for(quick: Listener) -> None:
    answer = await say(quick.port, b"POST /echo HTTP/1.1\r\nAccept-Language: en\r\nContent-Length: 100001\r\n" + HOST + b"\r\n")
    assert answer.headers["content-language"] == "en"
    assert answer.problem["title"] == "Content too large"


async def test_a_thousand_half_open_connections_leave_others_served() -> None:
    server.allow_many_connections()
    with listening(server.DEMANDED) as app:
        half = b"GET /livez HTTP/1.1\r\nHost: loc"
        opened = await asyncio.gather(*(asyncio.open_connection("127.0.0.1", app.port) for _ in range(1_000)))
        try:
            for _, writer in opened[:500]:
                writer.write(half)
            closing = GET.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
            answers = [await say(app.port, closing) for _ in range(3)]
            assert [answer.status for answer in answers] == [200, 200, 200]
            # The best of three: what else runs on the machine takes its time too.
            assert min(answer.seconds for answer in answers) < 1.0
        finally:
            for _, writer in opened:
                writer.close()


def test_the_defaults_are_the_demanded_ones() -> None:
    demanded = server.DEMANDED
    assert (demanded.silent_seconds, demanded.head_seconds, demanded.stall_seconds) == (5, 5, 8)
    assert (demanded.slowest_bytes_per_second, demanded.keep_alive_seconds, demanded.shutdown_seconds) == (8_000, 75, 10)
    assert (request_head.MAX_HEAD_BYTES, request_head.MAX_HEAD_LINES) == (32 * 1024, 100)
    config = server.GuardedConfig(Listener(), Settings())
    assert (config.timeout_keep_alive, config.timeout_graceful_shutdown) == (75, 10)
    assert (config.server_header, config.access_log) == (False, False)


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (b"LocalHost:8000", "localhost"),
        (b"127.0.0.1", "127.0.0.1"),
        (b"[::1]:8000", "::1"),
        (b"localhost:", ""),
        (b"localhost:80x", ""),
        (b"localhost:\xb2", ""),
        (b"evil.test@localhost", "evil.test@localhost"),
    ],
)
def test_the_name_of_a_host(value: bytes, name: str) -> None:
    assert request_head.host_name(value) == name


@pytest.fixture(autouse=True)
def _quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR, logger="uvicorn.error")
