"""Table of the versions of plans."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Integer, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from services.kit import references
from services.tasks_api.base import Base


class PlanVersion(Base):
    """A plan as it stood from a moment on: its head and tasks as they are read. The first one comes with activation. Append-only.

    `counts` tells what the change did to the assignments: issued, moved, ended.
    """

    __tablename__ = "plan_versions"

    plan_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey("tasks.plans.id"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    district_id: Mapped[UUID] = mapped_column(Uuid, ForeignKey(references.UNITS_TABLE.c.id))
    reason: Mapped[str | None] = mapped_column(Text)
    head: Mapped[dict[str, Any]] = mapped_column(JSONB)
    content: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    counts: Mapped[dict[str, int]] = mapped_column(JSONB)
    made_by: Mapped[UUID] = mapped_column(Uuid)
    made_by_name: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
