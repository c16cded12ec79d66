"""Table of the index of recordings."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile


class CaseRecording(Base):
    """One recording; rows are only ever added, since what was recorded stays recorded."""

    __tablename__ = "case_recordings"
    __table_args__ = (Index("ix_case_recordings_case_file_id_started_at", "case_file_id", "started_at", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    stage: Mapped[str] = mapped_column(Text)
    medium: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    device_no: Mapped[str | None] = mapped_column(Text)
    kept_at: Mapped[str | None] = mapped_column(Text)
    sha256: Mapped[str | None] = mapped_column(Text)
    attachment_id: Mapped[UUID | None] = mapped_column(Uuid)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
