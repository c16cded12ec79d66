"""Reads of records: one list and one single per kind, both behind the one rights filter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Text,
    Uuid,
    any_,
    cast,
    column,
    extract,
    func,
    literal,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.types import TypeEngine

from services.kit import answers, errors, fields, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.registers.kinds import Kind
from services.kit.registers.tables import LIVE, RecordColumns

Table = type[RecordColumns]

TURN = 350111
JSON_TYPES: Mapping[type, TypeEngine[Any]] = {bool: Boolean(), int: Integer()}


@dataclass(frozen=True, slots=True)
class Store:
    """A kind in the table of its service."""

    kind: Kind
    table: Table

    def visible_to(self, who: Principal) -> ColumnElement[bool]:
        """The one rights filter of records."""
        record = self.table
        reach = visibility.within(who, district=record.district_id, unit=record.unit_id)
        return (record.kind == self.kind.key) & reach

    def body(self, who: Principal) -> ColumnElement[Any]:
        """A record as this caller sees it: what all have in common, then its facts."""
        record = self.table
        common = answers.json_object(
            {
                "id": record.id,
                "district_id": record.district_id,
                "unit_id": record.unit_id,
                "year": self.year(),
                "attachment_ids": func.to_json(record.attachment_ids),
                "external_system": record.external_system,
                "external_id": record.external_id,
                "state": record.state,
                "void_reason": record.void_reason,
                "allowed_actions": answers.allowed_actions(self._allowed(who)),
                "created_by": record.created_by,
                "created_at": answers.moment(record.created_at),
                "updated_at": answers.moment(record.updated_at),
                "version": record.version,
            }
        )
        return cast(common, JSONB).op("||")(record.facts)

    def year(self) -> ColumnElement[int]:
        """The year a record belongs to."""
        return cast(extract("year", self.table.occurred_on), Integer)

    def _allowed(self, who: Principal) -> dict[str, ColumnElement[bool]]:
        record, grants = self.table, self.kind.grants
        reach: dict[str, Any] = {"district": record.district_id, "unit": record.unit_id}
        wanted = {"change": grants.write, "void": grants.void}
        return {verb: (record.state == LIVE) & visibility.under(who, right, **reach) for verb, right in wanted.items()}

    def listing(self) -> reads.Listing:
        """The list, sorted by the kind's day."""
        record = self.table
        columns = (record.occurred_on, record.id)
        named = {name: self._fact(name) for name in self.kind.filters}
        if self.kind.subject:
            named[self.kind.subject] = reads.equals(record.subject_id)
        return reads.Listing(
            body=self.body,
            visible_to=self.visible_to,
            orders={"-on": pagination.Order(columns), "on": pagination.Order(columns, descending=False)},
            filters={
                "unit_id": reads.equals(record.unit_id),
                "year": reads.Filter(Integer(), lambda value: self.year() == value),
                "state": reads.equals(record.state),
                "on__gte": reads.at_least(record.occurred_on),
                "on__lte": reads.at_most(record.occurred_on),
                "external_id": reads.equals(record.external_id),
                **named,
            },
        )

    def _fact(self, name: str) -> reads.Filter:
        # Compared as JSON has it: a number with a number, a flag with a flag, all else with a text.
        plain: TypeEngine[Any] = JSON_TYPES.get(self.kind.plain_type(name), Text())
        return reads.Filter(plain, lambda value: self.table.facts[name] == func.to_jsonb(value))

    def single(self) -> reads.Single:
        """One record by its id."""
        record = self.table
        return reads.Single(body=self.body, version=record.version, key=record.id, visible_to=self.visible_to)

    async def one_for_update(self, session: Session, who: Principal, record_id: UUID, version: int) -> RecordColumns:
        """The row, locked; NotFound, Stale."""
        record = self.table
        statement = select(record).where(record.id == record_id, self.visible_to(who)).with_for_update()
        found: RecordColumns | None = (await session.execute(statement)).scalar_one_or_none()
        if found is None:
            raise errors.NotFound
        preconditions.expect(found.version, version)
        return found

    async def take_turn(self, session: Session, district_id: UUID, unit_id: UUID | None, facts: str = "") -> None:
        """Until the end of the transaction nobody else enters the same: of a unit with these facts, or of the whole kind."""
        whole = func.hashtextextended(cast(literal(f"{self.kind.key} {district_id}"), Text), TURN)
        if unit_id is None:
            await session.execute(select(func.pg_advisory_xact_lock(whole)))
            return
        one = func.hashtextextended(cast(literal(f"{self.kind.key} {unit_id} {facts}"), Text), TURN)
        await session.execute(select(func.pg_advisory_xact_lock_shared(whole)))
        await session.execute(select(func.pg_advisory_xact_lock(one)))

    async def alike(self, session: Session, unit_id: UUID, facts: Mapping[str, Any]) -> set[UUID]:
        """Records of the unit, not void, with these facts."""
        record = self.table
        same = (record.kind == self.kind.key, record.unit_id == unit_id, record.state == LIVE)
        found = select(record.id).where(*same, record.facts.contains(cast(literal(facts, JSONB), JSONB)))
        return set((await session.execute(found)).scalars())

    async def owed_once(self, session: Session, unit_ids: Collection[UUID]) -> Sequence[tuple[UUID, UUID, list[Any]]]:
        """Id, unit and the facts named in `once` of the records of these units."""
        record = self.table
        named = func.jsonb_build_array(*(record.facts[name] for name in self.kind.once))
        mine = (record.kind == self.kind.key, record.unit_id.in_(unit_ids), record.state == LIVE)
        return [tuple(row) for row in await session.execute(select(record.id, record.unit_id, named).where(*mine))]

    async def of_keys(
        self, session: Session, district_id: UUID, keys: Collection[tuple[str, str]], record_ids: Collection[UUID]
    ) -> Sequence[RecordColumns]:
        """Records of the district with these external ids, and those with these ids."""
        record = self.table
        mine = (record.district_id == district_id, record.kind == self.kind.key)
        # One array for each part of the key: whatever the planner knows of the table, it looks through it once.
        systems, names = (literal(sorted(set(part)), ARRAY(Text())) for part in zip(*keys, strict=True))
        near = (record.external_system == any_(systems), record.external_id == any_(names))
        rows = (await session.execute(select(record).where(*mine, *near))).scalars()
        found = [row for row in rows if (row.external_system, row.external_id) in keys]
        if record_ids:
            told = select(record).where(record.id == any_(literal(list(record_ids), ARRAY(Uuid()))), *mine)
            found += (await session.execute(told)).scalars()
        return found

    async def rewrite(self, session: Session, rows: Sequence[tuple[RecordColumns, fields.In]], now: datetime) -> int:
        """Puts these facts in the place of those the rows have, if nobody changed them meanwhile; how many."""
        record, kind = self.table, self.kind
        wanted: dict[str, tuple[TypeEngine[Any], list[Any]]] = {
            "id": (Uuid(), [row.id for row, _ in rows]),
            "version": (Integer(), [row.version for row, _ in rows]),
            "facts": (JSONB(), [facts.model_dump(mode="json", exclude_none=True) for _, facts in rows]),
            "occurred_on": (Date(), [kind.day_of(facts) for _, facts in rows]),
            "subject_id": (Uuid(), [kind.subject_of(facts) for _, facts in rows]),
        }
        told = func.unnest(*(literal(values, ARRAY(type_)) for type_, values in wanted.values()))
        new = told.table_valued(*(column(name, type_) for name, (type_, _) in wanted.items())).render_derived()
        values = {name: new.c[name] for name in ("facts", "occurred_on", "subject_id")}
        same = (record.id == new.c.id, record.version == new.c.version)
        statement = update(record).where(*same).values(**values, updated_at=now, version=record.version + 1)
        done: Any = await session.execute(statement, execution_options={"synchronize_session": False})
        return int(done.rowcount)

    async def known(self, session: Session, district_id: UUID, system: str, external_id: str) -> RecordColumns | None:
        """The record with this external id in the district, locked."""
        record = self.table
        same = (record.district_id == district_id, record.kind == self.kind.key)
        named = (record.external_system == system, record.external_id == external_id)
        found: RecordColumns | None = (
            await session.execute(select(record).where(*same, *named).with_for_update())
        ).scalar_one_or_none()
        return found
