"""Looks references up under the caller's right to read what they point to: unseen and absent are the same.

The tables are named, not imported: what refers to each other would make circles of features.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Column, ColumnElement, MetaData, Table, Text, Uuid, false, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from services.kit import visibility
from services.kit.db import Session
from services.kit.errors import Fault, Forbidden
from services.kit.principal import Principal, Scope
from services.kit.rights import Right
from services.tasks_api import access
from services.tasks_api.linked_records import external
from services.tasks_api.registers.kinds import KINDS


class Kind(StrEnum):
    """What may be referred to."""

    CASE_FILE = "case_file"
    RECTIFICATION = "rectification"
    COMPLAINT = "complaint"
    PROBLEM = "problem"
    INSPECTION = "inspection"
    RANDOM_DRAW = "random_draw"
    SURVEY = "survey"


def _own(name: str, *more: Column[Any]) -> Table:
    ids = (Column(each, Uuid) for each in ("id", "district_id", "unit_id"))
    return Table(name, MetaData(schema="tasks"), *ids, Column("state", Text), *more)


COMPLAINTS: Final = _own("complaints")
PROBLEMS: Final = _own("problems")
INSPECTIONS: Final = _own("inspections", Column("unit_ids", ARRAY(Uuid)))
RANDOM_DRAWS: Final = _own("random_draws")
RECORDS: Final = _own("records", Column("kind", Text))
SURVEYS: Final = KINDS["satisfaction-surveys"]

Where = Callable[[Principal], ColumnElement[bool]]


def _within(of: Table) -> Where:
    return lambda who: visibility.within(who, district=of.c.district_id, unit=of.c.unit_id)


def _valid(of: Table) -> Where:
    return lambda who: _within(of)(who) & (of.c.state != "void")


def _inspection(who: Principal) -> ColumnElement[bool]:
    """Those a unit led, and those its own people took part in."""
    took_part: ColumnElement[bool] = false()
    if who.unit_id is not None and who.scopes & {Scope.UNIT, Scope.UNIT_AND_BELOW}:
        took_part = INSPECTIONS.c.unit_ids.contains(array([visibility.my_unit(who)]))
    return or_(_within(INSPECTIONS)(who), took_part) & (INSPECTIONS.c.state != "void")


def _draw(who: Principal) -> ColumnElement[bool]:
    """Draws are public in the district; only one that was drawn can be followed."""
    return visibility.within(who, district=RANDOM_DRAWS.c.district_id) & (RANDOM_DRAWS.c.state == "drawn")


def _survey(who: Principal) -> ColumnElement[bool]:
    return _valid(RECORDS)(who) & (RECORDS.c.kind == SURVEYS.key)


class Linked(NamedTuple):
    """Where records of a kind are, who sees them, and the right to read them; without one the caller's own scope holds."""

    of: Table
    where: Where
    right: Right | None


LINKED: Final[Mapping[Kind, Linked]] = {
    Kind.CASE_FILE: Linked(external.CASE_FILES, _within(external.CASE_FILES), None),
    Kind.RECTIFICATION: Linked(external.OPEN_RECTIFICATIONS, _within(external.OPEN_RECTIFICATIONS), None),
    Kind.COMPLAINT: Linked(COMPLAINTS, _valid(COMPLAINTS), access.COMPLAINTS_READ),
    Kind.PROBLEM: Linked(PROBLEMS, _valid(PROBLEMS), access.PROBLEMS_READ),
    Kind.INSPECTION: Linked(INSPECTIONS, _inspection, access.INSPECTIONS_READ),
    Kind.RANDOM_DRAW: Linked(RANDOM_DRAWS, _draw, access.RANDOM_DRAWS_READ),
    Kind.SURVEY: Linked(RECORDS, _survey, SURVEYS.grants.read),
}


async def faults(session: Session, who: Principal, *named: tuple[Kind, UUID | None, str]) -> list[Fault]:
    """A fault for each reference that is not there, or that the caller may not see: its kind, its id, its pointer."""
    return [
        Fault(pointer, "not_found")
        for kind, wanted, pointer in named
        if wanted is not None and not await _is_there(session, who, LINKED[kind], wanted)
    ]


async def _is_there(session: Session, who: Principal, linked: Linked, wanted: UUID) -> bool:
    try:
        reader = linked.right.admit(who) if linked.right else who
    except Forbidden:
        return False
    found = select(linked.of.c.id).where(linked.of.c.id == wanted, linked.where(reader))
    return (await session.execute(found)).first() is not None
