"""Tables of case files: the file, its steps, and the moves from state to state."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.cases_api.case_numbers.tables import CaseNumber
from services.kit import references


class CaseFile(Base):
    """A case file. What is `_sealed` is encrypted; what is shown of a person is already masked here.

    Days stand as reported, in whatever order: the legal check tells what is out of order.
    """

    __tablename__ = "case_files"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'decided', 'closed', 'archived', 'void')", name="state"),
        CheckConstraint("cardinality(officers) >= 1", name="officers"),
        CheckConstraint("state <> 'decided' OR decided_on IS NOT NULL", name="decided"),
        CheckConstraint("(state IN ('closed', 'archived')) = (closed_on IS NOT NULL)", name="closed"),
        CheckConstraint("(state = 'archived') = (archived_on IS NOT NULL)", name="archived"),
        CheckConstraint("(external_id IS NULL) = (external_system IS NULL)", name="external"),
        UniqueConstraint("district_id", "case_no"),
        UniqueConstraint("district_id", "external_system", "external_id"),
        Index("ix_case_files_district_id_filed_on", "district_id", "filed_on", "id"),
        Index("ix_case_files_unit_id_filed_on", "unit_id", "filed_on", "id"),
        Index("ix_case_files_district_id_closed_on", "district_id", "closed_on", "id"),
        Index("ix_case_files_unit_id_item_code", "unit_id", "item_code", "filed_on"),
        Index("ix_case_files_officers", "officers", postgresql_using="gin"),
        Index(
            "ix_case_files_words",
            "words",
            "party_signs",
            postgresql_using="gin",
            postgresql_with={"gin_pending_list_limit": 256},
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    case_number_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseNumber.id), unique=True)
    case_no: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    procedure: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    item: Mapped[str] = mapped_column(Text)
    item_code: Mapped[str | None] = mapped_column(Text)
    legal_bases: Mapped[list[str]] = mapped_column(ARRAY(Text))
    officers: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    joint_basis: Mapped[str | None] = mapped_column(Text)
    party_kind: Mapped[str] = mapped_column(Text)
    party_name_shown: Mapped[str] = mapped_column(Text)
    party_name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    party_id_type: Mapped[str | None] = mapped_column(Text)
    party_id_number_masked: Mapped[str | None] = mapped_column(Text)
    party_id_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    party_phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    party_address_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    # Keyed digest of the whole party: tells whether a repeated import brings a change, without opening anything.
    party_digest: Mapped[bytes] = mapped_column(LargeBinary)
    # Keyed signs of a person's name, by which those who may see it find it; never made for an organisation's.
    party_signs: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default=text("'{}'"), deferred=True)
    # What a search looks up; the database writes it from the public columns.
    words: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default=text("'{}'"), deferred=True)
    decision: Mapped[str | None] = mapped_column(Text)
    amount_fen: Mapped[int | None] = mapped_column(BigInteger)
    filed_on: Mapped[date] = mapped_column(Date)
    decided_on: Mapped[date | None] = mapped_column(Date)
    closed_on: Mapped[date | None] = mapped_column(Date)
    archived_on: Mapped[date | None] = mapped_column(Date)
    sector: Mapped[str | None] = mapped_column(Text)
    act_ended_on: Mapped[date | None] = mapped_column(Date)
    discovered_on: Mapped[date | None] = mapped_column(Date)
    grave_harm: Mapped[bool | None] = mapped_column(Boolean)
    offline_reason: Mapped[str | None] = mapped_column(Text)
    obstacle_ended_on: Mapped[date | None] = mapped_column(Date)
    keyed_in_on: Mapped[date | None] = mapped_column(Date)
    external_system: Mapped[str | None] = mapped_column(Text)
    external_id: Mapped[str | None] = mapped_column(Text)
    created_by: Mapped[UUID] = mapped_column(Uuid)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class CaseStep(Base):
    """A dated event of the procedure."""

    __tablename__ = "case_steps"
    __table_args__ = (
        Index("ix_case_steps_case_file_id_happened_on", "case_file_id", "happened_on", "id"),
        *(
            Index(
                f"ix_case_steps_{name}",
                text(f"(fields ->> '{name}')"),
                postgresql_where=text(f"(fields ->> '{name}') IS NOT NULL"),
            )
            for name in ("benchmark_id", "equipment_id", "lenient_item_id")
        ),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    step: Mapped[str] = mapped_column(Text)
    happened_on: Mapped[date] = mapped_column(Date)
    note: Mapped[str | None] = mapped_column(Text)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CaseMove(Base):
    """One move of a case file from state to state; rows are only ever added."""

    __tablename__ = "case_moves"
    __table_args__ = (Index("ix_case_moves_case_file_id_recorded_at", "case_file_id", "recorded_at", "id"),)

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    action: Mapped[str] = mapped_column(Text)
    from_state: Mapped[str | None] = mapped_column(Text)
    to_state: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date] = mapped_column(Date)
    reason: Mapped[str | None] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
