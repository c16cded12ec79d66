"""Tables of unit groups and their members."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory_api.base import Base


class UnitGroup(Base):
    """A group; `name` and `aliases` are how documents speak of it."""

    __tablename__ = "unit_groups"
    __table_args__ = (UniqueConstraint("district_id", "key"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("directory.units.id"))
    key: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    assumed: Mapped[bool] = mapped_column(Boolean)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class UnitGroupMember(Base):
    """A unit in a group, from the first to the last day, both included."""

    __tablename__ = "unit_group_members"
    __table_args__ = (
        CheckConstraint("valid_to >= valid_from", name="validity"),
        Index("ix_unit_group_members_unit_id", "unit_id"),
    )

    group_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("directory.unit_groups.id"), primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("directory.units.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(Date, primary_key=True)
    valid_to: Mapped[date | None] = mapped_column(Date)
