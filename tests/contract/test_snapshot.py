"""The OpenAPI snapshot that the gateway serves fits the code, is a valid document, and routes every path."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from openapi_spec_validator import validate

from gateway import openapi, routes, table
from tests.contract import snapshot

Made = tuple[dict[str, dict[str, Any]], list[str]]


class Complaints(logging.Handler):
    """Keeps what is warned of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """One more."""
        self.said.append(record.getMessage())


@pytest.fixture(scope="module")
def made() -> Made:
    """The documents of today and what was complained of while they were made; making them takes long, so once."""
    heard = Complaints()
    logging.getLogger().addHandler(heard)
    documents = snapshot.documents_now()
    logging.getLogger().removeHandler(heard)
    return documents, heard.said


def test_the_snapshot_is_what_the_services_say_today(made: Made) -> None:
    wanted = snapshot.files(made[0])
    kept = {openapi.MERGED, *openapi.SINGLE.glob("*.json")}
    stale = {path.name for path in wanted.keys() | kept if not path.is_file() or wanted.get(path) != path.read_bytes()}
    assert stale == set(), "run: python -m tests.contract.snapshot"


def test_the_merged_document_is_valid_openapi() -> None:
    validate(json.loads(openapi.MERGED.read_bytes()))


def test_every_operation_has_a_service_and_its_roles_or_is_open() -> None:
    operations = table.Table(json.loads(openapi.MERGED.read_bytes())).operations
    assert {operation.service for operation in operations} <= {routes.GATEWAY, *routes.SERVICES}
    without = {(operation.method, table.nameless(operation.template)) for operation in operations if operation.grants is None}
    assert without <= routes.OPEN


def test_a_document_is_made_without_a_complaint(made: Made) -> None:
    documents, complaints = made
    assert complaints == []
    assert {document["info"]["contact"]["email"] for document in documents.values()} == {"zhifa@example.invalid"}
