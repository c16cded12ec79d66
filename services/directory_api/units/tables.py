"""Table of units."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.directory_api.base import Base


class Unit(Base):
    """A unit; `path` holds the ids from the district down to the unit itself."""

    __tablename__ = "units"
    __table_args__ = (
        CheckConstraint("path[1] = district_id AND path[cardinality(path)] = id", name="path"),
        CheckConstraint("valid_to >= valid_from", name="validity"),
        Index("ix_units_district_id_code", "district_id", "code", "id"),
        Index("ix_units_path", "path", postgresql_using="gin"),
        Index("ix_units_parent_id", "parent_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("directory.units.id"))
    parent_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("directory.units.id"))
    path: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    code: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    short_name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    enforcement: Mapped[bool] = mapped_column(Boolean)
    granting: Mapped[bool] = mapped_column(Boolean)
    vertical: Mapped[bool] = mapped_column(Boolean)
    assumed: Mapped[bool] = mapped_column(Boolean)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
