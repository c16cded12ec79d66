"""The one place that turns an error into problem+json (RFC 9457), in Chinese or English. Free of any web framework."""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from services.kit import errors
from services.kit.problem_texts import FAULTS, TITLES

CONTENT_TYPE = b"application/problem+json"
MAX_FAULTS = 100
TYPE_BASE = "urn:zhifa:problem:"


def language_of(accept_language: str | None) -> str:
    """`en` when English is preferred to Chinese in `Accept-Language`, else `zh-CN`."""
    for part in (accept_language or "").lower().split(","):
        tag = part.split(";")[0].strip()
        if tag.startswith("en"):
            return "en"
        if tag.startswith("zh"):
            return "zh-CN"
    return "zh-CN"


def fault_text(code: str, language: str, params: Mapping[str, str | int]) -> str:
    """Text of one fault; an unknown code falls back to the general one."""
    texts = FAULTS.get(code, FAULTS["invalid"])
    return texts[language == "en"].format_map(params)


def body_of(error: errors.DomainError, *, language: str, trace_id: str, instance: str) -> dict[str, Any]:
    """The problem as a mapping; at most 100 faults are listed."""
    english = language == "en"
    title = TITLES.get(error.status, (HTTPStatus(error.status).phrase,) * 2)[english]
    body: dict[str, Any] = {
        "type": TYPE_BASE + error.code,
        "title": title,
        "status": error.status,
        "detail": (error.en if english else error.zh).format_map(error.params),
        "instance": instance,
        "code": error.code,
        "trace_id": trace_id,
    }
    if error.faults:
        body["errors"] = [
            {"pointer": fault.pointer, "code": fault.code, "detail": fault_text(fault.code, language, fault.params)}
            for fault in error.faults[:MAX_FAULTS]
        ]
    return body


def render(
    error: errors.DomainError, *, language: str, trace_id: str, instance: str
) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
    """Status, headers and body bytes of an error."""
    body = json.dumps(body_of(error, language=language, trace_id=trace_id, instance=instance), ensure_ascii=False).encode()
    headers = [
        (b"content-type", CONTENT_TYPE),
        (b"content-language", language.encode()),
        (b"content-length", str(len(body)).encode()),
    ]
    if error.status == 401:
        headers.append((b"www-authenticate", b'Bearer realm="zhifa"'))
    if error.retry_after is not None or error.status in {429, 503}:
        headers.append((b"retry-after", str(error.retry_after or 1).encode()))
    return error.status, headers, body
