"""Callers of the services in tests: httpx over ASGI, one client per service, tokens by role."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from fastapi import FastAPI
from sqlalchemy import event

from services.kit import db
from services.kit.principal import Role
from services.kit.runtime import Runtime
from services.kit.settings import Settings
from tests import tokens
from tests.places import Unit

ROLES = {
    "directory_api": "zhifa_directory",
    "tasks_api": "zhifa_tasks",
    "cases_api": "zhifa_cases",
    "training_api": "zhifa_training",
}


class Services:
    """The four services, each made when first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.apps: dict[str, FastAPI] = {}
        self.clients: dict[str, httpx.AsyncClient] = {}

    def app(self, name: str) -> FastAPI:
        """The application of one service, on its own database role."""
        if name not in self.apps:
            module = importlib.import_module(f"services.{name}.main")
            self.apps[name] = module.create_app(self.settings.model_copy(update={"database_role": ROLES[name]}))
        return self.apps[name]

    def runtime(self, name: str) -> Runtime:
        """What the process of this service holds."""
        found: Runtime = self.app(name).state.runtime
        return found

    def client(self, name: str) -> httpx.AsyncClient:
        """A client of one service, without a token."""
        if name not in self.clients:
            transport = httpx.ASGITransport(self.app(name), raise_app_exceptions=False)
            self.clients[name] = httpx.AsyncClient(transport=transport, base_url=tokens.ISSUER)
        return self.clients[name]

    def database(self, name: str = "directory_api") -> db.Database:
        """The pools of one service."""
        return self.runtime(name).database

    async def close(self) -> None:
        """Closes clients and pools."""
        for client in self.clients.values():
            await client.aclose()
        for app in self.apps.values():
            await app.state.runtime.database.close()


@contextmanager
def statements(database: db.Database) -> Iterator[list[str]]:
    """What writers say to a database while the context is open: to notice who asks once per item."""
    said: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    engine = database.writer.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Caller:
    """Somebody with a token, calling one service: `await Caller(client, Role.BUREAU, unit).get("/v1/units")`."""

    def __init__(self, client: httpx.AsyncClient, *roles: Role, unit: Unit | None = None, **claims: Any) -> None:
        self.client = client
        unit_id, path = (unit.id, unit.path) if unit else (None, ())
        self.token = tokens.of(*roles, unit_id=unit_id, unit_path=path, **claims)

    async def request(self, method: str, path: str, version: int | None = None, **options: Any) -> httpx.Response:
        """Any call; `version` becomes If-Match."""
        headers = httpx.Headers({"Authorization": f"Bearer {self.token}"})
        headers.update(options.pop("headers", {}))
        if version is not None:
            headers["If-Match"] = f'"v{version}"'
        return await self.client.request(method, path, headers=headers, **options)

    async def get(self, path: str, **options: Any) -> httpx.Response:
        """GET."""
        return await self.request("GET", path, **options)

    async def post(self, path: str, **options: Any) -> httpx.Response:
        """POST."""
        return await self.request("POST", path, **options)

    async def patch(self, path: str, **options: Any) -> httpx.Response:
        """PATCH."""
        return await self.request("PATCH", path, **options)

    async def put(self, path: str, **options: Any) -> httpx.Response:
        """PUT."""
        return await self.request("PUT", path, **options)

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        """DELETE."""
        return await self.request("DELETE", path, **options)
