"""What the check knows of a case, and what a rule may answer. Frozen and pure; days are of Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

Facts = Mapping[str, Any]
NO_FACTS: Final[Facts] = {}


class Level(StrEnum):
    """How much a defect weighs, from heavy to light (一票否决 严重 轻微)."""

    VETO = "veto"
    MAJOR = "major"
    MINOR = "minor"


GRAVITY: Final = {Level.VETO: 0, Level.MAJOR: 1, Level.MINOR: 2}


class Result(StrEnum):
    """Found: there is a defect. Undecidable: something must be known first. Clean: neither."""

    FOUND = "found"
    UNDECIDABLE = "undecidable"
    CLEAN = "clean"


@dataclass(frozen=True, slots=True)
class Finding:
    """A defect in words of both languages, with the days and figures it was computed from."""

    level: Level
    article: str
    zh: str
    en: str
    facts: Facts = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Missing:
    """What must be known before the rule can be decided: `<step or file>.<fact>`, `setting.<topic>`, `calendar.<year>`."""

    what: str


Told = Iterator[Finding | Missing]


@dataclass(frozen=True, slots=True)
class Step:
    """A dated event with the facts of its kind, as stored."""

    step: str
    on: date
    facts: Facts = field(default_factory=dict)

    def get(self, name: str) -> Any:
        """A fact, or None when it is unknown."""
        return self.facts.get(name)

    def day(self, name: str) -> date | None:
        """A fact that is a day."""
        found = self.facts.get(name)
        return None if found is None else date.fromisoformat(found)

    def officers(self, case: Case) -> Sequence[UUID]:
        """Who acted: those named by the step, else the officers of the file."""
        named = self.facts.get("officers")
        return case.officers if not named else [UUID(officer) for officer in named]


@dataclass(frozen=True, slots=True)
class Service:
    """Where and as what an officer served, from a day to another; the path runs from the district down to the unit."""

    unit_path: tuple[UUID, ...]
    kind: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Certificate:
    """A spell in which an officer held a valid enforcement certificate (neither expired, suspended nor ended)."""

    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer as the training service publishes it; `mark` is equal as long as all of this is."""

    id: UUID
    services: tuple[Service, ...]
    certificates: tuple[Certificate, ...] = ()
    mark: str = ""

    def service_on(self, on: date) -> Service | None:
        """The service of a day; None when the officer did not serve on it."""
        return next((each for each in self.services if _covers(each, on)), None)

    def is_certified(self, on: date) -> bool:
        """Whether a certificate was valid on the day."""
        return any(_covers(each, on) for each in self.certificates)


def _covers(spell: Service | Certificate, on: date) -> bool:
    return spell.from_on <= on and (spell.to_on is None or on <= spell.to_on)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A version of a discretion benchmark as it is on record. `bands`: key → lower and upper end in fen, where it sets fines."""

    is_public: bool
    in_force_from: date
    in_force_to: date
    zero_range: bool
    bands: Mapping[str, tuple[int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Equipment:
    """A device that collects facts by itself (电子技术监控设备), as it is on record."""

    legal_review_on: date | None = None
    technical_review_on: date | None = None
    marked: bool | None = None
    published_on: date | None = None
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class LenientItem:
    """An item of the lists of what is spared (首违不罚清单 and its kin), as it is on record."""

    list: str
    from_on: date
    to_on: date | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case file as the check sees it. `today` is the day of the check, `entered_on` that of the first entry here."""

    unit_id: UUID
    kind: str
    procedure: str
    state: str
    party_kind: str
    officers: Sequence[UUID]
    filed_on: date
    entered_on: date
    today: date
    steps: Mapping[str, Sequence[Step]]
    sector: str | None = None
    joint_basis: str | None = None
    decided_on: date | None = None
    closed_on: date | None = None
    archived_on: date | None = None
    amount_fen: int | None = None
    act_ended_on: date | None = None
    discovered_on: date | None = None
    grave_harm: bool | None = None
    offline_reason: str | None = None
    obstacle_ended_on: date | None = None
    keyed_in_on: date | None = None
    known_officers: Mapping[UUID, Officer] = field(default_factory=dict)
    # The one that the decision names by its id; None when it names none, or none that is on record.
    benchmark: Benchmark | None = None
    # Devices and items that its steps name by their ids, where they are on record.
    equipment: Mapping[UUID, Equipment] = field(default_factory=dict)
    lenient_items: Mapping[UUID, LenientItem] = field(default_factory=dict)

    @property
    def is_running(self) -> bool:
        """Whether the case still runs: what is not on record has then not happened yet; later it is merely unknown."""
        return self.state in {"open", "decided"}

    def of(self, step: str) -> Sequence[Step]:
        """The steps of a kind by their days."""
        return self.steps.get(step, ())

    @property
    def filing(self) -> Facts:
        """What is known of the filing."""
        return _facts_of(self.of("filing"))

    @property
    def decision(self) -> Facts:
        """What is known of the decision."""
        return _facts_of(self.of("decision"))


def _facts_of(steps: Sequence[Step]) -> Facts:
    return steps[-1].facts if steps else NO_FACTS


def by_kind(steps: Sequence[Step]) -> dict[str, list[Step]]:
    """Steps of each kind, by their days."""
    found: dict[str, list[Step]] = {}
    for step in sorted(steps, key=lambda each: each.on):
        found.setdefault(step.step, []).append(step)
    return found
