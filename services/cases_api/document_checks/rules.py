"""Which elements a document lacks. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Result(StrEnum):
    """All required elements are there, some lack, or it cannot be said: no template, or nobody said what the document holds."""

    COMPLETE = "complete"
    LACKING = "lacking"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Checked:
    """What the check of a document came to; lacking elements and unknown ones, which no template names."""

    result: Result
    lacking: Sequence[Mapping[str, Any]] = ()
    wished: Sequence[Mapping[str, Any]] = ()
    unknown: Sequence[str] = ()


def checked(template: Sequence[Mapping[str, Any]] | None, held: Collection[str] | None) -> Checked:
    """Holds what a document has against its template (文书要素齐全; plan task 8)."""
    if template is None or held is None:
        return Checked(Result.UNDECIDED)
    absent = [{"key": each["key"], "title": each["title"]} | {"required": each["required"]} for each in template]
    absent = [each for each in absent if each["key"] not in held]
    lacking = [each for each in absent if each["required"]]
    keys = {each["key"] for each in template}
    unknown = sorted(set(held) - keys)
    wished = [each for each in absent if not each["required"]]
    return Checked(Result.LACKING if lacking else Result.COMPLETE, lacking, wished, unknown)
