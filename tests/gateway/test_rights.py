"""Who gets through the gateway: 401, 403, 404, 405, open operations, HEAD and OPTIONS, the rights matrix."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from gateway import main, table
from services.kit.principal import Role
from tests import tokens
from tests.gateway import documents, running
from tests.gateway.running import World


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    """problem+json with its trace id, and the headers every answer carries."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["trace_id"] == answer.headers["traceparent"].split("-")[1]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-security-policy"] == "frame-ancestors 'none'"
    assert answer.headers["x-frame-options"] == "DENY"


async def test_a_good_token_reaches_the_service_with_the_caller_s_token(world: World, client: httpx.AsyncClient) -> None:
    token = tokens.manager()
    answer = await client.post(f"/v1/assignments/{uuid4()}/submit", headers=bearer(token))
    assert answer.status_code == 200
    assert answer.json()["service"] == "tasks"
    assert world.upstreams["tasks"].calls[0].values("authorization") == [f"Bearer {token}"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Basic dTpw"},
        {"Authorization": "Bearer not.a.token"},
        {"Authorization": f"Bearer {tokens.manager(now=tokens.present() - 1_000)}"},
        [("Authorization", f"Bearer {tokens.manager()}"), ("Authorization", f"Bearer {tokens.manager()}")],
    ],
    ids=["none", "empty", "other scheme", "garbage", "expired", "two"],
)
async def test_without_a_valid_token_401_and_nothing_passes(world: World, client: httpx.AsyncClient, headers: object) -> None:
    answer = await client.get("/v1/tasks", headers=httpx.Headers(headers))  # type: ignore[arg-type]  # mapping or list
    assert_problem(answer, 401, "unauthorized")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert world.calls() == 0


async def test_a_role_without_the_right_is_403_at_once(world: World, client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/v1/assignments/{uuid4()}/submit", headers=bearer(tokens.of(Role.BUREAU)))
    assert_problem(answer, 403, "forbidden")
    assert world.calls() == 0


async def test_unknown_paths_are_404_and_unknown_methods_405_with_allow(world: World, client: httpx.AsyncClient) -> None:
    head = bearer(tokens.manager())
    assert_problem(await client.get("/v1/nothing", headers=head), 404, "not_found")
    assert_problem(await client.get("/v1/units/a/b", headers=head), 404, "not_found")
    wrong = await client.put(f"/v1/units/{uuid4()}", headers=head)
    assert_problem(wrong, 405, "method_not_allowed")
    assert wrong.headers["allow"] == "GET, HEAD, OPTIONS, PATCH"
    assert_problem(await client.post("/livez"), 405, "method_not_allowed")
    assert world.calls() == 0


@pytest.mark.parametrize(
    ("method", "path", "service"),
    [
        ("POST", "/auth/token", "directory"),
        ("GET", "/.well-known/jwks.json", "directory"),
        ("GET", "/v1/completion-certificates/ZS-2026-0001/verification", "training"),
    ],
)
async def test_open_operations_need_no_token(
    world: World, client: httpx.AsyncClient, method: str, path: str, service: str
) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.json()["service"]) == (200, service)


async def test_a_fixed_word_goes_before_a_parameter_and_falls_back_to_it(world: World, client: httpx.AsyncClient) -> None:
    admin = bearer(tokens.of(Role.SYSTEM_ADMIN))
    assert (await client.post("/v1/units/batch", headers=admin)).status_code == 200
    assert (await client.get("/v1/units/batch", headers=bearer(tokens.manager()))).status_code == 200
    assert (await client.get("/v1/units/batch", headers=admin)).status_code == 403


async def test_head_is_answered_without_a_body_by_service_and_gateway(world: World, client: httpx.AsyncClient) -> None:
    head = bearer(tokens.manager())
    answer = await client.head("/v1/tasks", headers=head)
    assert (answer.status_code, answer.content) == (200, b"")
    assert (answer.headers["etag"], int(answer.headers["content-length"]) > 0) == ('"v7"', True)
    refused = await client.head("/v1/nothing")
    assert (refused.status_code, refused.content) == (404, b"")
    assert (await client.head("/livez")).status_code == 200


async def test_options_tells_the_methods(world: World, client: httpx.AsyncClient) -> None:
    answer = await client.options("/v1/tasks")
    assert (answer.status_code, answer.headers["allow"]) == (204, "GET, HEAD, OPTIONS, POST")
    assert (await client.options("/v1/nothing")).status_code == 404
    assert world.calls() == 0


async def test_every_signed_in_caller_reads_the_rights_matrix(world: World, client: httpx.AsyncClient) -> None:
    assert (await client.get("/v1/permissions")).status_code == 401
    head = bearer(tokens.of(Role.AUDITOR))
    answer = await client.get("/v1/permissions", headers=head)
    rows = {row["operation"]: row for row in answer.json()["items"]}
    assert answer.json()["next_cursor"] is None
    assert rows["assignments.submit"] == {
        "operation": "assignments.submit",
        "method": "POST",
        "path": "/v1/assignments/{assignment_id}/submit",
        "service": "tasks",
        "roles": {"unit_manager": "unit_and_below"},
    }
    assert set(rows["permissions.read"]["roles"]) == set(Role)
    again = await client.get("/v1/permissions", headers=head | {"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert world.calls() == 0


async def test_an_unexpected_failure_is_a_500_problem_without_its_cause() -> None:
    def broken() -> datetime:
        raise LookupError("the clock stands still")

    app = main.create_app(running.settings(), documents=documents.stored(), clock=broken)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as caller:
        answer = await caller.get("/v1/tasks", headers=bearer(tokens.manager()) | {"Origin": running.ORIGIN})
    assert_problem(answer, 500, "internal")
    assert "clock" not in answer.text
    # Wrapped around everything: the browser shows this as a 500, not as a CORS fault.
    assert answer.headers["access-control-allow-origin"] == running.ORIGIN


def test_an_operation_without_rights_that_is_not_open_stops_the_start() -> None:
    with pytest.raises(ValueError, match="no rights for GET /v1/tasks"):
        table.Table({"paths": {"/v1/tasks": {"get": {"operationId": "a"}}}})
    with pytest.raises(ValueError, match="no service for /v2/tasks"):
        table.Table({"paths": {"/v2/tasks": {"get": {"operationId": "a"}}}})


async def test_the_token_is_judged_by_the_given_clock() -> None:
    late = main.create_app(running.settings(), documents=documents.stored(), clock=lambda: datetime(2099, 1, 1, tzinfo=UTC))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(late), base_url="http://localhost") as caller:
        assert (await caller.get("/v1/tasks", headers=bearer(tokens.manager()))).status_code == 401
