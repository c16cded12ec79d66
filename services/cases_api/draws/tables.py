"""Tables of draws: the frozen frame with its seed, the witnesses, the sample and what came of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    DateTime,
    ForeignKey,
    ForeignKeyConstraint,
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
from services.cases_api.case_files.tables import CaseFile
from services.kit import references


class Draw(Base):
    """A draw. `frame` is canonical JSON, `file_ids` its files in the same order, `excluded` canonical JSON as well.

    `is_open` says whether all units of the district may read it. Triggers keep the order of the protocol.
    """

    __tablename__ = "draws"
    __table_args__ = (
        CheckConstraint("purpose IN ('review_round', 'guidance')", name="purpose"),
        CheckConstraint("state IN ('frozen', 'drawn', 'void')", name="state"),
        CheckConstraint("frame_sha256 = encode(sha256(frame), 'hex')", name="frame"),
        CheckConstraint("excluded_sha256 = encode(sha256(convert_to(excluded, 'UTF8')), 'hex')", name="excluded"),
        CheckConstraint("(seed IS NULL) = (seeded_at IS NULL) AND (seed IS NULL) = (seed_source IS NULL)", name="seeded"),
        CheckConstraint("seeded_at > frozen_at", name="seed_last"),
        CheckConstraint(
            "(drawn_at IS NULL) = (sample_size IS NULL) AND (state <> 'drawn' OR drawn_at IS NOT NULL)", name="drawn"
        ),
        CheckConstraint("drawn_at IS NULL OR (seeded_at IS NOT NULL AND drawn_at >= seeded_at)", name="draw_last"),
        CheckConstraint(
            "(state = 'void') = (voided_at IS NOT NULL) AND (state = 'void') = (void_reason IS NOT NULL)", name="voided"
        ),
        Index("uq_draws_live", "purpose", "subject_id", unique=True, postgresql_where=text("state <> 'void'")),
        Index("uq_draws_district_id_seed", "district_id", "seed", unique=True),
        Index("ix_draws_district_id_frozen_at", "district_id", "frozen_at", "id"),
        Index("ix_draws_subject_id", "subject_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    purpose: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(Text)
    is_open: Mapped[bool] = mapped_column(Boolean)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    terms_sha256: Mapped[str] = mapped_column(Text)
    frame: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    frame_sha256: Mapped[str] = mapped_column(Text)
    frame_size: Mapped[int] = mapped_column(Integer)
    file_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), deferred=True)
    strata: Mapped[dict[str, int]] = mapped_column(JSONB)
    excluded: Mapped[str] = mapped_column(Text, deferred=True)
    excluded_sha256: Mapped[str] = mapped_column(Text)
    excluded_size: Mapped[int] = mapped_column(Integer)
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


class DrawCommitment(Base):
    """What a witness committed to."""

    __tablename__ = "draw_commitments"
    __table_args__ = (
        UniqueConstraint("draw_id", "nonce_sha256"),
        CheckConstraint("nonce_sha256 ~ '^[0-9a-f]{64}$'", name="nonce_sha256"),
    )

    draw_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(Draw.id), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    nonce_sha256: Mapped[str] = mapped_column(Text)
    committed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DrawReveal(Base):
    """The nonce behind a commitment."""

    __tablename__ = "draw_reveals"
    __table_args__ = (ForeignKeyConstraint(["draw_id", "account_id"], [DrawCommitment.draw_id, DrawCommitment.account_id]),)

    draw_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    nonce: Mapped[str] = mapped_column(Text)
    revealed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DrawFile(Base):
    """A file of the sample. `place` is its rank in the order of its stratum; in each stratum the first places are used."""

    __tablename__ = "draw_files"
    __table_args__ = (
        UniqueConstraint("draw_id", "case_file_id"),
        CheckConstraint("how IN ('draw', 'growth', 'substitute')", name="how"),
        CheckConstraint("place > 0", name="place"),
        Index("ix_draw_files_case_file_id", "case_file_id"),
    )

    draw_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(Draw.id), primary_key=True)
    stratum: Mapped[str] = mapped_column(Text, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Text)
    case_file_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(CaseFile.id))
    ticket: Mapped[str] = mapped_column(Text)
    how: Mapped[str] = mapped_column(Text)
    added_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DrawSubstitution(Base):
    """A file taken out of the sample, and the next one of its stratum in its place, if there was one."""

    __tablename__ = "draw_substitutions"
    __table_args__ = (
        ForeignKeyConstraint(["draw_id", "stratum", "out_place"], [DrawFile.draw_id, DrawFile.stratum, DrawFile.place]),
        ForeignKeyConstraint(
            ["draw_id", "stratum", "in_place"],
            [DrawFile.draw_id, DrawFile.stratum, DrawFile.place],
            name="fk_draw_substitutions_in_place",
        ),
        UniqueConstraint("draw_id", "stratum", "in_place", name="uq_draw_substitutions_in_place"),
    )

    draw_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    stratum: Mapped[str] = mapped_column(Text, primary_key=True)
    out_place: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    in_place: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class DrawGrowth(Base):
    """Terms under which a sample was grown."""

    __tablename__ = "draw_growths"
    __table_args__ = (CheckConstraint("added > 0", name="added"),)

    draw_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(Draw.id), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    added: Mapped[int] = mapped_column(Integer)
    reason: Mapped[str] = mapped_column(Text)
    account_id: Mapped[UUID] = mapped_column(Uuid)
    made_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
