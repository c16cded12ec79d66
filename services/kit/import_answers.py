"""Imports as their creator reads them: how each went, and why rows were refused."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    DateTime,
    Float,
    Integer,
    MetaData,
    Table,
    Text,
    Uuid,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    select,
)  # fmt: skip
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, aggregate_order_by

from services.kit import answers, errors, pagination, reads, sheet_gates, visibility
from services.kit.db import Reader, Session
from services.kit.import_schemas import FIRST
from services.kit.principal import Principal
from services.kit.sheets import Layout, Reason

KIT = MetaData(schema="kit")
imports_table = Table(
    "imports",
    KIT,
    Column("id", Uuid, primary_key=True),
    Column("service", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("created_by", Uuid, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("file_name", Text, nullable=False),
    Column("file_kind", Text, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("dry_run", Boolean, nullable=False),
    Column("rows", Integer),
    Column("accepted", Integer),
    Column("refused", Integer),
    Column("repeated", Integer),
    Column("reasons", JSONB, nullable=False),
    Column("unknown_columns", ARRAY(Text), nullable=False),
    Column("finished_at", DateTime(timezone=True)),
)
operations_table = Table(
    "operations",
    KIT,
    Column("id", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("progress", Float, nullable=False),
    Column("problem", JSONB),
    Column("version", Integer, nullable=False),
)
chunks_table = Table("import_chunks", KIT, Column("import_id", Uuid), Column("place", Integer))
refusals_table = Table(
    "import_refusals", KIT, Column("import_id", Uuid), Column("row_no", Integer), Column("reasons", ARRAY(Text))
)


@dataclass(frozen=True, slots=True)
class Imports:
    """Reads of the imports of one kind at one path: each caller sees the own ones, and nobody else's."""

    kind: str
    path: str
    layout: Layout
    listing: reads.Listing
    single: reads.Single

    async def one(self, connection: Reader | Session, who: Principal, import_id: UUID, language: str) -> answers.One:
        """An import with its reasons in words; NotFound."""
        found = await self.single.one(connection, who, import_id)
        body = json.loads(found.body)
        body["reasons"] = [
            self._told(Reason.of(kept), language, rows)
            for kept, rows in sorted(body["reasons"].items(), key=lambda pair: -pair[1])
        ]
        body["first_refusals"] = [
            {"row": row["row"], "reasons": [self._told(Reason.of(kept), language) for kept in row["reasons"]]}
            for row in body.get("first_refusals", [])
        ]
        return answers.One(json.dumps(body, ensure_ascii=False), found.version)

    async def kept(self, read: Reader, who: Principal, import_id: UUID) -> Kept:
        """What a report needs; NotFound, also when the file is no longer kept, and NotFinished."""
        names = ("file_kind", "file_name", "size", "dry_run", "finished_at")
        statement = select(*(imports_table.c[name] for name in names), HAS_FILE).where(
            imports_table.c.id == import_id, visible_to(self.kind, who)
        )
        row: Any = (await read.execute(statement)).one_or_none()
        if row is None:
            raise errors.NotFound
        if row.finished_at is None:
            raise NotFinished
        if not row.has_file:
            raise errors.NotFound
        return Kept(import_id, sheet_gates.Kind.of(row.file_kind), row.file_name, row.size, row.dry_run)

    def _told(self, reason: Reason, language: str, rows: int | None = None) -> dict[str, Any]:
        said: dict[str, Any] = {"code": reason.code, "detail": reason.text(self.layout, language)}
        return said | ({"column": reason.column} if reason.column else {}) | ({"rows": rows} if rows is not None else {})


@dataclass(frozen=True, slots=True)
class Kept:
    """The file of an import that has ended."""

    id: UUID
    kind: sheet_gates.Kind
    file_name: str
    size: int
    dry_run: bool


class NotFinished(errors.Conflict):
    code = "import.not_finished"
    zh, en = "导入尚未完成，或未能完成，没有报告。", "The import has not ended, or failed, so there is no report."


HAS_FILE = exists().where(chunks_table.c.import_id == imports_table.c.id).label("has_file")


def of(kind: str, path: str, layout: Layout) -> Imports:
    """The reads of a kind of import."""
    order = pagination.Order((imports_table.c.created_at, imports_table.c.id))

    def mine(who: Principal) -> ColumnElement[bool]:
        return visible_to(kind, who)

    listing = reads.Listing(
        body=_body(path, whole=False),
        visible_to=mine,
        source=_joined,
        orders={"-created_at": order, "created_at": replace(order, descending=False)},
        filters={"state": reads.equals(operations_table.c.state)},
    )
    version, key = operations_table.c.version, imports_table.c.id
    single = reads.Single(body=_body(path, whole=True), version=version, key=key, visible_to=mine, source=_joined)
    return Imports(kind, path, layout, listing, single)


def visible_to(kind: str, who: Principal) -> ColumnElement[bool]:
    """The one rights filter of imports: the file is its sender's."""
    return and_(imports_table.c.kind == kind, imports_table.c.created_by == visibility.me(who))


def _joined(statement: Any) -> Any:
    return statement.select_from(imports_table).join(operations_table, operations_table.c.id == imports_table.c.id)


def _body(path: str, *, whole: bool) -> ColumnElement[Any]:
    columns, operation = imports_table.c, operations_table.c
    has_report = and_(columns.finished_at.is_not(None), HAS_FILE.element)
    report = case((has_report, literal(f"{path}/", Text) + cast(columns.id, Text) + literal("/report", Text)), else_=None)
    return answers.json_object(
        {
            "id": columns.id,
            "state": operation.state,
            "progress": operation.progress,
            "dry_run": columns.dry_run,
            "file_name": columns.file_name,
            "format": case((columns.file_kind == "xlsx", literal("xlsx", Text)), else_=literal("csv", Text)),
            "size": columns.size,
            "sha256": columns.sha256,
            "rows": columns.rows,
            "accepted": columns.accepted,
            "refused": columns.refused,
            "repeated": columns.repeated,
            "unknown_columns": func.to_json(columns.unknown_columns),
            **({"reasons": columns.reasons, "first_refusals": _first_refusals()} if whole else {}),
            "report_url": report,
            "problem": operation.problem,
            "created_at": answers.moment(columns.created_at),
            "finished_at": answers.moment(columns.finished_at),
            "version": operation.version,
        }
    )


def _first_refusals() -> ColumnElement[Any]:
    first = select(refusals_table.c.row_no, refusals_table.c.reasons).where(refusals_table.c.import_id == imports_table.c.id)
    some = first.order_by(refusals_table.c.row_no).limit(FIRST).correlate(imports_table).subquery()
    one = answers.json_object({"row": some.c.row_no, "reasons": func.to_json(some.c.reasons)})
    return select(func.json_agg(aggregate_order_by(one, some.c.row_no))).scalar_subquery()
