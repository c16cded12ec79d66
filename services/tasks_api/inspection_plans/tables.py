"""Tables of the year's inspection plan."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class InspectionPlan(Base):
    """The plan of a district and year."""

    __tablename__ = "inspection_plans"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'submitted', 'approved')", name="state"),
        CheckConstraint("(state = 'approved') = (approved_on IS NOT NULL)", name="approved_on"),
        Index("uq_inspection_plans_year", "district_id", "year", unique=True),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    year: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    merged_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    submitted_on: Mapped[date | None] = mapped_column(Date)
    submitted_by_name: Mapped[str | None] = mapped_column(Text)
    approved_on: Mapped[date | None] = mapped_column(Date)
    approval_number: Mapped[str | None] = mapped_column(Text)
    decided_by_name: Mapped[str | None] = mapped_column(Text)
    decision_note: Mapped[str | None] = mapped_column(Text)
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class InspectionPlanItem(Base):
    """One visit: the units that go together to one object between two days. `visits_before` counts the proposals."""

    __tablename__ = "inspection_plan_items"
    __table_args__ = (
        CheckConstraint("state IN ('active', 'dropped')", name="state"),
        CheckConstraint("last_on >= first_on", name="period"),
        Index("ix_inspection_plan_items_plan_id", "plan_id", "first_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.inspection_plans.id"))
    object_name: Mapped[str] = mapped_column(Text)
    object_code: Mapped[str | None] = mapped_column(Text)
    lead_unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    proposal_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    contents: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    first_on: Mapped[date] = mapped_column(Date)
    last_on: Mapped[date] = mapped_column(Date)
    visits_before: Mapped[int] = mapped_column(Integer)
    state: Mapped[str] = mapped_column(Text)
    done_on: Mapped[date | None] = mapped_column(Date)


class InspectionPlanChange(Base):
    """A change of a plan and its reason. Only added."""

    __tablename__ = "inspection_plan_changes"

    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.inspection_plans.id"), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    item_id: Mapped[UUID | None] = mapped_column(Uuid)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    reason: Mapped[str] = mapped_column(Text)
    actor_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
