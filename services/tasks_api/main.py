"""The tasks service: plan documents, plans, tasks, assignments, supervision and reports."""

from __future__ import annotations

from fastapi import FastAPI

from services.kit import app, clock
from services.kit.settings import Settings


def create_app(settings: Settings | None = None, clock: clock.Clock = clock.now) -> FastAPI:
    """The application; one line per feature."""
    return app.build_service("tasks_api", "任务服务", [], settings=settings, clock=clock)
