"""Tables of the legal check: what was last computed of each file, and who answers for leaving a defect as it is."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, DateTime, ForeignKey, Index, Integer, Text, UniqueConstraint, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile
from services.kit import references


class LegalCheck(Base):
    """The last check of a file: of which version, by which law and calendar, good until which day (None: for ever)."""

    __tablename__ = "legal_checks"
    __table_args__ = (
        Index("ix_legal_checks_district_id_basis", "district_id", "basis"),
        Index("ix_legal_checks_good_until", "district_id", "good_until", postgresql_where=text("good_until IS NOT NULL")),
        *(
            Index(f"ix_legal_checks_{name}", "district_id", name, postgresql_where=text(f"{name} IS NOT NULL"))
            for name in ("retention_until", "archive_due_on")
        ),
        Index("ix_legal_checks_officers", "officers", postgresql_using="gin"),
    )

    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id), primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    case_version: Mapped[int] = mapped_column(Integer)
    basis: Mapped[str] = mapped_column(Text)
    good_until: Mapped[date | None] = mapped_column(Date)
    officers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    archive_due_on: Mapped[date | None] = mapped_column(Date)
    retention_until: Mapped[date | None] = mapped_column(Date)
    permanent: Mapped[bool] = mapped_column(Boolean)
    checked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Defect(Base):
    """What a rule came to for a file, unless it came out clean. `mark` names the finding, whatever the day it is told on."""

    __tablename__ = "defects"
    __table_args__ = (
        CheckConstraint("result IN ('found', 'undecidable')", name="result"),
        CheckConstraint("level IN ('veto', 'major', 'minor')", name="level"),
        UniqueConstraint("case_file_id", "rule"),
        Index("ix_defects_district_id_result_found_at", "district_id", "result", "found_at", "id"),
        Index("ix_defects_unit_id_result_found_at", "unit_id", "result", "found_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(LegalCheck.case_file_id))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    rule: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    findings: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    missing: Mapped[list[str]] = mapped_column(ARRAY(Text))
    mark: Mapped[str] = mapped_column(Text)
    found_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CaseDeadline(Base):
    """The last day for an act that is not on record yet."""

    __tablename__ = "deadlines"
    __table_args__ = (
        Index("ix_deadlines_case_file_id", "case_file_id"),
        Index("ix_deadlines_district_id_due_on", "district_id", "due_on", "id"),
        Index("ix_deadlines_unit_id_due_on", "unit_id", "due_on", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(LegalCheck.case_file_id))
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    act: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)


class DefectOverride(Base):
    """Somebody answers for leaving a defect as it is, or takes that back; rows are only ever added."""

    __tablename__ = "defect_overrides"
    __table_args__ = (
        CheckConstraint("action IN ('override', 'withdraw')", name="action"),
        Index("ix_defect_overrides_case_file_id", "case_file_id", "rule", "recorded_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    rule: Mapped[str] = mapped_column(Text)
    mark: Mapped[str] = mapped_column(Text)
    action: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    account_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class QueuedCheck(Base):
    """A file whose check is behind it; written by triggers of whatever touches a file."""

    __tablename__ = "legal_check_queue"
    __table_args__ = (Index("ix_legal_check_queue_district_id", "district_id"),)

    case_file_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid)
    turn: Mapped[UUID] = mapped_column(Uuid)


class OfficerMark(Base):
    """What the published facts of an officer were when files were last checked by them."""

    __tablename__ = "officer_marks"

    officer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    mark: Mapped[str] = mapped_column(Text)
