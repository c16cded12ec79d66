"""The directory service: units, accounts, sign-in, audit trail, files, working days."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from services.directory_api.attachments import router as attachments
from services.directory_api.audit_events import router as audit_events
from services.directory_api.changes import router as changes
from services.directory_api.operations import router as operations
from services.directory_api.unit_groups import router as unit_groups
from services.directory_api.units import router as units
from services.directory_api.working_days import router as working_days
from services.kit import app
from services.kit import clock as clocks
from services.kit.settings import Settings

FEATURES = (units, unit_groups, working_days, attachments, audit_events, changes, operations)


def extras(settings: Settings) -> dict[str, Any]:
    """What only the directory holds: the store of files."""
    if settings.data_dir is None:
        raise RuntimeError("ZHIFA_DATA_DIR is not set")
    return {"store": settings.data_dir}


def create_app(settings: Settings | None = None, clock: clocks.Clock = clocks.now) -> FastAPI:
    """The application; one line per feature."""
    routers = [feature.router for feature in FEATURES]
    return app.build_service("directory_api", "目录服务", routers, settings=settings, clock=clock, extras=extras)
