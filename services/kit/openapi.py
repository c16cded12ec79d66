"""The OpenAPI document of a service: what FastAPI makes, completed by what the kit does for every operation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, iter_route_contexts
from pydantic import BaseModel, ConfigDict, Field

from services.kit import envelope, problem_texts, problems, rights

CONTACT = {"name": "zhifa", "url": "https://example.invalid/zhifa"}
EMAIL = "zhifa@example.invalid"
SCHEMAS = "#/components/schemas/"
# Between the modules of a name, and modules that say nothing of what it names.
MODULES = "__"
LAYERS = frozenset({"services", "kit", "rules", "schemas", "kinds"})
TAG = {"type": "string", "maxLength": 200, "pattern": "^[!-~]+$", "examples": ['"v7"']}
PLACE = {"type": "string", "maxLength": 2000, "pattern": "^/"}
HEADERS: Mapping[str, dict[str, Any]] = {
    "ETag": {"description": "版本；修改时以 `If-Match` 送回。", "schema": TAG},
    "Location": {"description": "新建对象或后台操作的地址。", "schema": PLACE},
    "Link": {
        "description": '下一页的地址（`rel="next"`）；没有下一页时不给出。',
        "schema": {"type": "string", "maxLength": 4000, "pattern": "^<"},
    },
}
IF_NONE_MATCH: dict[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "已有的版本（ETag）；未改变时回答 304。",
    "schema": TAG,
}
WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class ProblemFault(BaseModel):
    """One fault of the input."""

    model_config = ConfigDict(json_schema_extra={"title": "ProblemFault"})

    pointer: str = Field(max_length=500, pattern="^/", examples=["/body/due_on"])
    code: str = Field(max_length=64, pattern="^[a-z0-9_.]+$", examples=["wrong_format"])
    detail: str = Field(max_length=500, pattern="^.+$", examples=["格式不对。"])


class Problem(BaseModel):
    """Every error (RFC 9457). `code` is stable; `title` and `detail` follow Accept-Language."""

    model_config = ConfigDict(json_schema_extra={"title": "Problem"})

    type: str = Field(max_length=200, pattern="^urn:zhifa:problem:", examples=["urn:zhifa:problem:not_found"])
    title: str = Field(max_length=200, pattern="^.+$", examples=["未找到"])
    status: int = Field(ge=400, le=599, json_schema_extra={"format": "int32"}, examples=[404])
    detail: str = Field(max_length=2000, pattern="^.+$", examples=["未找到。"])
    instance: str = Field(max_length=2000, pattern="^/", examples=["/v1/units/0192f0c8-0000-7000-8000-000000000000"])
    code: str = Field(max_length=64, pattern="^[a-z0-9_.]+$", examples=["not_found"])
    trace_id: str = Field(max_length=32, pattern="^[0-9a-f]*$", examples=["4bf92f3577b34da6a3ce929d0e0e4736"])
    errors: list[ProblemFault] = Field(default_factory=list, max_length=problems.MAX_FAULTS)


def operation_id(route: APIRoute) -> str:
    """`<tag>_<function>`, unique in the service by test; the merged document prefixes the service."""
    tag = str(route.tags[0]) if route.tags else "service"
    return f"{tag.replace('-', '_')}_{route.name}"


def describe(app: FastAPI, service: str) -> None:
    """Serves the completed document at `/openapi.json` of the service."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = complete(app, service)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]  # FastAPI documents this way of replacing it

    async def show() -> dict[str, Any]:
        return document()

    app.add_api_route("/openapi.json", show, methods=["GET"], include_in_schema=False, openapi_extra={"security": []})


def complete(app: FastAPI, service: str) -> dict[str, Any]:
    """FastAPI's document without its own error shape, with ours, the rights of each operation and the common headers."""
    document = get_openapi(
        title=app.title,
        version=envelope.API_VERSION,
        routes=app.routes,
        summary="行政执法质量提升行动管理接口",
        description=f"REST 接口（{service}）。约定见项目文档。",
        contact=dict(CONTACT),
        license_info={"name": "Apache-2.0", "url": "https://www.apache.org/licenses/LICENSE-2.0"},
        servers=[{"url": "/"}],
    )
    # FastAPI would look for a package that checks e-mail addresses, and complain in the log that there is none.
    document["info"]["contact"]["email"] = EMAIL
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= _problem_schemas()
    components["securitySchemes"] = {
        "bearer": {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "ES256 access token of POST /auth/token, checked after RFC 8725.",
        }
    }
    components["responses"] = dict(_problem_responses())
    components["headers"] = dict(HEADERS)
    for route in routes_of(app):
        if route.include_in_schema:
            _complete_operation(document, route)
    return _named(document)


def _named(document: dict[str, Any]) -> dict[str, Any]:
    """The document with models of one name told apart by their features: FastAPI would take the paths of their modules, and the
    names of a client's classes would change with our folders.
    """
    schemas = document["components"]["schemas"]
    names = {name: _short(name) for name in schemas if MODULES in name}
    if len({*names.values(), *schemas}) < len(names) + len(schemas):
        raise ValueError(f"two models of one name in one feature: {sorted(names.values())}")
    text = json.dumps(document, ensure_ascii=False)
    for name, short in names.items():
        text = text.replace(f'"{SCHEMAS}{name}"', f'"{SCHEMAS}{short}"')
    named: dict[str, Any] = json.loads(text)
    named["components"]["schemas"] = {names.get(name, name): each for name, each in named["components"]["schemas"].items()}
    return named


def _short(name: str) -> str:
    """`services__tasks_api__plans__rules__State` as `PlansState`; a kind of record stands for itself."""
    *modules, model = name.split(MODULES)
    features = [each for each in modules if each not in LAYERS and not each.endswith("_api")]
    feature = features[-1] if "kinds" in modules else features[0]
    return "".join(part.capitalize() for part in feature.split("_")) + model


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """All routes of an application. `app.routes` alone shows an included router as one closed entry."""
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            yield context.original_route


def _problem_schemas() -> dict[str, Any]:
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    return {"ProblemFault": schema.pop("$defs")["ProblemFault"], "Problem": schema}


def _problem_responses() -> Iterator[tuple[str, Any]]:
    content = {problems.CONTENT_TYPE.decode(): {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status, (title, _) in problem_texts.TITLES.items():
        yield f"Problem{status}", {"description": title, "content": content}


def _complete_operation(document: dict[str, Any], route: APIRoute) -> None:
    for method in sorted(route.methods or ()):
        operation = document["paths"][route.path_format][method.lower()]
        responses = operation["responses"]
        responses.pop("422", None)
        right = rights.right_of(route.dependant)
        for status in _statuses(method, right):
            responses.setdefault(str(status), {"$ref": f"#/components/responses/Problem{status}"})
        if right is not None:
            operation["security"] = [{"bearer": []}]
            operation["x-operation"] = right.operation
            operation["x-roles"] = {role.value: scope.value for role, scope in sorted(right.grants.items())}
        _describe_headers(document, operation, method)
        if right is not None and method in WRITES:
            own = {parameter["name"] for parameter in operation.setdefault("parameters", [])}
            operation["parameters"] += [each for each in _write_parameters(method) if each["name"] not in own]


def _describe_headers(document: dict[str, Any], operation: dict[str, Any], method: str) -> None:
    """What a caller finds beside the body: the tag to change by, the place of what was made or is under way, the next page."""
    for status in [each for each in operation["responses"] if each.startswith("2")]:
        response = operation["responses"][status]
        reference = response.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
        fields = document["components"]["schemas"].get(reference.removeprefix(SCHEMAS), {}).get("properties", {})
        told = {
            "ETag": "version" in fields and "next_cursor" not in fields,
            "Location": method == "POST" and (status == "202" or (status == "201" and "id" in fields)),
            "Link": "next_cursor" in fields and any(each["name"] == "cursor" for each in operation.get("parameters", ())),
        }
        headers = [name for name, is_so in told.items() if is_so]
        if headers:
            response["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in headers}
        if "ETag" in headers and method == "GET":
            operation.setdefault("parameters", []).append(IF_NONE_MATCH)
            operation["responses"]["304"] = {"description": "未改变：与 `If-None-Match` 所示版本相同。"}


def _statuses(method: str, right: rights.Right | None) -> list[int]:
    statuses = [400, 404, 429, 500, 503]
    if right is not None:
        statuses += [401, 403]
    if method in WRITES:
        statuses += [409, 412, 413, 415, 428] + ([422] if method == "POST" else [])
    return sorted(statuses)


def _write_parameters(method: str) -> Iterator[dict[str, Any]]:
    yield {
        "name": "dry_run",
        "in": "query",
        "required": False,
        "description": "`true`：完整校验并给出将得到的回答，但不写入。",
        "schema": {"type": "boolean", "default": False},
    }
    text = {"type": "string", "minLength": 1, "maxLength": 500, "pattern": "^[ -~]+$"}
    yield {
        "name": "X-Change-Reason",
        "in": "header",
        "required": False,
        "description": "修改理由（UTF-8 百分号编码），存入审计记录。",
        "schema": text,
    }
    if method == "POST":
        yield {
            "name": "Idempotency-Key",
            "in": "header",
            "required": False,
            "description": "同一键与同一请求只生效一次，保留七天。",
            "schema": text | {"maxLength": 255},
        }
