"""Every route of every service: its row in the rights table, its name, its document."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from fastapi.routing import APIRoute

from gateway import openapi as documents
from services.kit import openapi, rights, routing
from services.kit.principal import Role
from tests.client import ROLES as SERVICES
from tests.client import Services

# Whoever may call these has no token yet, or needs none.
OPEN = {
    ("POST", "/auth/token"),
    ("POST", "/auth/logout"),
    ("POST", "/auth/password"),
    ("GET", "/.well-known/jwks.json"),
    ("GET", "/v1/ledger/keys"),
    ("GET", "/v1/audit-events/keys"),
    ("GET", "/livez"),
    ("GET", "/readyz"),
    ("GET", "/version"),
    ("GET", "/metrics"),
    ("GET", "/openapi.json"),
    ("GET", "/v1/certificates/{number}/verification"),
    ("GET", "/v1/completion-certificates/{number}/verification"),
    ("GET", "/v1/auxiliary-staff"),
}
# These POSTs look something up whose key must not stand in a URL.
LOOKUPS = {("POST", "/v1/officers/search"), ("POST", "/v1/conflict-checks")}


def routes(services: Services) -> Iterator[tuple[str, APIRoute, str]]:
    for name in SERVICES:
        for route in openapi.routes_of(services.app(name)):
            for method in sorted(route.methods or ()):
                yield name, route, method


async def test_each_route_has_its_right_or_is_open_by_name(services: Services) -> None:
    without = {(method, route.path) for _, route, method in routes(services) if rights.right_of(route.dependant) is None}
    assert without <= OPEN
    marked = {(method, route.path) for _, route, method in routes(services) if (route.openapi_extra or {}).get("security") == []}
    assert marked == without


async def test_each_business_route_goes_through_the_kit(services: Services) -> None:
    business = [route for _, route, _ in routes(services) if route.path.startswith("/v1")]
    bare = [route.path for route in business if not isinstance(route, routing.Route)]
    assert bare == []


async def test_no_write_escapes_the_audit_trail(services: Services) -> None:
    lookups = {
        (method, route.path) for _, route, method in routes(services) if (route.openapi_extra or {}).get(routing.ONLY_READS)
    }
    assert lookups == LOOKUPS


async def test_operation_names_are_unique_in_a_service(services: Services) -> None:
    for name in SERVICES:
        ids = [openapi.operation_id(route) for service, route, _ in routes(services) if service == name]
        business = [found for found in ids if not found.startswith("service_")]
        assert len(business) == len(set(business)), name


async def test_the_separated_roles_see_no_business(services: Services) -> None:
    for name in ("tasks_api", "cases_api", "training_api"):
        for _, route, method in [entry for entry in routes(services) if entry[0] == name]:
            right = rights.right_of(route.dependant)
            if right is not None:
                assert not {Role.SYSTEM_ADMIN, Role.AUDITOR} & set(right.grants), f"{method} {route.path}"


@pytest.mark.parametrize("service", sorted(SERVICES))
def test_each_operation_is_described(service: str) -> None:
    """In the kept document: another test demands that it be today's."""
    document = json.loads((documents.SINGLE / f"{service.removesuffix('_api')}.json").read_bytes())
    # Clients name their classes by these: our folders are no part of a name.
    assert [name for name in document["components"]["schemas"] if "__" in name] == []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            assert operation.get("summary"), f"{method} {path}"
            assert operation.get("description"), f"{method} {path}"
            assert "422" not in operation["responses"] or method == "post", f"{method} {path}"
