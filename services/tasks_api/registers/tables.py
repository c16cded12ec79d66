"""The table of all register records of this service."""

from __future__ import annotations

from services.kit.registers.tables import RecordColumns, constraints
from services.tasks_api.base import Base


class Record(RecordColumns, Base):
    """A record of any kind; which, says `kind`."""

    __tablename__ = "records"
    __table_args__ = constraints()
