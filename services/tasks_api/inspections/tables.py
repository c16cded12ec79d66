"""Table of inspections."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Inspection(Base):
    """An inspection carried out, led by `unit_id`, made together by `unit_ids`. Without a plan's visit it names its reason."""

    __tablename__ = "inspections"
    __table_args__ = (
        CheckConstraint("state IN ('recorded', 'void')", name="state"),
        CheckConstraint("plan_item_id IS NOT NULL OR off_plan_reason IS NOT NULL", name="off_plan"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void"),
        CheckConstraint("unit_id = ANY (unit_ids)", name="lead"),
        Index("ix_inspections_district_id_inspected_on", "district_id", "inspected_on", "id"),
        Index("ix_inspections_unit_id_inspected_on", "unit_id", "inspected_on", "id"),
        Index("ix_inspections_unit_ids", "unit_ids", postgresql_using="gin"),
        Index(
            "uq_inspections_plan_item_id",
            "plan_item_id",
            unique=True,
            postgresql_where=text("plan_item_id IS NOT NULL AND state = 'recorded'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    plan_item_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey("tasks.inspection_plan_items.id"))
    off_plan_reason: Mapped[str | None] = mapped_column(Text)
    object_name: Mapped[str] = mapped_column(Text)
    object_code: Mapped[str | None] = mapped_column(Text)
    enterprise: Mapped[bool] = mapped_column(Boolean)
    check_code: Mapped[str | None] = mapped_column(Text)
    inspected_on: Mapped[date] = mapped_column(Date)
    officers: Mapped[int] = mapped_column(Integer)
    result: Mapped[str] = mapped_column(Text)
    result_text: Mapped[str | None] = mapped_column(Text)
    visits_saved: Mapped[int] = mapped_column(Integer)
    case_file_id: Mapped[UUID | None] = mapped_column(Uuid)
    draw_id: Mapped[UUID | None] = mapped_column(Uuid)
    attachment_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    state: Mapped[str] = mapped_column(Text)
    void_reason: Mapped[str | None] = mapped_column(Text)
    created_by_name: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
