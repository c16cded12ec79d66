"""Tables of notifications and of who has read them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index, Text, Uuid
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class Notification(Base):
    """A message to the people of some roles in a unit, or in the district where there is no unit. Only added."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_district_id", "district_id", "unit_id", "recorded_at", "id"),
        Index("ix_notifications_object_id", "object_id"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    unit_id: Mapped[UUID | None] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    kind: Mapped[str] = mapped_column(Text)
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    object_type: Mapped[str] = mapped_column(Text)
    object_id: Mapped[UUID | None] = mapped_column(Uuid)
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class NotificationRead(Base):
    """An account has read a message."""

    __tablename__ = "notification_reads"

    notification_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.notifications.id"), primary_key=True)
    account_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    read_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
