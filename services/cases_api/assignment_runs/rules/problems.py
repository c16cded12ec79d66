"""What an assignment is made from, as a value that can be stored, hashed and solved again. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import rfc8785

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Person:
    """A reviewer. `load` is what the round has given already, `least` and `most` bound it together with what is added."""

    account_id: str
    unit_id: str
    kinds: tuple[str, ...] = ()
    legal_review: bool = False
    least: int = 0
    most: int = 10_000
    load: int = 0


@dataclass(frozen=True, slots=True)
class File:
    """A case file that needs reviewers, so many of them qualified for legal review. `barred` had it before, or have it."""

    id: str
    unit_id: str
    kind: str
    need: int = 2
    legal_need: int = 0
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """All that decides an assignment. Conflicts: (account, unit) and (account, file) → kinds; `met`: (reviewing unit, reviewed
    unit) → how often in the years before; `fixed`: such pairs that the round has already.
    """

    seed: str
    people: tuple[Person, ...]
    files: tuple[File, ...]
    unit_conflicts: Mapping[Pair, tuple[str, ...]] = field(default_factory=dict)
    file_conflicts: Mapping[Pair, tuple[str, ...]] = field(default_factory=dict)
    met: Mapping[Pair, int] = field(default_factory=dict)
    fixed: frozenset[Pair] = frozenset()

    @property
    def demand(self) -> int:
        """How many reviews all files want together."""
        return sum(file.need for file in self.files)


def content_of(problem: Problem) -> dict[str, Any]:
    """The problem as plain JSON, people and files in the order of their ids."""
    return {
        "seed": problem.seed,
        "people": [_plain(person) for person in sorted(problem.people, key=lambda each: each.account_id)],
        "files": [_plain(file) for file in sorted(problem.files, key=lambda each: each.id)],
        "unit_conflicts": _listed(problem.unit_conflicts),
        "file_conflicts": _listed(problem.file_conflicts),
        "met": [[*pair, count] for pair, count in sorted(problem.met.items())],
        "fixed": [list(pair) for pair in sorted(problem.fixed)],
    }


def problem_of(content: Mapping[str, Any]) -> Problem:
    """The problem a stored content stands for."""
    return Problem(
        seed=content["seed"],
        people=tuple(Person(**_frozen(each)) for each in content["people"]),
        files=tuple(File(**_frozen(each)) for each in content["files"]),
        unit_conflicts={(one, other): tuple(kinds) for one, other, kinds in content["unit_conflicts"]},
        file_conflicts={(one, other): tuple(kinds) for one, other, kinds in content["file_conflicts"]},
        met={(one, other): count for one, other, count in content["met"]},
        fixed=frozenset((one, other) for one, other in content["fixed"]),
    )


def canonical(content: Any) -> str:
    """Canonical JSON (RFC 8785) as text."""
    text: str = rfc8785.dumps(content).decode()
    return text


def _plain(part: Person | File) -> dict[str, Any]:
    values = {name: getattr(part, name) for name in part.__dataclass_fields__}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _frozen(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in part.items()}


def _listed(conflicts: Mapping[Pair, tuple[str, ...]]) -> list[list[Any]]:
    return [[*pair, list(kinds)] for pair, kinds in sorted(conflicts.items())]
