"""What statistics count of a file, after each of its changes; written by the database alone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, DateTime, ForeignKey, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_files.tables import CaseFile
from services.kit import references


class CaseTally(Base):
    """A file as it stood after a change."""

    __tablename__ = "case_tallies"
    __table_args__ = (
        Index("ix_case_tallies_unit_id_decided_on", "unit_id", "decided_on"),
        Index("ix_case_tallies_unit_id_filed_on", "unit_id", "filed_on"),
        Index("ix_case_tallies_unit_id_acts", "unit_id", postgresql_where=text("acts IS NOT NULL")),
    )

    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id), primary_key=True)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    kind: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    filed_on: Mapped[date] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    outcome: Mapped[str | None] = mapped_column(Text)
    penalties: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    withdrawn_on: Mapped[date | None] = mapped_column(Date)
    acts: Mapped[list[Any] | None] = mapped_column(JSONB)
    # The transaction that wrote the row: no other one may.
    written_in: Mapped[int] = mapped_column(BigInteger)
