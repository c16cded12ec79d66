"""Reads of number patterns."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, or_, select

from services.cases_api.kinds import CaseKind, DocumentType
from services.cases_api.number_patterns.rules import Series
from services.cases_api.number_patterns.schemas import NumberPatternFilter
from services.cases_api.number_patterns.tables import NumberPattern
from services.kit import answers, errors, pagination, preconditions, references, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal

BODY = answers.json_object(
    {
        "id": NumberPattern.id,
        "district_id": NumberPattern.district_id,
        "unit_id": NumberPattern.unit_id,
        "series": NumberPattern.series,
        "kind": NumberPattern.kind,
        "document_type": NumberPattern.document_type,
        "year": NumberPattern.year,
        "pattern": NumberPattern.pattern,
        "assumed": NumberPattern.assumed,
        "version": NumberPattern.version,
        "created_at": answers.moment(NumberPattern.created_at),
    }
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of patterns: those of the caller's district, and the delivered one."""
    return or_(visibility.within(who, district=NumberPattern.district_id), NumberPattern.district_id.is_(None))


async def page(read: Reader, who: Principal, wanted: NumberPatternFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of patterns by the time they were laid down."""
    named = wanted.model_dump(include={"unit_id", "series", "kind", "document_type", "year"}, exclude_none=True)
    filters = [getattr(NumberPattern, name) == value for name, value in named.items()]
    order = pagination.Order((NumberPattern.created_at, NumberPattern.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(BODY).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, pattern_id: UUID) -> answers.One:
    """One pattern; NotFound also when the caller may not see it."""
    found = select(BODY, NumberPattern.version).where(NumberPattern.id == pattern_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, pattern_id: UUID, version: int) -> NumberPattern:
    """The row of the caller's own district, locked; the delivered pattern is nobody's. NotFound, Stale."""
    own = visibility.within(who, district=NumberPattern.district_id)
    statement = select(NumberPattern).where(NumberPattern.id == pattern_id, own).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def in_force(session: Session, unit: references.Unit, kind: CaseKind | DocumentType, year: int) -> tuple[str, str]:
    """The most special pattern for a unit's numbers, and the district's code. Unit goes before kind or type, that before year."""
    of_cases = isinstance(kind, CaseKind)
    named = NumberPattern.kind if of_cases else NumberPattern.document_type
    specials = (NumberPattern.unit_id, named, NumberPattern.year, NumberPattern.district_id)
    wanted = (unit.id, kind, year, unit.district_id)
    fits = [or_(column.is_(None), column == value) for column, value in zip(specials, wanted, strict=True)]
    region = select(references.units.c.code).where(references.units.c.id == unit.district_id).scalar_subquery()
    series = NumberPattern.series == (Series.CASE if of_cases else Series.DOCUMENT)
    found = select(NumberPattern.pattern, region).where(series, *fits).order_by(*(column.is_(None) for column in specials))
    row = (await session.execute(found.limit(1))).one()
    return row[0], row[1]
