"""The operations of the merged document as a tree of path segments: who may call what, and which service answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from gateway import routes
from services.kit import errors
from services.kit.principal import Role, Scope

METHODS = ("get", "post", "put", "patch", "delete")


class WrongMethod(errors.MethodNotAllowed):
    """405 that knows what to put into `Allow`."""

    def __init__(self, allow: str) -> None:
        super().__init__()
        self.allow = allow


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. `grants` is its row of the rights table; None where no token is needed."""

    name: str
    method: str
    template: str
    service: str
    grants: Mapping[Role, Scope] | None


@dataclass(slots=True)
class _Node:
    """A path segment: what may follow it, and the operations that end here."""

    fixed: dict[str, _Node] = field(default_factory=dict)
    parameter: _Node | None = None
    operations: dict[str, Operation] = field(default_factory=dict)

    def child(self, segment: str) -> _Node:
        if not segment.startswith("{"):
            return self.fixed.setdefault(segment, _Node())
        self.parameter = self.parameter or _Node()
        return self.parameter


class Table:
    """Finds the operation of a request. ValueError at the start for an operation without rights that is not open."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._root = _Node()
        self.operations = [operation_of(*entry) for entry in entries(document)]
        for operation in self.operations:
            node = self._root
            for segment in operation.template.split("/")[1:]:
                node = node.child(segment)
            node.operations[operation.method] = operation

    def find(self, method: str, path: str) -> Operation:
        """The operation; HEAD is answered by GET. NotFound for unknown paths, WrongMethod for unknown methods."""
        nodes = self._nodes(path)
        wanted = "GET" if method == "HEAD" else method
        for node in nodes:
            if wanted in node.operations:
                return node.operations[wanted]
        raise WrongMethod(_allow(nodes))

    def allowed(self, path: str) -> str:
        """Value of `Allow` for a path; NotFound when it is unknown."""
        return _allow(self._nodes(path))

    def _nodes(self, path: str) -> list[_Node]:
        segments = path.split("/")[1:]
        nodes = list(_matches(self._root, segments, 0)) if all(map(is_plain, segments)) else []
        if not nodes:
            raise errors.NotFound
        return nodes


def entries(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Method in capitals, template and operation object of every operation of a document."""
    for template, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), template, item[method]


def operation_of(method: str, template: str, described: Mapping[str, Any]) -> Operation:
    """One row of the table, from the document."""
    service = routes.service_of(template)
    if service is None:
        raise ValueError(f"no service for {template}")
    is_open = (method, nameless(template)) in routes.OPEN
    if not is_open and "x-roles" not in described:
        raise ValueError(f"no rights for {method} {template}")
    grants = None if is_open else {Role(role): Scope(scope) for role, scope in described["x-roles"].items()}
    name = described.get("x-operation", described.get("operationId", template))
    return Operation(name, method, template, service, grants)


def nameless(template: str) -> str:
    """The template with its parameters' names left out."""
    return "/".join("{}" if segment.startswith("{") else segment for segment in template.split("/"))


def is_plain(segment: str) -> bool:
    """Whether gateway and service see the same segment: not empty, no dots alone, no encoded slash or NUL."""
    decoded = unquote(segment)
    return decoded not in {"", ".", ".."} and not {"/", "\\", "\0"} & set(decoded)


def _matches(node: _Node, segments: list[str], depth: int) -> Iterator[_Node]:
    """Nodes a path ends at, fixed words before parameters; templates are few segments deep."""
    if depth == len(segments):
        if node.operations:
            yield node
        return
    for child in (node.fixed.get(segments[depth]), node.parameter):
        if child is not None:
            yield from _matches(child, segments, depth + 1)


def _allow(nodes: list[_Node]) -> str:
    methods = {method for node in nodes for method in node.operations}
    return ", ".join(sorted(methods | ({"HEAD"} if "GET" in methods else set()) | {"OPTIONS"}))
