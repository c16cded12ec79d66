"""The table of all records of this service."""

from __future__ import annotations

from services.cases_api.base import Base
from services.kit.registers.tables import RecordColumns, constraints


class Record(RecordColumns, Base):
    """A record of any kind; which, says `kind`."""

    __tablename__ = "records"
    __table_args__ = constraints()
