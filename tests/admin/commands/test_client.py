"""The client: retries with one key, renewal of the token, pages, refusals."""

from __future__ import annotations

import httpx
import pytest

from admin import client as clients
from tests.admin.commands.recorded import Server, answer, problem


class Renewing:
    """Credentials that can be renewed once."""

    def __init__(self) -> None:
        self.value = "old"

    def token(self) -> str:
        return self.value

    def renew(self, client: clients.Client) -> bool:
        self.value, fresh = "new", self.value == "old"
        return fresh


def test_retries_send_the_same_request_with_the_same_key() -> None:
    server = Server(
        httpx.ConnectError("refused"),
        problem(503, "unavailable", retry_after=2),
        httpx.ReadError("cut"),
        problem(502, "bad_gateway"),
        problem(429, "too_many_requests", retry_after=1),
        problem(409, "idempotency.in_flight", retry_after=1),
        answer(201, {"id": "x"}, idempotency_replayed="true"),
    )
    done = server.client().post("/v1/things", {"name": "甲"}, reason="更正")
    assert (done.status, done.body, done.is_replayed) == (201, {"id": "x"}, True)
    assert len({request.headers["idempotency-key"] for request in server.requests}) == 1
    assert {request.content for request in server.requests} == {server.requests[0].content}
    assert server.requests[0].headers["x-change-reason"] == "%E6%9B%B4%E6%AD%A3"
    assert server.slept == [0.1, 2.0, 0.4, 0.8, 1.0, 1.0]


def test_two_posts_have_two_keys_unless_one_is_given() -> None:
    server = Server(answer(201))
    client = server.client()
    client.post("/v1/things")
    client.post("/v1/things")
    client.post("/v1/things", key="mine")
    keys = [request.headers["idempotency-key"] for request in server.requests]
    assert keys[0] != keys[1]
    assert keys[2] == "mine"


def test_patience_ends() -> None:
    silent = Server(httpx.ConnectError("refused"))
    with pytest.raises(clients.Unreachable, match="does not answer"):
        silent.client(patience=0.05).get("/v1/units")
    away = Server(problem(503, "unavailable", retry_after=1))
    with pytest.raises(clients.Unreachable, match="503"):
        away.client(patience=0.05).get("/v1/units")
    busy = Server(problem(429, "too_many_requests", retry_after=60))
    with pytest.raises(clients.Refused) as refused:
        busy.client(patience=0.05).get("/v1/units")
    assert refused.value.status == 429


@pytest.mark.parametrize("status", [400, 403, 404, 409, 412, 422, 428, 500])
def test_refusals_are_not_retried(status: int) -> None:
    server = Server(problem(status, "some.code"))
    with pytest.raises(clients.Refused) as refused:
        server.client().post("/v1/things")
    assert (refused.value.status, refused.value.code) == (status, "some.code")
    assert len(server.requests) == 1


def test_answer_that_is_no_problem_json_is_a_refusal_all_the_same() -> None:
    server = Server(httpx.Response(500, content=b"{", headers={"content-type": "application/json"}))
    with pytest.raises(clients.Refused) as refused:
        server.client().get("/v1/units")
    assert refused.value.code == "http_500"


def test_token_is_renewed_once_after_401() -> None:
    server = Server(problem(401, "unauthorized"), answer(200, {"id": "x"}))
    assert server.client(Renewing()).get("/v1/me").body == {"id": "x"}
    assert [request.headers["authorization"] for request in server.requests] == ["Bearer old", "Bearer new"]
    closed = Server(problem(401, "unauthorized"))
    with pytest.raises(clients.Refused):
        closed.client(Renewing()).get("/v1/me")
    assert len(closed.requests) == 2


def test_lists_are_followed_to_their_end() -> None:
    def pages() -> Server:
        return Server(
            answer(200, {"items": [{"id": "1"}, {"id": "2"}], "next_cursor": "c2"}),
            answer(200, {"items": [{"id": "3"}], "next_cursor": None}),
        )

    server = pages()
    assert [item["id"] for item in server.client().items("/v1/units", kind=None, enforcement=True)] == ["1", "2", "3"]
    assert dict(server.requests[0].url.params) == {"limit": "200", "enforcement": "true"}
    assert server.requests[1].url.params["cursor"] == "c2"
    few = pages()
    assert [item["id"] for item in few.client().items("/v1/units", most=1)] == ["1"]
    assert len(few.requests) == 1


def test_a_move_is_based_on_the_state_as_it_is() -> None:
    server = Server(answer(200, {"state": "issued"}, etag='"v3"'), answer(200, {"state": "signed"}, etag='"v4"'))
    assert server.client().move("/v1/assignments/x", "sign", dry_run=True).body == {"state": "signed"}
    read, moved = server.requests
    assert (read.method, moved.method, moved.url.path) == ("GET", "POST", "/v1/assignments/x/sign")
    assert moved.headers["if-match"] == '"v3"'
    assert moved.url.params["dry_run"] == "true"
    assert moved.content == b""


def test_operations_are_awaited() -> None:
    seen: list[float] = []
    server = Server(
        answer(200, {"state": "running", "progress": 0.5}), answer(200, {"state": "succeeded", "progress": 1, "result_url": "/r"})
    )
    done = server.client().operation("/v1/operations/x", lambda state: seen.append(state["progress"]))
    assert done["result_url"] == "/r"
    assert seen == [0.5, 1]
    failed = Server(answer(200, {"state": "failed", "problem": {"code": "import.bad", "detail": "不行"}}))
    with pytest.raises(clients.Refused) as refused:
        failed.client().operation("/v1/operations/x")
    assert refused.value.code == "import.bad"
