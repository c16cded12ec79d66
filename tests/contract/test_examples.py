"""Every request body shows a whole that can be sent; examples of whole bodies and answers are what the models take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from openapi_schema_validator import OAS31Validator
from pydantic import BaseModel

from gateway import openapi
from services.cases_api import main as cases
from services.directory_api import main as directory
from services.kit import fields
from services.tasks_api import main as tasks
from services.training_api import main as training

LOADED = (cases, directory, tasks, training)
# Sheets and papers: bytes have no example, their columns stand in a template.
FILES = "multipart/form-data"


def models(parent: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in parent.__subclasses__():
        yield model
        yield from models(model)


def examples(model: type[BaseModel]) -> list[Any]:
    extra = model.model_config.get("json_schema_extra")
    return list(extra.get("examples", [])) if isinstance(extra, dict) else []  # type: ignore[arg-type]  # JSON in general


def bodies(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """The schema of each body and the operation that takes it; a body that may be left out has null beside it."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            for form, content in operation.get("requestBody", {}).get("content", {}).items():
                if form != FILES:
                    schema = content["schema"]
                    chosen = [each for each in schema.get("anyOf", [schema]) if each.get("type") != "null"]
                    yield from ((f"{method} {path}", each) for each in chosen)


def test_each_example_is_valid() -> None:
    shown = [(model, each) for parent in (fields.In, fields.Out) for model in models(parent) for each in examples(model)]
    assert len(shown) > 10
    for model, each in shown:
        model.model_validate_json(json.dumps(each))


@pytest.mark.parametrize("service", sorted(openapi.SINGLE.glob("*.json")), ids=lambda path: path.stem)
def test_each_request_body_shows_an_example_of_the_whole(service: Any) -> None:
    """In the kept document: another test demands that it be today's."""
    document = json.loads(service.read_bytes())
    found = list(bodies(document))
    assert len(found) > 10
    for operation, schema in found:
        name = schema.get("$ref", "").rsplit("/", 1)[-1]
        shown = document["components"]["schemas"].get(name, schema).get("examples", [])
        assert shown, f"{operation} {name}"
        judge = OAS31Validator({**schema, "components": document["components"]})
        assert all(judge.is_valid(each) for each in shown), f"{operation} {name}"
