"""Table of the running sums of hours. The database keeps it; nobody writes it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import Integer, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from services.training_api.base import Base


class HourSum(Base):
    """Hundredths of an officer in a year by category, kept by triggers beside the ledger."""

    __tablename__ = "hour_sums"

    officer_id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    public_law: Mapped[int] = mapped_column(Integer)
    business: Mapped[int] = mapped_column(Integer)
    skills: Mapped[int] = mapped_column(Integer)
    political: Mapped[int] = mapped_column(Integer)
