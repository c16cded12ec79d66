"""`python -m services.tasks_api`: the tasks service as a process."""

from __future__ import annotations

from services.kit import server
from services.kit.settings import Settings
from services.tasks_api.main import create_app

if __name__ == "__main__":
    settings = Settings()
    server.serve(create_app(settings), settings)
