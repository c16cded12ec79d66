"""The merged OpenAPI document: how it is made of the services' own, and how the gateway reads its snapshot.

The snapshot lies beside this file, so a service that is down takes no documentation with it; a test makes it anew
from the services and compares.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gateway import routes, table
from services.kit import envelope
from services.kit.principal import Role, Scope

Document = Mapping[str, Any]

FOLDER = Path(__file__).parent
MERGED = FOLDER / "openapi.json"
SINGLE = FOLDER / "documents"
COMPONENT = "#/components/"

_PERMISSION = {
    "type": "object",
    "title": "Permission",
    "additionalProperties": False,
    "required": ["operation", "method", "path", "service", "roles"],
    "properties": {
        "operation": {"type": "string", "maxLength": 200, "pattern": r"^[a-z0-9_.\-]+$", "examples": ["assignments.submit"]},
        "method": {"type": "string", "enum": [method.upper() for method in table.METHODS]},
        "path": {"type": "string", "maxLength": 300, "pattern": "^/", "examples": ["/v1/assignments/{assignment_id}/submit"]},
        "service": {"type": "string", "enum": [routes.GATEWAY, *routes.SERVICES]},
        "roles": {
            "type": "object",
            "description": "角色 → 范围。空对象表示无需登录。",
            "maxProperties": len(Role),
            "propertyNames": {"enum": [role.value for role in Role]},
            "additionalProperties": {"type": "string", "enum": [scope.value for scope in Scope]},
        },
    },
}
_PERMISSION_PAGE = {
    "type": "object",
    "title": "PermissionPage",
    "additionalProperties": False,
    "required": ["items", "next_cursor"],
    "properties": {
        "items": {"type": "array", "maxItems": 2000, "items": {"$ref": "#/components/schemas/Permission"}},
        "next_cursor": {"type": "null"},
    },
}
OWN: Document = {
    "tags": [{"name": "permissions", "description": "权限矩阵：角色 × 操作 × 范围。"}],
    "paths": {
        "/v1/permissions": {
            "get": {
                "operationId": "permissions_page",
                "tags": ["permissions"],
                "summary": "权限矩阵",
                "description": "每个操作允许哪些角色在什么范围内使用，由各服务的权限表生成。",
                "security": [{"bearer": []}],
                "x-operation": "permissions.read",
                "x-roles": {role.value: Scope.ALL.value for role in sorted(Role)},
                "responses": {
                    "200": {
                        "description": "全部操作",
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/PermissionPage"}}},
                    },
                    **{str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in (401, 429, 500)},
                },
            }
        }
    },
    "components": {"schemas": {"Permission": _PERMISSION, "PermissionPage": _PERMISSION_PAGE}},
}


@dataclass(frozen=True, slots=True)
class Stored:
    """A document as it is sent: bytes and their strong ETag."""

    body: bytes
    etag: bytes


def stored(body: bytes) -> Stored:
    """Bytes with the tag made of them."""
    return Stored(body, b'"%b"' % hashlib.sha256(body).hexdigest()[:32].encode())


def written(document: Document) -> bytes:
    """The one spelling in which documents are kept, so that equal documents are equal files."""
    return (json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def merge(documents: Mapping[str, Document]) -> dict[str, Any]:
    """One document of all services and the gateway's own part.

    Operation ids get the service as prefix; components of one name are kept once where equal and renamed where they
    differ. ValueError for a path that two services claim or that `routes` gives to another, for an operation id that
    is not unique, and for a reference to nothing.
    """
    sources = {routes.GATEWAY: OWN, **documents}
    clashing = _clashing(sources)
    parts = {service: _renamed(service, document, clashing) for service, document in sources.items()}
    merged = {
        "openapi": "3.1.0",
        "info": _info(documents),
        "servers": [{"url": "/"}],
        "security": [{"bearer": []}],
        "tags": _tags(parts),
        "paths": _paths(parts),
        "components": _components(parts),
    }
    _check(merged)
    return merged


def _info(documents: Mapping[str, Document]) -> dict[str, Any]:
    first = next(iter(documents.values()), {}).get("info", {})
    return {
        "title": "zhifa",
        "version": envelope.API_VERSION,
        "summary": "行政执法质量提升行动管理接口",
        "description": "全部服务的 REST 接口。约定见项目文档。",
        **{name: first[name] for name in ("contact", "license") if name in first},
    }


def _tags(parts: Mapping[str, Document]) -> list[Any]:
    tags: dict[str, Any] = {}
    for part in parts.values():
        for tag in part.get("tags", []):
            tags.setdefault(tag["name"], tag)
    return [tags[name] for name in sorted(tags)]


def _paths(parts: Mapping[str, Document]) -> dict[str, Any]:
    paths: dict[str, Any] = {}
    taken: set[str] = set()
    for service, part in parts.items():
        for path, item in part["paths"].items():
            if routes.service_of(path) != service:
                raise ValueError(f"{path} of {service} is routed to {routes.service_of(path)}")
            if table.nameless(path) in taken:
                raise ValueError(f"{path} is claimed twice")
            taken.add(table.nameless(path))
            paths[path] = item
    return paths


def _components(parts: Mapping[str, Document]) -> dict[str, dict[str, Any]]:
    united: dict[str, dict[str, Any]] = {}
    for part in parts.values():
        for section, entries in part.get("components", {}).items():
            united.setdefault(section, {}).update(entries)
    return united


def _renamed(service: str, document: Document, clashing: frozenset[str]) -> dict[str, Any]:
    """The document with its clashing components and all its operation ids under the service's name."""
    names = {ref: f"{ref.rpartition('/')[0]}/{service.capitalize()}{ref.rpartition('/')[2]}" for ref in clashing}
    part: dict[str, Any] = _rewritten(document, names)
    for section, entries in part.get("components", {}).items():
        part["components"][section] = {
            names.get(f"{COMPONENT}{section}/{name}", name).rpartition("/")[2]: entry for name, entry in entries.items()
        }
    for method, path, _ in table.entries(part):
        operation = part["paths"][path][method.lower()]
        operation["operationId"] = f"{service}_{operation['operationId']}"
        if (method, table.nameless(path)) in routes.OPEN:
            operation["security"] = []
    return part


def _rewritten(value: Any, names: Mapping[str, str]) -> Any:
    """A deep copy with references (also those of discriminators, which are plain text) put on new names."""
    if isinstance(value, dict | Mapping):
        return {key: _rewritten(entry, names) for key, entry in value.items()}
    if isinstance(value, list):
        return [_rewritten(entry, names) for entry in value]
    return names.get(value, value) if isinstance(value, str) else value


def _clashing(documents: Mapping[str, Document]) -> frozenset[str]:
    """Components of one name and different meaning: different text, or equal text that leads to a clashing one."""
    found: dict[str, list[Any]] = {}
    for document in documents.values():
        for section, entries in document.get("components", {}).items():
            for name, entry in entries.items():
                found.setdefault(f"{COMPONENT}{section}/{name}", []).append(entry)
    shared = {ref: entries for ref, entries in found.items() if len(entries) > 1}
    clashing = {ref for ref, entries in shared.items() if any(entry != entries[0] for entry in entries)}
    while more := {ref for ref, entries in shared.items() if clashing & set(_references(entries))} - clashing:
        clashing |= more
    return frozenset(clashing)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for entry in value.values():
            yield from _references(entry)
    elif isinstance(value, list):
        for entry in value:
            yield from _references(entry)
    elif isinstance(value, str) and value.startswith(COMPONENT):
        yield value


def _check(merged: Document) -> None:
    known = {f"{COMPONENT}{section}/{name}" for section, entries in merged["components"].items() for name in entries}
    if missing := set(_references(merged)) - known:
        raise ValueError(f"references to nothing: {', '.join(sorted(missing))}")
    ids = [operation["operationId"] for _, _, operation in table.entries(merged)]
    if len(ids) != len(set(ids)):
        raise ValueError("operation ids are not unique")
    table.Table(merged)
