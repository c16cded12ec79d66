"""Tables of random draws."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Integer, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class RandomDraw(Base):
    """A draw: the frozen frame with its seed. `names` says what the ids of the frame mean; it decides nothing."""

    __tablename__ = "random_draws"
    __table_args__ = (
        CheckConstraint("state IN ('frozen', 'drawn', 'void')", name="state"),
        CheckConstraint("frame_sha256 = encode(sha256(frame), 'hex')", name="frame"),
        CheckConstraint("(seed IS NULL) = (seeded_at IS NULL) AND (seed IS NULL) = (seed_source IS NULL)", name="seeded"),
        CheckConstraint("seeded_at > frozen_at", name="seed_last"),
        CheckConstraint(
            "(drawn_at IS NULL) = (sample_size IS NULL) AND (state <> 'drawn' OR drawn_at IS NOT NULL)", name="drawn"
        ),
        CheckConstraint("drawn_at IS NULL OR (seeded_at IS NOT NULL AND drawn_at >= seeded_at)", name="draw_last"),
        CheckConstraint("(state = 'void') = (void_reason IS NOT NULL)", name="voided"),
        Index("uq_random_draws_seed", "district_id", "seed", unique=True),
        Index("ix_random_draws_district_id", "district_id", "frozen_at", "id"),
        Index("ix_random_draws_unit_id", "unit_id", "year"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    year: Mapped[int] = mapped_column(Integer)
    title: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    terms_sha256: Mapped[str] = mapped_column(Text)
    frame: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    frame_sha256: Mapped[str] = mapped_column(Text)
    frame_size: Mapped[int] = mapped_column(Integer)
    strata: Mapped[dict[str, int]] = mapped_column(JSONB)
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    frozen_by: Mapped[UUID] = mapped_column(Uuid)
    frozen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seed: Mapped[str | None] = mapped_column(Text)
    seed_source: Mapped[str | None] = mapped_column(Text)
    seeded_by: Mapped[UUID | None] = mapped_column(Uuid)
    seeded_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    sample_size: Mapped[int | None] = mapped_column(Integer)
    drawn_by: Mapped[UUID | None] = mapped_column(Uuid)
    drawn_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    voided_by: Mapped[UUID | None] = mapped_column(Uuid)
    voided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    void_reason: Mapped[str | None] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012  # SQLAlchemy's own protocol


class RandomDrawCommitment(Base):
    """What a witness committed to."""

    __tablename__ = "random_draw_commitments"
    __table_args__ = (UniqueConstraint("draw_id", "nonce_sha256"),)

    draw_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.random_draws.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    nonce_sha256: Mapped[str] = mapped_column(Text)
    committed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RandomDrawReveal(Base):
    """The nonce behind a commitment."""

    __tablename__ = "random_draw_reveals"

    draw_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.random_draws.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    nonce: Mapped[str] = mapped_column(Text)
    revealed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RandomDrawEntry(Base):
    """An object or inspector of the sample; in each stratum the first places are used."""

    __tablename__ = "random_draw_entries"

    draw_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.random_draws.id"), primary_key=True)
    stratum: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Text)
    ticket: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class RandomDrawSubstitution(Base):
    """Somebody taken out of the sample for a reason (回避), and the next one of the stratum in that place."""

    __tablename__ = "random_draw_substitutions"
    __table_args__ = (UniqueConstraint("draw_id", "stratum", "in_place", name="uq_random_draw_substitutions_in_place"),)

    draw_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.random_draws.id"), primary_key=True)
    stratum: Mapped[str] = mapped_column(Text, primary_key=True)
    out_place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    in_place: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
