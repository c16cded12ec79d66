"""Runs the gateway: `python -m gateway`, configured by the environment."""

from __future__ import annotations

from gateway import main
from services.kit import server
from services.kit.settings import Settings

if __name__ == "__main__":
    settings = Settings()
    server.serve(main.create_app(settings), settings)
