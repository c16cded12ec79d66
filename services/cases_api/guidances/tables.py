"""Tables of guidances and their visits."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.guidance_rounds.tables import GuidanceRound
from services.kit import references

UNIT_ID = references.UNITS_TABLE.c.id


class Guidance(Base):
    """A case guided by the department that granted the power; `case_unit_id` is the unit whose case it is."""

    __tablename__ = "guidances"
    __table_args__ = (
        CheckConstraint("how IN ('draw', 'growth', 'substitute', 'chosen')", name="how"),
        CheckConstraint("(how = 'chosen') = (round_id IS NULL) AND (how = 'chosen') = (reason IS NOT NULL)", name="chosen"),
        CheckConstraint("state IN ('picked', 'under_way', 'finished', 'void')", name="state"),
        CheckConstraint(
            "(state = 'finished') = (finished_on IS NOT NULL) AND (state = 'finished') = (outcome IS NOT NULL)", name="finished"
        ),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="void"),
        Index("uq_guidances_live", "unit_id", "case_file_id", unique=True, postgresql_where=text("state <> 'void'")),
        Index("ix_guidances_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_guidances_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_guidances_case_unit_id_created_at", "case_unit_id", "created_at", "id"),
        Index("ix_guidances_case_file_id", "case_file_id"),
        Index("ix_guidances_round_id", "round_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    case_unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(UNIT_ID))
    round_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(GuidanceRound.id))
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    year: Mapped[int] = mapped_column(Integer)
    how: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    guides: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    outcome: Mapped[str | None] = mapped_column(Text)
    summary: Mapped[str | None] = mapped_column(Text)
    finished_on: Mapped[date | None] = mapped_column(Date)
    void_reason: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class GuidanceVisit(Base):
    """One occasion of guidance: the advice given, and how it was taken."""

    __tablename__ = "guidance_visits"
    __table_args__ = (
        CheckConstraint("form IN ('on_site', 'papers', 'online', 'meeting')", name="form"),
        Index("ix_guidance_visits_guidance_id_visited_on", "guidance_id", "visited_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    guidance_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(Guidance.id))
    visited_on: Mapped[date] = mapped_column(Date)
    form: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    response: Mapped[str | None] = mapped_column(Text)
    recorded_by: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class GuidanceState(Base):
    """The state of a guidance from a moment on; the database writes it, and rows are only ever added."""

    __tablename__ = "guidance_states"

    guidance_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(Guidance.id), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
