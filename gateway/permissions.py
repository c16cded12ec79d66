"""The rights matrix as JSON: role × operation × scope, read from the merged document, so that it cannot differ from it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from gateway.table import Operation


def listed(operations: Iterable[Operation]) -> bytes:
    """The body of `GET /v1/permissions`, sorted by path and method; an operation without a token has no roles."""
    items = [
        {
            "operation": operation.name,
            "method": operation.method,
            "path": operation.template,
            "service": operation.service,
            "roles": {role.value: scope.value for role, scope in sorted((operation.grants or {}).items())},
        }
        for operation in sorted(operations, key=lambda operation: (operation.template, operation.method))
    ]
    return json.dumps({"items": items, "next_cursor": None}, ensure_ascii=False).encode()
