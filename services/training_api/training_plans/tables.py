"""Tables of training plans and their items."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, PrimaryKeyConstraint, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.training_api.base import Base

UNIT_ID = references.UNITS_TABLE.c.id


class TrainingPlan(Base):
    """A unit's plan for a year; one of each kind."""

    __tablename__ = "training_plans"
    __table_args__ = (
        UniqueConstraint("unit_id", "year", "kind"),
        CheckConstraint("kind IN ('annual', 'professional')", name="kind"),
        CheckConstraint("state IN ('draft', 'submitted', 'approved', 'returned')", name="state"),
        Index("ix_training_plans_district_id_created_at_id", "district_id", "created_at", "id"),
        Index("ix_training_plans_unit_id_created_at_id", "unit_id", "created_at", "id"),
        Index("ix_training_plans_district_id_year_kind", "district_id", "year", "kind"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    year: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    note: Mapped[str | None] = mapped_column(Text)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[str] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    submitted_by: Mapped[UUID | None] = mapped_column(Uuid)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[UUID | None] = mapped_column(Uuid)
    decision_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class TrainingPlanItem(Base):
    """A class a plan foresees; `unit_ids` are the units whose officers it is for."""

    __tablename__ = "training_plan_items"
    __table_args__ = (
        PrimaryKeyConstraint("plan_id", "place", name="pk_training_plan_items"),
        CheckConstraint("hundredths > 0", name="hours"),
        CheckConstraint("month BETWEEN 1 AND 12", name="month"),
        Index("ix_training_plan_items_unit_ids", "unit_ids", postgresql_using="gin"),
    )

    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("training.training_plans.id"))
    place: Mapped[int] = mapped_column(Integer, autoincrement=False)
    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    category: Mapped[str] = mapped_column(Text)
    hundredths: Mapped[int] = mapped_column(Integer)
    month: Mapped[int | None] = mapped_column(Integer)
    level: Mapped[str | None] = mapped_column(Text)
    participants: Mapped[int | None] = mapped_column(Integer)
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    note: Mapped[str | None] = mapped_column(Text)
