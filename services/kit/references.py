"""Handles on the directory's tables for foreign keys, and on its published views for reading.

They live in MetaData of their own, which is none of Alembic's targets, so a service can point a foreign key at a
unit without importing the directory.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, MetaData, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit import errors
from services.kit.db import Reader, Session

FOREIGN = MetaData()
UNITS_TABLE = Table("units", FOREIGN, Column("id", Uuid, primary_key=True), schema="directory")

units = Table(
    "units",
    FOREIGN,
    Column("id", Uuid, primary_key=True),
    Column("district_id", Uuid),
    Column("path", ARRAY(Uuid)),
    Column("code", Text),
    Column("name", Text),
    Column("short_name", Text),
    Column("kind", Text),
    Column("enforcement", Boolean),
    Column("granting", Boolean),
    Column("valid_from", Date),
    Column("valid_to", Date),
    schema="published",
)
unit_group_members = Table(
    "unit_group_members",
    FOREIGN,
    Column("group_id", Uuid),
    Column("key", Text),
    Column("group_name", Text),
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("valid_from", Date),
    Column("valid_to", Date),
    schema="published",
)
unit_groups = Table(
    "unit_groups",
    FOREIGN,
    Column("group_id", Uuid),
    Column("district_id", Uuid),
    Column("key", Text),
    Column("name", Text),
    Column("aliases", ARRAY(Text)),
    schema="published",
)
working_days = Table(
    "working_days", FOREIGN, Column("day", Date, primary_key=True), Column("working", Boolean), schema="published"
)
accounts = Table(
    "accounts",
    FOREIGN,
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Uuid),
    Column("display_name", Text),
    Column("roles", ARRAY(Text)),
    Column("active", Boolean),
    schema="published",
)
attachments = Table(
    "attachments",
    FOREIGN,
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Uuid),
    Column("uploaded_by", Uuid),
    Column("file_name", Text),
    Column("media_type", Text),
    Column("size", Text),
    Column("sha256", Text),
    schema="published",
)
# Accounts that reach an object by assignment, as long as the assignment lasts.
object_readers = Table(
    "object_readers",
    FOREIGN,
    Column("object_type", Text),
    Column("object_id", Uuid),
    Column("account_id", Uuid),
    schema="published",
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit (单位) as other services know it; `path` runs from the district down to the unit itself."""

    id: UUID
    district_id: UUID
    path: tuple[UUID, ...]
    code: str
    name: str
    short_name: str
    kind: str
    enforcement: bool
    granting: bool
    valid_from: date | None
    valid_to: date | None


async def unit(connection: Session | Reader, unit_id: UUID, pointer: str = "/body/unit_id") -> Unit:
    """The unit with this id; BadInput at the pointer when there is none."""
    found = await _units(connection, select(units).where(units.c.id == unit_id))
    if not found:
        raise errors.BadInput(errors.Fault(pointer, "not_found"))
    return found[0]


async def units_of(connection: Session | Reader, district_id: UUID) -> list[Unit]:
    """All units of a district, by code."""
    return await _units(connection, select(units).where(units.c.district_id == district_id).order_by(units.c.code))


async def some_units(connection: Session | Reader, unit_ids: Collection[UUID]) -> dict[UUID, Unit]:
    """These units by their ids; what is absent is left out."""
    return {found.id: found for found in await _units(connection, select(units).where(units.c.id.in_(unit_ids)))}


async def _units(connection: Session | Reader, statement: Select[Any]) -> list[Unit]:
    rows = (await connection.execute(statement)).mappings()
    return [Unit(**dict(row) | {"path": tuple(row["path"])}) for row in rows]
