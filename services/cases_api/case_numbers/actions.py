"""What units do with case numbers, and what case files need of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.cases_api.case_numbers import queries, rules
from services.cases_api.case_numbers.schemas import ReasonIn, ReservationIn
from services.cases_api.case_numbers.tables import CaseNumber
from services.cases_api.kinds import LETTERS, CaseKind
from services.cases_api.number_patterns import queries as patterns
from services.cases_api.number_patterns import rules as writing
from services.kit import audit, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal

OBJECT = "case_number"


async def reserve(session: Session, who: Principal, wanted: ReservationIn, now: datetime) -> Sequence[CaseNumber]:
    """Reserves the next numbers of a series. Raises BadInput (unit), Duplicate (two units' patterns agree)."""
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    numbers = await take(session, who, unit, wanted.kind, wanted.year, [None] * wanted.count, now, state=rules.State.RESERVED)
    for number in numbers:
        _tell(session, who, number, "reserved", {}, {"number": number.number})
    return numbers


async def take(
    session: Session,
    who: Principal,
    unit: references.Unit,
    kind: CaseKind,
    year: int,
    given: Sequence[str | None],
    now: datetime,
    *,
    state: rules.State,
) -> Sequence[CaseNumber]:
    """The next numbers of a series, gapless even when many ask at once, in this transaction.

    They are written by the pattern, or as `given`: files of past years keep the number they have. One that is written like the
    series' own keeps its place in it as well, so that the series passes over it later.
    """
    pattern, region = await patterns.in_force(session, unit, kind, year)
    facts = writing.Facts(region, unit.code, year, LETTERS[kind], 0)
    counter = await queries.advance(session, unit.id, kind, year, len(given))
    told = [None if number is None else writing.sequence_of(pattern, facts, number) for number in given]
    sequences, behind = rules.given(counter, told)
    if behind != rules.Counter(counter.last + len(given)):
        await queries.put(session, unit.id, kind, year, behind)
    numbers = [
        CaseNumber(
            id=ids.new_id(),
            district_id=unit.district_id,
            unit_id=unit.id,
            kind=kind,
            year=year,
            sequence=sequence,
            number=number or writing.rendered(pattern, replace(facts, sequence=sequence)),
            state=state,
            created_by=who.account_id,
            created_at=now,
        )
        for sequence, number in zip(sequences, given, strict=True)
    ]
    session.add_all(numbers)
    await session.flush()
    return numbers


async def void(session: Session, who: Principal, number_id: UUID, version: int, wanted: ReasonIn) -> CaseNumber:
    """Voids a number that no case file uses; it is kept and never given again. Raises NumberInUse, NumberIsVoid."""
    number = await queries.one_for_update(session, who, number_id, version)
    raise_if(rules.why_not_void(number))
    void_row(session, who, number, rules.demanded_reason(wanted.reason, audit.circumstances(session).reason))
    await session.flush()
    return number


def void_row(session: Session, who: Principal, number: CaseNumber, reason: str) -> None:
    """Marks a locked row as void, with its audit row; used also when a case file is voided."""
    before = number.state
    number.state, number.void_reason = rules.State.VOID, reason
    _tell(session, who, number, "voided", {"state": before}, {"state": number.state}, reason)


def _tell(
    session: Session,
    who: Principal,
    number: CaseNumber,
    verb: str,
    before: dict[str, object],
    after: dict[str, object],
    reason: str | None = None,
) -> None:
    place = (number.id, number.district_id, number.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, *place, before=before, after=after, reason=reason)
