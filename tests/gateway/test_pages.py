"""The gateway's own pages: health, figures, documents, the offline docs page, and CORS on all of them."""

from __future__ import annotations

from html.parser import HTMLParser

import httpx
import pytest
from starlette.types import ASGIApp

from gateway import docs_page, main
from tests import tokens
from tests.gateway import documents, running
from tests.gateway.running import World

HEAD = {"Authorization": f"Bearer {tokens.manager()}"}


async def test_health_and_version_are_open(world: World, client: httpx.AsyncClient) -> None:
    assert (await client.get("/livez")).json() == {"status": "alive"}
    ready = await client.get("/readyz")
    assert (ready.status_code, ready.json()["status"], set(ready.json()["services"].values())) == (200, "ready", {"ready"})
    assert (await client.get("/version")).json()["service"] == "gateway"


async def test_figures_are_for_this_machine_only(world: World, client: httpx.AsyncClient) -> None:
    await client.get("/v1/tasks", headers=HEAD)
    figures = await client.get("/metrics")
    assert 'zhifa_gateway_requests_total{method="GET",service="tasks",status="200"}' in figures.text
    for proxied in ({"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}):
        assert (await client.get("/metrics", headers=proxied)).status_code == 404


async def test_figures_are_not_for_other_machines() -> None:
    from_afar = httpx.ASGITransport(gateway_app(), client=("203.0.113.5", 4000))
    async with httpx.AsyncClient(transport=from_afar, base_url="http://localhost") as caller:
        assert (await caller.get("/metrics")).status_code == 404


def gateway_app(**changes: object) -> ASGIApp:
    return main.create_app(running.settings(**changes), documents=documents.stored())


async def test_documents_are_served_with_a_tag(world: World, client: httpx.AsyncClient) -> None:
    merged = await client.get("/openapi.json")
    assert merged.json()["info"]["title"] == "zhifa"
    assert (await client.get("/openapi.json", headers={"If-None-Match": merged.headers["etag"]})).status_code == 304
    for service, document in documents.services().items():
        assert (await client.get(f"/openapi/{service}.json")).json() == document
    assert (await client.get("/openapi/other.json")).status_code == 404


class Loads(HTMLParser):
    """Collects whatever a page makes a browser fetch or run."""

    def __init__(self) -> None:
        super().__init__()
        self.urls: list[str] = []
        self.inline = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.urls += [value for name, value in attrs if name in {"src", "href", "action", "data", "srcset"} and value]
        self.inline += (tag == "script" and "src" not in found) + (tag == "style") + any(name.startswith("on") for name in found)


async def test_the_docs_page_loads_from_this_origin_only(world: World, client: httpx.AsyncClient) -> None:
    page = await client.get("/docs")
    loads = Loads()
    loads.feed(page.text)
    assert len(loads.urls) == 4
    assert loads.inline == 0
    for url in loads.urls:
        assert url.startswith("/docs/static/")
        assert (await client.get(url)).status_code == 200
    start = (await client.get("/docs/static/start.js")).text
    assert "//" not in start.replace("// ", "")
    assert 'url: "/openapi.json"' in start
    assert "validatorUrl: null" in start
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'self';")
    assert "unsafe" not in policy
    assert "http" not in policy


async def test_the_style_sheet_fetches_nothing(world: World, client: httpx.AsyncClient) -> None:
    sheet = (await client.get("/docs/static/swagger-ui.css")).text
    assert "@import" not in sheet
    fetched = [part[:5].strip("\"'") for part in sheet.split("url(")[1:]]
    assert {part[:4] for part in fetched} <= {"data"}
    assert docs_page.bundled().joinpath("swagger-ui-bundle.js").stat().st_size > 1_000_000


@pytest.mark.parametrize("path", ["/v1/tasks", "/v1/nothing", "/livez", "/openapi.json", "/docs"])
async def test_every_answer_can_be_read_by_allowed_origins_only(world: World, client: httpx.AsyncClient, path: str) -> None:
    allowed = await client.get(path, headers={"Origin": running.ORIGIN})
    assert allowed.headers["access-control-allow-origin"] == running.ORIGIN
    assert "ETag" in allowed.headers["access-control-expose-headers"]
    assert "access-control-allow-credentials" not in allowed.headers
    for origin in ("https://elsewhere.test", "null", running.ORIGIN + ".elsewhere.test", running.ORIGIN.upper()):
        other = await client.get(path, headers={"Origin": origin})
        assert "access-control-allow-origin" not in other.headers
        assert other.headers["vary"] == "Origin"


async def test_preflight_is_answered_here(world: World, client: httpx.AsyncClient) -> None:
    ask = {"Origin": running.ORIGIN, "Access-Control-Request-Method": "PATCH"}
    answer = await client.options("/v1/units/x", headers=ask)
    assert answer.status_code == 204
    assert "PATCH" in answer.headers["access-control-allow-methods"]
    assert "If-Match" in answer.headers["access-control-allow-headers"]
    foreign = await client.options("/v1/units/x", headers=ask | {"Origin": "https://elsewhere.test"})
    assert not [name for name in foreign.headers if name.startswith("access-control-")]
    assert world.calls() == 0


async def test_https_is_insisted_on_where_the_public_address_has_it() -> None:
    secure = gateway_app(public_url="https://zhifa.example.test")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(secure), base_url="http://localhost") as caller:
        assert (await caller.get("/v1/nothing")).headers["strict-transport-security"].startswith("max-age=")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(gateway_app()), base_url="http://localhost") as caller:
        assert "strict-transport-security" not in (await caller.get("/livez")).headers
