"""JSON logs with trace id. Secrets and personal data never reach a line: only named, harmless fields are logged."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from services.kit import trace

# Whatever a caller of the log names like this is replaced, however it got there.
SECRET_WORDS = ("password", "token", "secret", "authorization", "id_number", "phone", "key", "cookie", "name")
HARMLESS = frozenset({"logger_name", "file_name", "event_name", "route_name"})


def _redact(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for field in line:
        if field not in HARMLESS and any(word in field.lower() for word in SECRET_WORDS):
            line[field] = "[removed]"
    return line


def _add_trace(logger: Any, method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if trace_id := trace.current_id():
        line.setdefault("trace_id", trace_id)
    return line


def configure(service: str, level: str = "INFO") -> None:
    """Sends every log line of the process, the libraries' included, to standard error as one JSON object."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_trace,
        _redact,
    ]
    structlog.configure(
        # Lines below the level end here, before anything is spent on them.
        processors=[structlog.stdlib.filter_by_level, *shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(serializer=_dumps),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    structlog.contextvars.bind_contextvars(service=service)


def _dumps(value: Any, **options: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def logger(name: str) -> Any:
    """A structured logger: `log.info("event.name", field=value)`."""
    return structlog.stdlib.get_logger(name)
