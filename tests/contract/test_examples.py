"""Examples of whole bodies and answers are what the models take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from services.cases_api import main as cases
from services.directory_api import main as directory
from services.kit import fields
from services.tasks_api import main as tasks
from services.training_api import main as training

LOADED = (cases, directory, tasks, training)


def models(parent: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for model in parent.__subclasses__():
        yield model
        yield from models(model)


def examples(model: type[BaseModel]) -> list[Any]:
    extra = model.model_config.get("json_schema_extra")
    return list(extra.get("examples", [])) if isinstance(extra, dict) else []  # type: ignore[arg-type]  # JSON in general


def test_each_example_is_valid() -> None:
    shown = [(model, each) for parent in (fields.In, fields.Out) for model in models(parent) for each in examples(model)]
    assert len(shown) > 10
    for model, each in shown:
        model.model_validate_json(json.dumps(each))
