"""Importing files of past years: each row judged by the rules of an entry, the good ones written like entries."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from services.cases_api.case_entries.actions import entries
from services.cases_api.case_files.rules.contents import OfflineReason, Procedure
from services.cases_api.case_files.rules.parties import IdType, PartyKind
from services.cases_api.case_files.schemas.bodies import CaseFileIn
from services.cases_api.case_files.schemas.parties import PartyIn
from services.cases_api.case_imports import external, formats, queries, rules
from services.cases_api.case_imports.rules import LAYOUT, Row
from services.cases_api.kinds import CaseKind
from services.cases_api.step_forms.schemas.deciding import DecisionStep
from services.kit import import_answers
from services.kit.errors import BadInput, Fault
from services.kit.imports import CHECKED, Run, Work

KIND: Final = "case_import"
PATH: Final = "/v1/case-imports"
REPEATS: Final = ("import.repeated_in_file", "import.recorded")
NOBODY: Final = UUID(int=0)


async def check(run: Run) -> None:
    """Finds what is wrong with each row: unit, officers, party, days, and whether the file or its number is there already."""
    await queries.refuse_repeated_in_file(run)
    last, keys, numbers = 0, set[tuple[str, str]](), set[str]()
    while some := await _opened(run, last, good=False):
        last = some[-1][0]
        await queries.refuse(run, await _reasons(run, some, keys, numbers))
        await run.note(0.5 + 0.2 * min(last / 10_000, 0.95))


async def post(run: Run) -> None:
    """Writes the good rows, slice by slice in one transaction, each with its audit row and its message."""
    last = 0
    while some := await _opened(run, last, good=True):
        last = some[-1][0]
        made = await _entries(run, [row for _, row in some])
        numbers = [row.case_no for _, row in some]
        await entries.enter(run.session, run.who, [entry for entry, _ in made], numbers, run.vault, run.now)
        # What is written need not be held until the end.
        run.session.expunge_all()
        await run.note(CHECKED + 0.28 * min(last / 10_000, 0.95))


async def _opened(run: Run, after: int, *, good: bool) -> list[tuple[int, Row]]:
    found = await queries.rows(run, after, good=good)
    return await asyncio.to_thread(lambda: [(number, formats.opened(run.vault, run.id, content)) for number, content in found])


async def _reasons(
    run: Run, some: Sequence[tuple[int, Row]], keys: set[tuple[str, str]], numbers: set[str]
) -> list[tuple[int, str]]:
    """Every reason against these rows; `keys` and `numbers` are those of the rows above, and grow."""
    made = await _entries(run, [row for _, row in some])
    known = await queries.known(run, [row.key for _, row in some if row.key is not None])
    taken = await queries.taken(run, [row.case_no for _, row in some if row.case_no is not None])
    refusals = await entries.refusals(run.session, run.who, [entry for entry, _ in made], run.now)
    told: list[tuple[int, str]] = []
    for place, (number, row) in enumerate(some):
        if row.key in known:
            told.append((number, "import.recorded"))
            continue
        faults = [*rules.row_faults(row), *made[place][1], *_of(refusals.get(place))]
        if row.case_no is not None and (row.case_no in taken or row.case_no in numbers):
            faults.append(Fault("/body/case_no", "repeated"))
        elif row.key is not None and row.key in keys:
            faults.append(Fault("/body/external_id", "repeated"))
        told += [(number, reason) for reason in dict.fromkeys(map(rules.reason, faults))]
        keys.update([row.key] if row.key is not None else [])
        numbers.update([row.case_no] if row.case_no is not None else [])
    return told


def _of(refusal: Any) -> Sequence[Fault]:
    return refusal.faults if isinstance(refusal, BadInput) else []


async def _entries(run: Run, rows: Sequence[Row]) -> list[tuple[CaseFileIn, list[Fault]]]:
    """The rows as entries, with what keeps them from being complete. What could not be read is told of by its cell."""
    district_id = queries.district_of(run)
    codes = {row.unit_code for row in rows if row.unit_code is not None}
    certificates = {number for row in rows for number in row.officers or ()}
    units = await external.units(run.session, district_id, codes)
    officers = await external.officers(run.session, district_id, certificates)
    return [
        _entry(row, units.get(row.unit_code or ""), [officers.get(each, NOBODY) for each in row.officers or ()]) for row in rows
    ]


def _entry(row: Row, unit_id: UUID | None, officers: list[UUID]) -> tuple[CaseFileIn, list[Fault]]:
    system, external_id = row.key or (None, None)
    facts = row.decision_facts()
    entry = CaseFileIn.model_construct(
        unit_id=unit_id or NOBODY,
        kind=CaseKind(row.kind) if row.kind else CaseKind.OTHER,
        procedure=Procedure(row.procedure or Procedure.ORDINARY),
        party=_party(row),
        officers=[each for each in officers if each != NOBODY],
        joint_basis=None,
        item=row.item or "",
        legal_bases=list(row.legal_bases or ()),
        steps=[DecisionStep.model_validate(facts)] if facts is not None else [],
        offline_reason=OfflineReason(row.offline_reason) if row.offline_reason else None,
        case_number_id=None,
        external_system=system,
        external_id=external_id,
        sector=None,
        grave_harm=None,
        amount_fen=row.amount_fen,
        decision=row.decision,
        **{name: getattr(row, name) for name in rules.DAYS},
    )
    unknown = [Fault("/body/officers", "not_found")] if NOBODY in officers else []
    return entry, unknown


def _party(row: Row) -> PartyIn:
    # Without a kind nothing can be said of the number; that the kind is missing is told already.
    told = row.party_kind is not None
    return PartyIn.model_construct(
        kind=PartyKind(row.party_kind) if row.party_kind else PartyKind.NATURAL,
        name=row.party_name or "",
        id_type=IdType(row.id_type) if told and row.id_type else None,
        id_number=row.id_number if told else None,
        phone=row.phone,
        address=row.address,
    )


IMPORTS: Final = import_answers.of(KIND, PATH, LAYOUT)
WORK: Final = Work(KIND, LAYOUT, formats.COLUMNS, formats.line, check, post, REPEATS, most=100_000)
