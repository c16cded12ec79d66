"""`python -m services.cases_api`: the case files' service as a process."""

from __future__ import annotations

from services.cases_api.main import create_app
from services.kit import server
from services.kit.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    server.serve(create_app(settings), settings)
