"""Whether hours may be entered, and as what. Pure; hours are whole hundredths."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final, NamedTuple, Protocol
from uuid import UUID

from services.kit import errors
from services.kit.errors import DomainError, Fault
from services.kit.principal import Role
from services.training_api.classes.rules import ClassFacts
from services.training_api.hour_entries import rules
from services.training_api.hour_entries.rules import Claim, Source, State
from services.training_api.hour_rules.rules import HourRule, Settings
from services.training_api.officers import rules as officers

# Whose entries do not wait where those of a unit's staff do.
LEADING: Final = frozenset({Role.BUREAU, Role.UNIT_MANAGER, Role.PLATFORM})


class ExternalKey(NamedTuple):
    """What another system calls an entry."""

    system: str
    id: str


@dataclass(frozen=True, slots=True)
class Turn:
    """How often an officer's hours of a class were entered, and whether one of these entries stands."""

    last: int = 0
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """Hours to enter, told by a body or by the attendance of a class."""

    officer_id: UUID
    category: str
    claim: Claim
    class_id: UUID | None = None
    note: str | None = None
    external: ExternalKey | None = None
    settings_id: UUID | None = None

    @property
    def told(self) -> tuple[object, ...]:
        """What must agree for two entries of one external id to be the same."""
        claim = self.claim
        facts = (claim.hundredths, claim.occurred_on, claim.starts_at, claim.ends_at, claim.source)
        return (self.officer_id, self.category, self.class_id, *facts)


@dataclass(frozen=True, slots=True)
class Granted:
    """Hours that will be entered: as what, under which settings, as which entry of their class, and why so late."""

    wanted: Wanted
    state: State
    rule_id: UUID
    turn: int | None
    late_reason: str | None


@dataclass(frozen=True, slots=True)
class Repeated:
    """Hours recorded already under the same external id."""

    key: ExternalKey


@dataclass(slots=True)
class Standing:
    """What stands for one officer: claims near the days at hand, the year's hours by source, the year's online courses."""

    claims: list[Claim] = field(default_factory=list)
    by_source: Counter[tuple[int, Source]] = field(default_factory=Counter)
    courses: set[tuple[int, str]] = field(default_factory=set)

    def why_not_add(self, claim: Claim, rule: HourRule) -> DomainError | None:
        """No hour counts twice: times, days, online courses; and no source beyond its cap where one is set."""
        return rules.why_not_add(claim, self.claims) or self._why_not_course(claim) or self._why_not_source(claim, rule)

    def _why_not_course(self, claim: Claim) -> DomainError | None:
        taken = claim.course is not None and (claim.year, course_key(claim.course)) in self.courses
        return rules.CourseTwice() if taken else None

    def _why_not_source(self, claim: Claim, rule: HourRule) -> DomainError | None:
        cap = rule.caps.get(claim.source)
        if cap is None or self.by_source[claim.year, claim.source] + claim.hundredths <= cap:
            return None
        return rules.OverCap(limit=rules.shown(cap))

    def take(self, claim: Claim) -> None:
        """Counts hours just granted, for those that come after them in the same request."""
        self.claims.append(claim)
        self.by_source[claim.year, claim.source] += claim.hundredths
        if claim.course is not None:
            self.courses.add((claim.year, course_key(claim.course)))


def course_key(name: str) -> str:
    """What makes two names the same course: full or half width, case and blanks aside."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


class Caller(Protocol):
    """What a rule may know of whoever enters hours."""

    @property
    def reason(self) -> str | None: ...
    @property
    def enters_late(self) -> bool: ...
    @property
    def is_staff(self) -> bool: ...


@dataclass(slots=True)
class Desk:
    """Where hours are judged: all they depend on, and what earlier items of the same request have brought."""

    caller: Caller
    today: date
    settings: Settings
    closed: frozenset[int]
    classes: Mapping[UUID, ClassFacts]
    spells: Mapping[UUID, officers.Timeline]
    standing: dict[UUID, Standing]
    turns: dict[tuple[UUID, UUID], Turn]
    recorded: dict[ExternalKey, tuple[object, ...]] = field(default_factory=dict)

    def judged(self, wanted: Wanted) -> Granted | Repeated | DomainError:
        """What becomes of these hours; every fault of them at once. What is granted counts for those that follow."""
        rule = self.settings.on(wanted.claim.occurred_on)
        if faults := self._faults(wanted, rule):
            return errors.BadInput(*faults)
        if wanted.external is not None and (known := self.recorded.get(wanted.external)) is not None:
            return Repeated(wanted.external) if known == wanted.told else rules.SameExternalId()
        state = self._state(wanted.claim, rule)
        turn = self._turn(wanted)
        if turn is not None and turn.stands:
            return rules.ClassPosted()
        standing = self.standing[wanted.officer_id]
        if state is State.POSTED and (refusal := standing.why_not_add(wanted.claim, rule)):
            return refusal
        late = self.caller.reason if wanted.claim.year in self.closed else None
        granted = Granted(wanted, state, rule.id, turn.last + 1 if turn else None, late)
        self._take(granted)
        return granted

    def fault_of_reason(self, year: int) -> Fault | None:
        """Hours of a closed year say why they come so late."""
        return Fault("/header/x-change-reason", "missing") if year in self.closed and self.caller.reason is None else None

    def _faults(self, wanted: Wanted, rule: HourRule) -> list[Fault]:
        claim, spells = wanted.claim, self.spells.get(wanted.officer_id)
        serving = spells is None or officers.is_in_service(spells, claim.occurred_on)
        found = [Fault("/body/officer_id", "not_found") if spells is None else None, self.fault_of_reason(claim.year)]
        found += rules.faults_of_claim(claim, self.today, serving)
        if claim.course is not None and claim.source is not Source.ONLINE:
            found.append(Fault("/body/course", "hours.course_not_online"))
        if wanted.class_id is not None:
            found += self._faults_of_class(wanted, self.classes.get(wanted.class_id), rule)
        return [fault for fault in found if fault is not None]

    def _faults_of_class(self, wanted: Wanted, held: ClassFacts | None, rule: HourRule) -> list[Fault]:
        if held is None:
            return [Fault("/body/class_id", "not_found")]
        most = rule.most_of_class(wanted.claim.source, held.hundredths)
        return rules.faults_of_match(wanted.claim, wanted.category, held, most)

    def _state(self, claim: Claim, rule: HourRule) -> State:
        """Hours of a closed year wait for the bureau, unless it enters them itself."""
        late = claim.year in self.closed and not self.caller.enters_late
        return State.PENDING if late or rule.is_pending(claim.source, by_member=self.caller.is_staff) else State.POSTED

    def _turn(self, wanted: Wanted) -> Turn | None:
        return None if wanted.class_id is None else self.turns.get((wanted.class_id, wanted.officer_id), Turn())

    def _take(self, granted: Granted) -> None:
        wanted = granted.wanted
        if granted.state is State.POSTED:
            self.standing[wanted.officer_id].take(wanted.claim)
        if wanted.class_id is not None:
            self.turns[wanted.class_id, wanted.officer_id] = Turn(granted.turn or 1, True)
        if wanted.external is not None:
            self.recorded[wanted.external] = wanted.told
