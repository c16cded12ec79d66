"""Asking a process of this home how it is, over loopback HTTP."""

from __future__ import annotations

import http.client
import json
from typing import Any


def is_ready(port: int) -> bool:
    """Whether the process answers `/readyz` with 200."""
    return _get(port, "/readyz")[0] == 200


def version(port: int) -> str | None:
    """What the process says of itself at `/version`."""
    status, body = _get(port, "/version")
    if status != 200:
        return None
    try:
        answer: Any = json.loads(body)
    except ValueError:
        return None
    return str(answer["version"]) if isinstance(answer, dict) and "version" in answer else None


def _get(port: int, path: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read(65_536)
    except (OSError, http.client.HTTPException):
        return 0, b""
    finally:
        connection.close()
