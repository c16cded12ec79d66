"""Pydantic's complaints as faults of the contract: pointer and stable code, never the input."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.kit.errors import Fault

CODES: Mapping[str, str] = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "string_too_long": "too_long",
    "string_too_short": "too_short",
    "too_long": "too_long",
    "too_short": "too_short",
    "greater_than": "too_small",
    "greater_than_equal": "too_small",
    "less_than": "too_great",
    "less_than_equal": "too_great",
    "enum": "not_allowed",
    "literal_error": "not_allowed",
    "string_pattern_mismatch": "wrong_format",
    "wrong_format": "wrong_format",
    "identity_misplaced": "identity_misplaced",
    "wrong_type": "wrong_type",
    "value_error": "invalid",
    "union_tag_not_found": "missing",
    "union_tag_invalid": "not_allowed",
}
LIMITS = ("max_length", "min_length", "ge", "gt", "le", "lt")


def of_validation(complaints: Iterable[Mapping[str, Any]], body: Any = None) -> list[Fault]:
    """One fault per complaint; a missing body is a fault at `/body`. `body` is what was sent, to tell fields from tags."""
    return [_fault(complaint, body) for complaint in complaints]


def _fault(complaint: Mapping[str, Any], body: Any) -> Fault:
    kind = str(complaint["type"])
    code = CODES.get(kind) or ("wrong_format" if "pars" in kind else "wrong_type" if kind.endswith("_type") else "invalid")
    limit = next((value for name in LIMITS if (value := complaint.get("ctx", {}).get(name)) is not None), "")
    params = {"limit": limit if isinstance(limit, int | str) else str(limit)}
    return Fault(pointer(_place(complaint, body)), code, params)


def _place(complaint: Mapping[str, Any], body: Any) -> list[str | int]:
    """Where the fault lies. Pydantic puts the tag of a union (the `step` chosen) between; no field of the body has that name."""
    first, *rest = complaint["loc"] or ("body",)
    found: list[str | int] = [first]
    here = body if first == "body" else None
    for place, part in enumerate(rest):
        if isinstance(here, Mapping) and part not in here and place < len(rest) - 1:
            continue
        found.append(part)
        here = here.get(part) if isinstance(here, Mapping) else _at(here, part)
    if str(complaint["type"]).startswith("union_tag_"):
        found.append(complaint["ctx"]["discriminator"].strip("'"))
    return found


def _at(here: Any, part: str | int) -> Any:
    return here[part] if isinstance(here, list) and isinstance(part, int) and part < len(here) else None


def pointer(location: Sequence[str | int]) -> str:
    """JSON pointer (RFC 6901) of a location; header names in lower case with hyphens."""
    parts = [str(part)[:100].replace("~", "~0").replace("/", "~1") for part in location]
    if parts and parts[0] == "header":
        parts = [part.replace("_", "-").lower() for part in parts]
    return "/" + "/".join(parts)
