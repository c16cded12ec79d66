"""What units do with document numbers, and what documents need of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.cases_api.case_numbers import queries as counters
from services.cases_api.case_numbers import rules as numbering
from services.cases_api.case_numbers.schemas import ReasonIn
from services.cases_api.document_numbers import queries, rules
from services.cases_api.document_numbers.rules import State
from services.cases_api.document_numbers.schemas import DocumentReservationIn
from services.cases_api.document_numbers.tables import DocumentNumber
from services.cases_api.kinds import DOCUMENT_LETTERS, DocumentType
from services.cases_api.number_patterns import queries as patterns
from services.cases_api.number_patterns import rules as writing
from services.kit import audit, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "document_number"


async def reserve(session: Session, who: Principal, wanted: DocumentReservationIn, now: datetime) -> Sequence[DocumentNumber]:
    """Reserves the next numbers of a row. Raises BadInput (unit), Duplicate (two patterns agree)."""
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    numbers = await _take(session, who, unit, wanted.type, wanted.year, wanted.count, now)
    for number in numbers:
        _tell(session, who, number, "reserved", {}, {"number": number.number})
    return numbers


async def _take(
    session: Session, who: Principal, unit: references.Unit, type_: DocumentType, year: int, count: int, now: datetime
) -> Sequence[DocumentNumber]:
    pattern, region = await patterns.in_force(session, unit, type_, year)
    # The counters are those of case numbers; types stand apart from kinds by their prefix.
    counter = await counters.advance(session, unit.id, f"document/{type_}", year, count)
    letters = DOCUMENT_LETTERS[type_]
    numbers = [
        DocumentNumber(
            id=ids.new_id(), district_id=unit.district_id, unit_id=unit.id, type=type_, year=year, sequence=sequence,
            number=writing.rendered(pattern, writing.Facts(region, unit.code, year, letters, sequence)),
            state=State.RESERVED, created_by=who.account_id, created_at=now,
        )
        for sequence in range(counter.last + 1, counter.last + 1 + count)
    ]  # fmt: skip
    session.add_all(numbers)
    await session.flush()
    return numbers


async def next_one(
    session: Session, who: Principal, unit_id: UUID, type_: DocumentType, year: int, case_file_id: UUID, now: datetime
) -> DocumentNumber:
    """The next number of a unit's row for a document that is being added to a file."""
    (number,) = await _take(session, who, await references.unit(session, unit_id), type_, year, 1, now)
    return await _use(session, who, number, case_file_id)


async def use(
    session: Session, who: Principal, number_id: UUID, unit_id: UUID, type_: DocumentType, case_file_id: UUID
) -> DocumentNumber:
    """A reserved number for a document, or that of its earlier version. Raises BadInput."""
    number = await queries.locked(session, number_id)
    faults = rules.faults_of_use(number, unit_id, type_, case_file_id)
    if faults or number is None:
        raise errors.BadInput(*faults)
    return number if number.state == State.USED else await _use(session, who, number, case_file_id)


async def _use(session: Session, who: Principal, number: DocumentNumber, case_file_id: UUID) -> DocumentNumber:
    number.state, number.case_file_id = State.USED, case_file_id
    await session.flush()
    _tell(session, who, number, "used", {}, {"number": number.number, "case_file_id": case_file_id})
    return number


async def void(session: Session, who: Principal, number_id: UUID, version: int, wanted: ReasonIn) -> DocumentNumber:
    """Voids a number with a reason; it is kept and never given again. Raises NotFound, Stale, NumberIsVoid, BadInput."""
    number = await queries.one_for_update(session, who, number_id, version)
    raise_if(rules.why_not_void(number))
    reason = numbering.demanded_reason(wanted.reason, audit.circumstances(session).reason)
    before = number.state
    number.state, number.void_reason = State.VOID, reason
    await session.flush()
    _tell(session, who, number, "voided", {"state": before}, {"state": number.state}, reason)
    return number


def _tell(
    session: Session, who: Principal, number: DocumentNumber, verb: str, before: dict[str, object], after: dict[str, object],
    reason: str | None = None,
) -> None:  # fmt: skip
    place = (number.id, number.district_id, number.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, *place, before=before, after=after, reason=reason)
