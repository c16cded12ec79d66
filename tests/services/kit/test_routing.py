"""A feature's router answers for its own paths and is not asked about those of others."""

from __future__ import annotations

import pytest
from fastapi import APIRouter, FastAPI
from starlette.routing import Match

from services.kit import routing


async def part(thing_id: str) -> None: ...


@pytest.mark.parametrize(
    ("path", "method", "match"),
    [
        ("/v1/things/7/parts", "GET", Match.FULL),
        ("/v1/things/7/parts", "POST", Match.PARTIAL),
        ("/v1/things/7/wholes", "GET", Match.NONE),
        ("/v1/thing", "GET", Match.NONE),
    ],
)
def test_a_router_knows_its_own_paths(path: str, method: str, match: Match) -> None:
    router = routing.router("/v1/things/{thing_id}/parts", "things")
    router.get("")(part)
    app = FastAPI(openapi_url=None)
    app.include_router(router)
    for root in ("", "/behind"):
        scope = {"type": "http", "root_path": root, "path": root + path, "method": method}
        assert [route.matches(scope)[0] for route in app.routes] == [match]


def test_paths_of_others_are_not_compared_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    def compare(*_: object) -> None:
        raise AssertionError("compared")

    monkeypatch.setattr(APIRouter, "matches", compare)
    scope = {"type": "http", "path": "/v1/others/7", "method": "GET"}
    assert routing.router("/v1/things", "things").matches(scope) == (Match.NONE, {})
