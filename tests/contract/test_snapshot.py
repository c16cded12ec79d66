"""The OpenAPI snapshot that the gateway serves fits the code, is a valid document, and routes every path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from gateway import openapi, routes, table
from tests.contract import snapshot


def test_the_snapshot_is_what_the_services_say_today() -> None:
    wanted = snapshot.files()
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


def test_a_document_is_made_without_a_complaint(caplog: pytest.LogCaptureFixture, tmp_path: Path) -> None:
    with caplog.at_level("WARNING"):
        made = dict(snapshot.described(snapshot.settings(tmp_path)))
    assert [record.getMessage() for record in caplog.records] == []
    assert {document["info"]["contact"]["email"] for document in made.values()} == {"zhifa@example.invalid"}
