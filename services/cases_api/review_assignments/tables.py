"""Table of review assignments."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.cases_api.base import Base
from services.kit import references


class ReviewAssignment(Base):
    """One case file given to one account. `unit_id` is the unit of the file.

    `run_id`, `cost` and `explanation` tell why this account; `ended_how` how it was withdrawn. While the lease runs nobody
    takes the file away. `saves` counts the versions of its review, so that each of them moves the row's own version too.
    """

    __tablename__ = "review_assignments"
    __table_args__ = (
        CheckConstraint("mode IN ('self', 'cross', 'sample')", name="mode"),
        CheckConstraint("reason IN ('named', 'solved', 'stand_in')", name="reason"),
        CheckConstraint("ended_how IN ('declined', 'recused', 'conflict', 'reassigned', 'replaced', 'withdrawn')", name="ended"),
        CheckConstraint("state IN ('assigned', 'opened', 'draft', 'submitted', 'void')", name="state"),
        Index(
            "uq_review_assignments_live",
            "round_id",
            "case_file_id",
            "account_id",
            unique=True,
            postgresql_where=text("state <> 'void'"),
        ),
        Index("ix_review_assignments_round_id_case_file_id", "round_id", "case_file_id"),
        Index("ix_review_assignments_account_id_created_at", "account_id", "created_at", "id"),
        Index("ix_review_assignments_district_id_created_at", "district_id", "created_at", "id"),
        Index("ix_review_assignments_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_review_assignments_case_file_id", "case_file_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    round_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.review_rounds.id"))
    mode: Mapped[str] = mapped_column(Text)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("cases.case_files.id"))
    account_id: Mapped[UUID] = mapped_column(Uuid)
    reason: Mapped[str] = mapped_column(Text)
    hide_unit: Mapped[bool] = mapped_column(Boolean)
    run_id: Mapped[UUID | None] = mapped_column(Uuid)
    cost: Mapped[int | None] = mapped_column(BigInteger)
    explanation: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    state: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    opened_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    leased_until: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_how: Mapped[str | None] = mapped_column(Text)
    ended_reason: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    saves: Mapped[int] = mapped_column(Integer)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol
