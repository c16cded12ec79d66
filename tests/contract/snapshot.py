"""Makes the gateway's snapshot of the OpenAPI documents from the services' code: `python -m tests.contract.snapshot`."""

from __future__ import annotations

import importlib
import secrets
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from gateway import openapi, routes
from services.kit.settings import Settings
from tests import places, tokens


def documents_now() -> dict[str, dict[str, Any]]:
    """The documents as the services' code makes them today."""
    with tempfile.TemporaryDirectory() as folder:
        return dict(described(settings(Path(folder))))


def files(documents: dict[str, dict[str, Any]]) -> dict[Path, bytes]:
    """What the snapshot's files must hold: each service's document and the merged one."""
    single = {openapi.SINGLE / f"{service}.json": openapi.written(document) for service, document in documents.items()}
    return {openapi.MERGED: openapi.written(openapi.merge(documents)), **single}


def described(chosen: Settings) -> Iterator[tuple[str, dict[str, Any]]]:
    """The document of every service that has an application."""
    for service in routes.SERVICES:
        name = f"services.{service}_api.main"
        if find_spec(name) is not None:
            yield service, importlib.import_module(name).create_app(chosen).openapi()


def settings(folder: Path) -> Settings:
    """Settings of services that are asked for their documents only: no database is ever reached."""
    (folder / "cursor.key").write_bytes(secrets.token_bytes(32))
    (folder / "personal.json").write_text(places.personal_keys())
    return Settings(
        database_url="postgresql://nobody:nothing@127.0.0.1:9/none",
        public_url=tokens.ISSUER,
        jwks_file=tokens.keys().jwks_file,
        signing_key_file=tokens.keys().signing_key_file,
        personal_keys_file=folder / "personal.json",
        ledger_key_file=tokens.ledger_keys().signing_key_file,
        ledger_jwks_file=tokens.ledger_keys().jwks_file,
        audit_key_file=tokens.ledger_keys().signing_key_file,
        audit_jwks_file=tokens.ledger_keys().jwks_file,
        webhook_keys_file=folder / "personal.json",
        cursor_key_file=folder / "cursor.key",
        data_dir=folder,
    )


def write() -> None:
    """Puts the files in place and removes those of services that are gone."""
    wanted = files(documents_now())
    openapi.SINGLE.mkdir(exist_ok=True)
    for stale in set(openapi.SINGLE.glob("*.json")) - set(wanted):
        stale.unlink()
    for path, content in wanted.items():
        path.write_bytes(content)


if __name__ == "__main__":
    write()
