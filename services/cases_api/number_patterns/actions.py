"""What the bureau does with number patterns."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from services.cases_api.number_patterns import queries, rules
from services.cases_api.number_patterns.schemas import NumberPatternChange, NumberPatternIn
from services.cases_api.number_patterns.tables import NumberPattern
from services.kit import audit, errors, ids, references, rights
from services.kit.db import Session
from services.kit.principal import Principal

OBJECT = "number_pattern"


async def create(session: Session, who: Principal, wanted: NumberPatternIn, now: datetime) -> NumberPattern:
    """Lays down a pattern for the district. Raises BadInput (scope), UnreadablePattern, AmbiguousPattern, Duplicate."""
    if wanted.unit_id is not None:
        unit = await references.unit(session, wanted.unit_id)
        if not rights.covers(who, unit.path):
            raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    if who.district_id is None:
        raise errors.Forbidden
    if faults := [*rules.faults_of_scope(wanted.series, wanted.kind, wanted.document_type)]:
        raise errors.BadInput(*faults)
    _demand(wanted.pattern, wanted.unit_id, wanted.kind or wanted.document_type, wanted.year)
    made = NumberPattern(id=ids.new_id(), district_id=who.district_id, created_at=now, **wanted.model_dump())
    session.add(made)
    await session.flush()
    _tell(session, who, made, "created", {}, wanted.model_dump(mode="json"))
    return made


async def replace(session: Session, who: Principal, pattern_id: UUID, version: int, wanted: NumberPatternChange) -> NumberPattern:
    """Changes the text; numbers already given stay as they are. Raises NotFound, Stale, and as `create`."""
    found = await queries.one_for_update(session, who, pattern_id, version)
    _demand(wanted.pattern, found.unit_id, found.kind or found.document_type, found.year)
    sent = wanted.model_dump()
    before, after = audit.changes({name: getattr(found, name) for name in sent}, sent)
    found.pattern, found.assumed = wanted.pattern, wanted.assumed
    await session.flush()
    _tell(session, who, found, "changed", before, after)
    return found


def _demand(pattern: str, unit_id: UUID | None, kind: str | None, year: int | None) -> None:
    errors.raise_if(
        rules.why_not_pattern(pattern, one_unit=unit_id is not None, one_kind=kind is not None, one_year=year is not None)
    )


def _tell(
    session: Session, who: Principal, found: NumberPattern, verb: str, before: dict[str, object], after: dict[str, object]
) -> None:
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, found.id, found.district_id, found.unit_id, before=before, after=after)
