"""A server of the tests: answers from a script and remembers what it was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import httpx

from admin import client as clients

# Tests put other makers of clients in its place.
CLIENT = clients.Client
Step = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Server:
    """Gives the steps one after the other; the last one again and again."""

    def __init__(self, *steps: Step) -> None:
        self.steps = list(steps)
        self.requests: list[httpx.Request] = []
        self.slept: list[float] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        step = self.steps.pop(0) if len(self.steps) > 1 else self.steps[0]
        if isinstance(step, Exception):
            raise step
        return step if isinstance(step, httpx.Response) else step(request)

    def client(self, credentials: clients.Credentials | None = None, **options: Any) -> clients.Client:
        """A client of this server that does not really wait."""
        transport = httpx.MockTransport(self)
        given = credentials or clients.Fixed("a-token")
        return CLIENT("http://zhifa.test", given, transport=transport, sleep=self.slept.append, **options)

    def sent(self, place: int = -1) -> Any:
        """The JSON body of a request."""
        return json.loads(self.requests[place].content)


def answer(status: int = 200, body: Any = None, **headers: str) -> httpx.Response:
    """An answer with a JSON body; header names are written with underscores."""
    kind = "application/json" if status < 400 else "application/problem+json"
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.Response(status, content=json.dumps(body or {}).encode(), headers={"content-type": kind, **named})


def problem(status: int, code: str, **more: Any) -> httpx.Response:
    """A refusal."""
    headers = {"retry_after": str(more.pop("retry_after"))} if "retry_after" in more else {}
    return answer(status, {"code": code, "detail": "示例", "status": status, **more}, **headers)
