"""Table of declared conflicts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile
from services.kit import references


class ConflictDeclaration(Base):
    """One person against one unit or one file. Withdrawn ones stay."""

    __tablename__ = "conflict_declarations"
    __table_args__ = (
        CheckConstraint("(unit_id IS NULL) <> (case_file_id IS NULL)", name="against"),
        CheckConstraint("kind IN ('kin', 'interest', 'dispute', 'other', 'cleared')", name="kind"),
        CheckConstraint("state IN ('declared', 'withdrawn')", name="state"),
        CheckConstraint("kind <> 'cleared' OR pinned", name="cleared"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn"),
        Index("ix_conflict_declarations_district_id_declared_at", "district_id", "declared_at", "id"),
        Index("ix_conflict_declarations_account_id", "account_id", "declared_at", "id"),
        Index("ix_conflict_declarations_case_file_id", "case_file_id"),
        Index("ix_conflict_declarations_unit_id", "unit_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    account_id: Mapped[UUID] = mapped_column(Uuid)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    case_file_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    kind: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    pinned: Mapped[bool] = mapped_column(Boolean)
    state: Mapped[str] = mapped_column(Text)
    declared_by: Mapped[UUID] = mapped_column(Uuid)
    declared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    withdrawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    withdrawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
