"""Tables of attachments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Column, DateTime, Index, Integer, MetaData, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.directory_api.base import Base


class Attachment(Base):
    """A file as somebody uploaded it; its content lies in the store under its SHA-256."""

    __tablename__ = "attachments"
    __table_args__ = (
        Index("ix_attachments_unit_id_created_at", "unit_id", "created_at", "id"),
        Index("ix_attachments_uploaded_by_created_at", "uploaded_by", "created_at", "id"),
        Index("ix_attachments_sha256", "sha256"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID | None] = mapped_column(Uuid)
    unit_id: Mapped[UUID | None] = mapped_column(Uuid)
    uploaded_by: Mapped[UUID] = mapped_column(Uuid)
    file_name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


links = Table(
    "attachment_links",
    MetaData(schema="kit"),
    Column("attachment_id", Uuid, primary_key=True),
    Column("object_type", Text, primary_key=True),
    Column("object_id", Uuid, primary_key=True),
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("account_ids", ARRAY(Uuid), nullable=False),
    Column("audience", JSONB, nullable=False),
)
