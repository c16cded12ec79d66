"""Tables of plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Plan(Base):
    """A plan. `content_sha256` is that of the document it was read from, `warnings` what the reading left open."""

    __tablename__ = "plans"
    __table_args__ = (
        CheckConstraint("state IN ('draft', 'active', 'closed')", name="state"),
        CheckConstraint("period_end >= period_start", name="period"),
        CheckConstraint("(state = 'draft') = (activated_at IS NULL)", name="activated"),
        Index("ix_plans_district_id_created_at", "district_id", "created_at", "id"),
        Index("uq_plans_external", "external_system", "external_id", unique=True),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    title: Mapped[str] = mapped_column(Text)
    region_code: Mapped[str] = mapped_column(Text)
    region_name: Mapped[str | None] = mapped_column(Text)
    document_no: Mapped[str | None] = mapped_column(Text)
    issued_on: Mapped[date | None] = mapped_column(Date)
    goals: Mapped[str | None] = mapped_column(Text)
    period_start: Mapped[date] = mapped_column(Date)
    period_end: Mapped[date] = mapped_column(Date)
    state: Mapped[str] = mapped_column(Text)
    content_sha256: Mapped[str | None] = mapped_column(Text)
    warnings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    activated_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class PlanGroupMember(Base):
    """Who belonged to a group of units when the plan was activated; later changes of the group leave it alone."""

    __tablename__ = "plan_group_members"
    __table_args__ = (Index("ix_plan_group_members_unit_id", "unit_id"),)

    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.plans.id"), primary_key=True)
    group_key: Mapped[str] = mapped_column(Text, primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id), primary_key=True)
