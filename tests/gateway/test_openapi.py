"""Merging the services' documents into one."""

from __future__ import annotations

from typing import Any

import pytest
from openapi_spec_validator import validate

from gateway import openapi, routes, table
from tests.gateway import documents

UNIT = {"type": "object", "title": "Unit", "properties": {"code": {"type": "string"}}}
OTHER_UNIT = {"type": "object", "title": "Unit", "properties": {"name": {"type": "string"}}}
PAGE = {"type": "object", "properties": {"items": {"type": "array", "items": {"$ref": "#/components/schemas/Unit"}}}}


def part(path: str, schema: str = "Problem", **schemas: Any) -> dict[str, Any]:
    return documents.document({path: {"get": documents.operation("things.read", {"bureau": "all"}, schema=schema)}}, **schemas)


def test_operation_ids_carry_their_service_and_the_result_is_a_valid_document() -> None:
    merged = openapi.merge(documents.services())
    validate(merged)
    ids = {described["operationId"] for _, _, described in table.entries(merged)}
    assert {"tasks_tasks_read", "directory_units_read", "gateway_permissions_page"} <= ids
    assert merged["servers"] == [{"url": "/"}]
    assert [tag["name"] for tag in merged["tags"]] == sorted({tag["name"] for tag in merged["tags"]})
    assert merged["paths"]["/auth/token"]["post"]["security"] == []


def test_equal_components_are_kept_once() -> None:
    merged = openapi.merge({"tasks": part("/v1/tasks", "Unit", Unit=UNIT), "cases": part("/v1/case-files", "Unit", Unit=UNIT)})
    assert set(merged["components"]["schemas"]) == {"Problem", "Unit", "Permission", "PermissionPage"}


def test_only_clashing_components_are_renamed_with_all_that_lead_to_them() -> None:
    merged = openapi.merge(
        {
            "tasks": part("/v1/tasks", "Page", Unit=UNIT, Page=PAGE),
            "cases": part("/v1/case-files", "Page", Unit=OTHER_UNIT, Page=PAGE),
            "training": part("/v1/officers", "Own", Own={"type": "string"}),
        }
    )
    schemas = merged["components"]["schemas"]
    assert {"TasksUnit", "CasesUnit", "TasksPage", "CasesPage", "Problem", "Own"} <= set(schemas)
    assert not {"Unit", "Page"} & set(schemas)
    assert schemas["CasesPage"]["properties"]["items"]["items"] == {"$ref": "#/components/schemas/CasesUnit"}
    content = merged["paths"]["/v1/tasks"]["get"]["responses"]["200"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/TasksPage"}


def test_the_parts_are_left_as_they_were() -> None:
    parts = documents.services()
    openapi.merge(parts)
    assert parts == documents.services()


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"tasks": part("/v1/case-files")}, "is routed to cases"),
        ({"tasks": part("/v1/nowhere")}, "is routed to None"),
        (
            {
                "tasks": {
                    **part("/v1/tasks/{id}"),
                    "paths": {**part("/v1/tasks/{id}")["paths"], **part("/v1/tasks/{no}")["paths"]},
                }
            },
            "claimed twice",
        ),
        ({"tasks": part("/v1/tasks", "Nothing")}, "references to nothing"),
        ({"tasks": {**part("/v1/tasks"), "paths": {**part("/v1/tasks")["paths"], **part("/v1/plans")["paths"]}}}, "not unique"),
    ],
    ids=["foreign path", "unrouted path", "path twice", "dangling reference", "operation id twice"],
)
def test_documents_that_do_not_fit_are_refused(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        openapi.merge(parts)


def test_equal_documents_are_written_alike() -> None:
    assert openapi.written({"b": 1, "a": "中"}) == openapi.written({"a": "中", "b": 1})
    assert "中".encode() in openapi.written({"a": "中"})


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/v1/hour-entries/{id}/confirm", "training"),
        ("/v1/review-rounds", "cases"),
        ("/auth/token", "directory"),
        ("/v1/permissions", "gateway"),
        ("/v1/unitsx", None),
        ("/v1", None),
        ("/", None),
    ],
)
def test_the_longest_prefix_of_whole_segments_names_the_service(path: str, service: str | None) -> None:
    assert routes.service_of(path) == service
