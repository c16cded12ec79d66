"""Records of a kind from a sheet: each row judged as if it were sent alone, the good ones entered together.

A row is known again by its record's id, else by its external id, else by what it says, so that a sheet may be sent again:
what is recorded already stays, what differs is brought up to date.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from services.kit import cells, clock, faults, fields, import_answers, references, rights
from services.kit.errors import Fault
from services.kit.imports import CHECKED, Run, Work
from services.kit.jobs import Task
from services.kit.operations import Operation
from services.kit.references import Unit
from services.kit.registers import actions, columns, keeping, rows
from services.kit.registers.columns import EXTERNAL, RECORD, SYSTEM, UNIT
from services.kit.registers.kinds import Draft, Lookup
from services.kit.registers.queries import Store
from services.kit.registers.rows import Row
from services.kit.registers.tables import LIVE, RecordColumns
from services.kit.sheets import Record

MOST_ROWS: Final = 20_000
SLICE: Final = 500
REPEATS: Final = ("import.repeated_in_file",)
STAGE: Final = (("content", "jsonb"),)
ROWS: Final = "SELECT row_no, content::text, reasons FROM import_stage WHERE row_no > $1 ORDER BY row_no LIMIT $2"
GOOD: Final = (
    "SELECT row_no, content::text, reasons FROM import_stage s WHERE row_no > $1"
    " AND NOT EXISTS (SELECT FROM import_faults f WHERE f.row_no = s.row_no) ORDER BY row_no LIMIT $2"
)
REFUSE: Final = "INSERT INTO import_faults SELECT * FROM unnest($1::integer[], $2::text[], $3::integer[])"


@dataclass(frozen=True, slots=True)
class Files:
    """A kind's records as files."""

    store: Store
    sheet: columns.Sheet
    path: str
    work: Work
    answers: import_answers.Imports

    @property
    def task(self) -> Task:
        """What runs its imports in the background."""

        async def run(operation: Operation) -> str | None:
            from services.kit import imports

            await imports.run(operation, self.work)
            return f"{self.path}/{operation.id}"

        return Task(self.work.kind, run)


def files_of(store: Store, path: str) -> Files:
    """Imports of a kind, answered at this path."""
    sheet, kind = columns.sheet_of(store.kind), f"{store.kind.tag}_import"
    names = [column.name for column in sheet.layout.columns]

    def line(run: Run, record: Record) -> Sequence[str]:
        told = {name: value for name, value in zip(names, record.values, strict=True) if value is not None}
        return (cells.copied(json.dumps(told, ensure_ascii=False)),)

    async def check(run: Run) -> None:
        await Judge(run, store, sheet).check()

    async def post(run: Run) -> None:
        await Judge(run, store, sheet).post()

    work = Work(kind, sheet.layout, STAGE, line, check, post, REPEATS, MOST_ROWS)
    return Files(store, sheet, path, work, import_answers.of(kind, path, sheet.layout))


@dataclass(slots=True)
class Judge:
    """The rows of one import, slice by slice; what the rows above said is remembered."""

    run: Run
    store: Store
    sheet: columns.Sheet
    keys: set[rows.Key] = field(default_factory=set)
    records: set[UUID] = field(default_factory=set)
    owed: dict[tuple[UUID, str], UUID | None] | None = None

    async def check(self) -> None:
        """Finds every reason against each row."""
        if self.store.kind.once:
            await self.store.take_turn(self.run.session, self._district(), None)
        last = 0
        while some := await self._rows(ROWS, last):
            last = some[-1].number
            for row in await self._prepared(some):
                await self._judge(row)
            reasons = [(row.number, reason) for row in some for reason in dict.fromkeys(map(rows.reason, row.faults))]
            numbers, codes = [number for number, _ in reasons], [code for _, code in reasons]
            await self.run.execute(REFUSE, numbers, codes, list(range(len(reasons))))
            self.run.session.expunge_all()
            await self.run.note(0.5 + 0.2 * min(last / MOST_ROWS, 0.95))

    async def post(self) -> None:
        """Enters the good rows and changes what differs; what is recorded already stays as it is."""
        run, last = self.run, 0
        while some := await self._rows(GOOD, last):
            last = some[-1].number
            new: list[keeping.Entry] = []
            other: list[tuple[RecordColumns, fields.In]] = []
            for row in await self._prepared(some):
                assert row.unit is not None
                assert row.facts is not None
                if row.known is None:
                    new.append(keeping.Entry(row.unit, row.facts, row.key))
                elif row.known.facts != keeping.written_of(row.facts):
                    other.append((row.known, row.facts))
            await keeping.rewrite_many(run.session, run.who, self.store, other, run.now)
            await keeping.enter(run.session, run.who, self.store, new, run.now)
            # What is written need not be held until the end.
            run.session.expunge_all()
            await run.note(CHECKED + 0.28 * min(last / MOST_ROWS, 0.95))

    def _district(self) -> UUID:
        assert self.run.who.district_id is not None
        return self.run.who.district_id

    async def _rows(self, sql: str, after: int) -> list[Row]:
        found = await self.run.execute(sql, after, SLICE)
        return [rows.of(row["row_no"], json.loads(row["content"]), row["reasons"]) for row in found]

    async def _prepared(self, some: list[Row]) -> list[Row]:
        """The rows with their units, what they refer to, the records they are known as, and their facts."""
        session, district = self.run.session, self._district()
        units = {unit.code: unit for unit in await references.units_of(session, district)}
        names = await self._found(some, units)
        record_ids = [row.record_id for row in some if row.record_id is not None]
        known = await self.store.of_keys(session, district, {row.key for row in some}, record_ids)
        by_id = {record.id: record for record in known}
        by_key = {(record.external_system, record.external_id): record for record in known}
        for row in some:
            row.unit = units.get(row.cells.get(UNIT, ""))
            row.known = by_id.get(row.record_id) if row.record_id is not None else by_key.get(row.key)
            self._read(row, names)
        return some

    async def _found(self, some: Collection[Row], units: Mapping[str, Unit]) -> dict[str, Mapping[str, UUID]]:
        """For each fact that refers to something: the ids of what the cells name."""
        found: dict[str, Mapping[str, UUID]] = {}
        for name, cell in self.sheet.facts.items():
            if not cell.refers:
                continue
            texts = {text for row in some for text in rows.texts(row.cells.get(name))}
            lookup: Lookup | None = self.store.kind.lookups.get(name)
            if lookup is None:
                found[name] = {code: unit.id for code, unit in units.items() if code in texts}
            else:
                found[name] = await lookup.find(self.run.session, self._district(), texts)
        return found

    def _read(self, row: Row, names: Mapping[str, Mapping[str, UUID]]) -> None:
        """The facts of a row in their model, or every fault that keeps them from it."""
        told = {name: value for name, value in row.cells.items() if name in self.sheet.facts}
        for name, ids in names.items():
            if name in told:
                found = [rows.referred(text, ids) for text in rows.texts(told[name])]
                row.faults += [Fault(f"/body/{name}", "not_found")] * (None in found)
                referred = [each or rows.NOBODY for each in found]
                told[name] = referred if self.sheet.facts[name].many else referred[0]
        try:
            row.facts = self.store.kind.facts.model_validate(told)
        except ValidationError as error:
            complaints = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
            row.faults += [each for each in faults.of_validation(complaints) if rows.column_of(each) not in row.unread]

    async def _judge(self, row: Row) -> None:
        """What else is wrong with a row: its unit, its record, its facts, and what stands in the file twice."""
        row.faults += self._faults_of_unit(row) + self._faults_of_record(row)
        if row.facts is not None and row.unit is not None and not row.faults:
            today = clock.local_day(self.run.now)
            draft = Draft(row.facts, row.unit, today, row.known.id if row.known else None)
            row.faults += await actions.faults_of(self.run.session, self.run.who, self.store, draft)
            row.faults += await self._faults_of_once(row, draft)

    def _faults_of_unit(self, row: Row) -> list[Fault]:
        if UNIT in row.unread:
            return []
        if row.unit is None or not rights.covers(self.run.who, row.unit.path):
            return [Fault(f"/body/{UNIT}", "not_found")]
        if self.store.kind.enforcement_only and not row.unit.enforcement:
            return [Fault(f"/body/{UNIT}", "record.unit_does_not_enforce")]
        if row.known is not None and row.known.unit_id != row.unit.id:
            return [Fault(f"/body/{UNIT}", "record.other_unit")]
        return []

    def _faults_of_record(self, row: Row) -> list[Fault]:
        found: list[Fault] = []
        if row.key in self.keys:
            found.append(Fault("/body", REPEATS[0]) if row.key[0] == rows.OWN_SYSTEM else Fault(f"/body/{EXTERNAL}", "repeated"))
        self.keys.add(row.key)
        if SYSTEM in row.cells and EXTERNAL not in row.cells and EXTERNAL not in row.unread:
            found.append(Fault(f"/body/{EXTERNAL}", "missing"))
        if row.record_id is not None:
            found += self._faults_of_record_id(row, row.record_id)
        if row.known is not None and row.known.state != LIVE:
            found.append(Fault(f"/body/{RECORD}", actions.RecordVoid.code))
        return found

    def _faults_of_record_id(self, row: Row, record_id: UUID) -> list[Fault]:
        code = "not_found" if row.known is None else "repeated" if record_id in self.records else None
        self.records.add(record_id)
        return [Fault(f"/body/{RECORD}", code)] if code else []

    async def _faults_of_once(self, row: Row, draft: Draft[Any]) -> list[Fault]:
        """A unit has one such record: neither recorded before nor in a row above."""
        names = self.store.kind.once
        if not names:
            return []
        if self.owed is None:
            units = [unit.id for unit in await references.units_of(self.run.session, self._district())]
            told = await self.store.owed_once(self.run.session, units)
            self.owed = {(unit_id, json.dumps(facts)): record_id for record_id, unit_id, facts in told}
        facts = draft.facts.model_dump(mode="json", include=set(names))
        place = (draft.unit.id, json.dumps([facts[name] for name in names]))
        if place in self.owed and (draft.record_id is None or self.owed[place] != draft.record_id):
            return [Fault(f"/body/{names[-1]}", "repeated")]
        self.owed[place] = draft.record_id
        return []
