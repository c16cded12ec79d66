"""Identity numbers have no place in a plan: what a document says is kept with them hidden. Pure."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from datetime import date
from typing import Any, TypeVar

from services.kit import identity

Read = TypeVar("Read")


def hidden(read: Read, today: date) -> Read:
    """What was read, with identity numbers masked in each of its texts; here, for a number may run over two lines."""
    value: Any = read
    if type(value) is str:
        value = identity.hidden(value, today)
    elif isinstance(value, tuple):
        value = tuple(hidden(each, today) for each in value)
    elif is_dataclass(value) and not isinstance(value, type):
        value = replace(value, **{each.name: hidden(getattr(value, each.name), today) for each in fields(value)})
    found: Read = value
    return found
