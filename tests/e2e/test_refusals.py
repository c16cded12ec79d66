"""What is far too large, or not what it says, through the whole running system."""

from __future__ import annotations

import json
import select
import socket
from contextlib import suppress

import pytest

from tests.e2e.conftest import System

MEGABYTE = b"x" * 1_000_000
SIZE = 30
# The signature and first chunk of a picture; what follows does not matter.
PICTURE = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def sent(port: int, token: str, *, chunked: bool) -> bytes:
    """What came back to 30 MB, announced or in chunks, sent until an answer is there; the other side may close before all of it
    is sent, and waits for two seconds only."""
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {SIZE * len(MEGABYTE)}"
    lines = ("POST /v1/units HTTP/1.1", f"Host: 127.0.0.1:{port}", f"Authorization: Bearer {token}", length)
    head = "\r\n".join([*lines, "Content-Type: application/json", "", ""]).encode()
    piece = b"%x\r\n%s\r\n" % (len(MEGABYTE), MEGABYTE) if chunked else MEGABYTE
    answer = b""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(head)
            for _ in range(SIZE):
                connection.sendall(piece)
                if select.select([connection], [], [], 0)[0]:
                    connection.shutdown(socket.SHUT_WR)
                    break
        except (BrokenPipeError, ConnectionResetError):
            pass
        # What is read until then is judged by the test.
        with suppress(ConnectionResetError):
            while part := connection.recv(65_536):
                answer += part
    return answer


@pytest.mark.parametrize("chunked", [False, True])
def test_30_megabytes_are_refused_by_gateway_and_service(system: System, chunked: bool) -> None:
    token = system.told("token", "sysadmin")
    service = next(int(entry["port"]) for entry in system.state()["processes"] if entry["name"] == "directory_api")
    for port in (system.port, service):
        head, _, body = sent(port, token, chunked=chunked).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 413 ")
        assert json.loads(body)["code"] == "too_large"
    with system.client("sysadmin") as client:
        assert client.get("/v1/units", params={"limit": 1}).status_code == 200


@pytest.mark.parametrize("name", ["plan.docx", "plan.txt"])
def test_a_picture_is_no_plan(system: System, played: object, name: str) -> None:
    with system.client("bureau") as client:
        answer = client.post("/v1/plan-imports", files={"file": (name, PICTURE)})
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, answer.json()["code"]) == (400, "plan_import.unsupported_format")
