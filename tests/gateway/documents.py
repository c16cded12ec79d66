"""Small documents in the shape the services give, enough to exercise routing, rights and merging."""

from __future__ import annotations

from typing import Any

from gateway import openapi, table

ALL_ROLES = {
    "bureau": "district",
    "government": "district",
    "platform": "district",
    "unit_manager": "unit_and_below",
    "unit_member": "unit",
}
PROBLEM = {"type": "object", "title": "Problem", "properties": {"status": {"type": "integer"}}}


def operation(name: str, roles: dict[str, str] | None, *, schema: str = "Problem") -> dict[str, Any]:
    """One operation; without roles it is an open one."""
    ref = {"$ref": f"#/components/schemas/{schema}"}
    described: dict[str, Any] = {
        "operationId": name.replace(".", "_"),
        "tags": [name.partition(".")[0]],
        "responses": {"200": {"description": "ok", "content": {"application/json": {"schema": ref}}}},
    }
    if roles is None:
        return described | {"security": []}
    return described | {"x-operation": name, "x-roles": roles, "security": [{"bearer": []}]}


def parameter(name: str) -> dict[str, Any]:
    """A parameter of the path."""
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}


def document(paths: dict[str, Any], **schemas: Any) -> dict[str, Any]:
    """A service's document around its paths."""
    for path, item in paths.items():
        item |= {"parameters": [parameter(part[1:-1]) for part in path.split("/") if part.startswith("{")]}
    tags = {tag for _, _, described in table.entries({"paths": paths}) for tag in described["tags"]}
    return {
        "openapi": "3.1.0",
        "info": {"title": "t", "version": "1.0.0", "contact": {"name": "zhifa"}},
        "tags": [{"name": tag, "description": tag} for tag in sorted(tags)],
        "paths": paths,
        "components": {
            "schemas": {"Problem": PROBLEM, **schemas},
            "responses": {f"Problem{status}": {"description": str(status)} for status in (401, 429, 500)},
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
        },
    }


def services() -> dict[str, dict[str, Any]]:
    """Documents of the four services."""
    return {
        "directory": document(
            {
                "/auth/token": {"post": operation("tokens.issue", None)},
                "/.well-known/jwks.json": {"get": operation("keys.show", None)},
                "/v1/units": {"get": operation("units.read", ALL_ROLES)},
                "/v1/units/batch": {"post": operation("units.batch", {"system_admin": "all"})},
                "/v1/units/{unit_id}": {
                    "get": operation("units.one", ALL_ROLES),
                    "patch": operation("units.change", {"system_admin": "all"}),
                },
            }
        ),
        "tasks": document(
            {
                "/v1/tasks": {"get": operation("tasks.read", ALL_ROLES), "post": operation("tasks.create", ALL_ROLES)},
                "/v1/assignments/{assignment_id}/submit": {
                    "post": operation("assignments.submit", {"unit_manager": "unit_and_below"})
                },
            }
        ),
        "cases": document({"/v1/case-files": {"get": operation("case_files.read", ALL_ROLES)}}),
        "training": document(
            {
                "/v1/officers": {"get": operation("officers.read", ALL_ROLES)},
                "/v1/completion-certificates/{number}/verification": {"get": operation("certificates.verify", None)},
            }
        ),
    }


def stored() -> dict[str, bytes]:
    """What `create_app` takes in place of the snapshot."""
    parts = services()
    return {"": openapi.written(openapi.merge(parts)), **{name: openapi.written(part) for name, part in parts.items()}}
