"""`python -m services.training_api`: the training service as a process."""

from __future__ import annotations

from services.kit import server
from services.kit.settings import Settings
from services.training_api.main import create_app

if __name__ == "__main__":
    settings = Settings()
    server.serve(create_app(settings), settings)
