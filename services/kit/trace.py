"""Trace context of a request (W3C Trace Context) and the request id, kept for logs, problems and audit rows."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass

HEX = frozenset("0123456789abcdef")
WORD = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


@dataclass(frozen=True, slots=True)
class Trace:
    """`trace_id` stands in problems and log lines; the two headers are echoed and passed on."""

    trace_id: str
    traceparent: str
    request_id: str


CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)


def accept(headers: Iterable[tuple[bytes, bytes]]) -> Trace:
    """Takes `traceparent` and `X-Request-ID` when well-formed, else makes new ones."""
    sent = {name: value.decode("latin-1") for name, value in headers if name in {b"traceparent", b"x-request-id"}}
    traceparent = sent.get(b"traceparent", "")
    trace_id = _trace_id_of(traceparent)
    if trace_id is None:
        trace_id = secrets.token_hex(16)
        traceparent = f"00-{trace_id}-{secrets.token_hex(8)}-01"
    request_id = sent.get(b"x-request-id", "")
    if not (1 <= len(request_id) <= 64 and WORD.issuperset(request_id)):
        request_id = trace_id
    return Trace(trace_id, traceparent, request_id)


def _trace_id_of(traceparent: str) -> str | None:
    parts = traceparent.split("-")
    if [len(part) for part in parts] != [2, 32, 16, 2] or not all(HEX.issuperset(part) for part in parts):
        return None
    version, trace_id, parent, _ = parts
    if version == "ff" or set(trace_id) == {"0"} or set(parent) == {"0"}:
        return None
    return trace_id


def current_id() -> str:
    """Trace id of the request at hand, empty outside of one."""
    trace = CURRENT.get()
    return trace.trace_id if trace else ""
