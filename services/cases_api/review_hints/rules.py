"""Which findings of the legal check belong beside which item of a rubric. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any


def pointing(rubric: Mapping[str, Any]) -> Iterator[tuple[str, str, Sequence[str]]]:
    """What of a rubric points to rules of the legal check: item or veto, its key, the rules."""
    items = [item for block in rubric["blocks"] for item in block["items"]]
    for about, listed in (("item", items), ("veto", rubric.get("vetoes") or ())):
        yield from ((about, each["key"], each["checks"]) for each in listed if each.get("checks"))


def beside(rubric: Mapping[str, Any], found: Mapping[str, Any], clean: Sequence[str]) -> list[dict[str, Any]]:
    """The hints of a sheet: for each item that points to rules what these came to; nothing of it takes points."""
    return [
        {
            "about": about,
            "key": key,
            "findings": [found[rule] for rule in checks if rule in found],
            "clean": [rule for rule in checks if rule in clean],
        }
        for about, key, checks in pointing(rubric)
    ]
