"""Overrides of defects: the latest of each rule stands; the rows before it are its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases_api.legal_checks.tables import DefectOverride
from services.kit.db import Reader, Session


@dataclass(frozen=True, slots=True)
class Override:
    """Who left a defect as it is, why, and of which finding."""

    mark: str
    action: str
    reason: str
    account_id: UUID
    account_name: str
    recorded_at: datetime

    @property
    def is_standing(self) -> bool:
        """Whether it was not taken back."""
        return self.action == "override"

    def body(self, mark: str) -> dict[str, Any]:
        """As shown beside a finding; `stands` is false when something else was overridden than is found now."""
        return {
            "reason": self.reason,
            "account_id": str(self.account_id),
            "account_name": self.account_name,
            "recorded_at": self.recorded_at,
            "stands": self.mark == mark,
        }


async def latest(connection: Reader | Session, case_file_id: UUID) -> dict[str, Override]:
    """The latest override of each rule of a file that was not taken back."""
    row = DefectOverride
    columns = (row.rule, row.mark, row.action, row.reason, row.account_id, row.account_name, row.recorded_at)
    statement = select(*columns).where(row.case_file_id == case_file_id).order_by(row.recorded_at, row.id)
    found = {each[0]: Override(*each[1:]) for each in await connection.execute(statement)}
    return {rule: override for rule, override in found.items() if override.is_standing}
