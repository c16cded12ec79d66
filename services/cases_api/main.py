"""The case files' service: numbers, files, rubrics and reviews."""

from __future__ import annotations

from fastapi import FastAPI

from services.cases_api.case_numbers import router as case_numbers
from services.cases_api.number_patterns import router as number_patterns
from services.kit import app, clock, personal
from services.kit.settings import Settings

# The order is that of the document; the paths of the features do not overlap.
FEATURES = (
    number_patterns.router,
    case_numbers.router,
)


def create_app(settings: Settings | None = None, clock: clock.Clock = clock.now) -> FastAPI:
    """The application; one line per feature."""
    return app.build_service(
        "cases_api",
        "案卷服务",
        FEATURES,
        settings=settings,
        clock=clock,
        extras=lambda chosen: {"vault": personal.Vault.from_settings(chosen)},
    )
