"""The directory service: units, accounts, sign-in, audit trail, files, working days."""

from __future__ import annotations

from fastapi import FastAPI

from services.directory_api.units import router as units
from services.kit import app, clock
from services.kit.settings import Settings


def create_app(settings: Settings | None = None, clock: clock.Clock = clock.now) -> FastAPI:
    """The application; one line per feature."""
    return app.build_service("directory_api", "目录服务", [units.router], settings=settings, clock=clock)
