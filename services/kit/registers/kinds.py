"""What a kind of record declares."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar, get_args
from uuid import UUID

from services.kit import fields
from services.kit.db import Reader, Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.references import Unit
from services.kit.rights import Right

Facts = TypeVar("Facts", bound=fields.In)
# Fields that every record has; a kind's facts stand beside them and must not use their names.
COMMON = frozenset(
    {
        "id", "district_id", "unit_id", "attachment_ids", "external_system", "external_id", "state", "void_reason",
        "allowed_actions", "version", "created_by", "created_at", "updated_at", "year",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Draft(Generic[Facts]):
    """A record about to be written: its facts in their model, the unit it is of, the day of writing, its id where it is there."""

    facts: Facts
    unit: Unit
    today: date
    record_id: UUID | None = None


Checks = Callable[[Draft[Any]], Sequence[Fault]]
Verify = Callable[[Session, Principal, Draft[Any]], Awaitable[Sequence[Fault]]]


def no_checks(draft: Draft[Any]) -> Sequence[Fault]:
    """The model says it all."""
    return []


async def nothing_to_verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
    """Nothing else is referred to."""
    return []


@dataclass(frozen=True, slots=True)
class Lookup:
    """How sheets name what a fact refers to by its id: `find` answers the ids of texts in a district, `name` the texts of ids.

    Whether the one found may be referred to is said by the kind's `verify`, as for an id that was sent.
    """

    heading: str
    find: Callable[[Session, UUID, Collection[str]], Awaitable[Mapping[str, UUID]]]
    name: Callable[[Reader, Collection[UUID]], Awaitable[Mapping[UUID, str]]]


@dataclass(frozen=True, slots=True)
class Grants:
    """Who reads, who enters and changes, who voids."""

    read: Right
    write: Right
    void: Right


@dataclass(frozen=True)
class Kind:
    """One kind of record.

    `day` names the fact, a day, by which records are sorted and belong to a year; it lies not in the future unless
    `ahead`. `subject` names the fact, an id, of what the record is about. `filters` are facts a list may be filtered by.
    `checks` judges the facts alone; `verify` asks the database about what they refer to. Both answer faults whose
    pointers begin with `/body`. Of a unit there is one record with the same facts named in `once`. `lookups` say how sheets
    name what a fact refers to; facts that name units need none. `tasks` and `requirements` are the numbers of the plan's
    tasks and work requirements that such records serve, `obligations` what they prove.
    """

    key: str
    path: str
    title: str
    facts: type[fields.In]
    day: str
    grants: Grants
    tasks: Sequence[int] = ()
    requirements: Sequence[int] = ()
    obligations: Sequence[str] = ()
    subject: str | None = None
    filters: Sequence[str] = ()
    once: Sequence[str] = ()
    lookups: Mapping[str, Lookup] = field(default_factory=dict)
    ahead: bool = False
    enforcement_only: bool = False
    checks: Checks = no_checks
    verify: Verify = nothing_to_verify
    example: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        names = set(self.facts.model_fields)
        named = {self.day, *self.filters, *self.once, *self.lookups} | ({self.subject} if self.subject else set())
        if names & COMMON or not named <= names:
            raise ValueError(f"kind {self.key}: facts use a common name, or a fact named is not there")

    @property
    def tag(self) -> str:
        """The tag of its operations; their ids begin with it."""
        return self.key.replace("-", "_")

    @property
    def object_type(self) -> str:
        """What audit rows and messages call it."""
        return self.tag

    @property
    def named(self) -> tuple[str, ...]:
        """Facts a list may be filtered by."""
        return (*self.filters, *([self.subject] if self.subject and self.subject not in self.filters else []))

    def plain_type(self, name: str) -> type:
        """What a fact is in Python, apart from being optional."""
        annotation: Any = self.facts.model_fields[name].annotation
        given = [each for each in get_args(annotation) if each is not type(None)]
        found: type = given[0] if given else annotation
        return found

    def day_of(self, facts: fields.In) -> date:
        """The day a record is sorted by."""
        found: date = getattr(facts, self.day)
        return found

    def subject_of(self, facts: fields.In) -> UUID | None:
        """What a record is about, where the kind has a subject."""
        found: UUID | None = getattr(facts, self.subject) if self.subject else None
        return found
