"""A row of the file as a line for the stage: sealed as a whole, for it tells of persons."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final
from uuid import UUID

from services.cases_api.case_imports import rules
from services.kit import imports
from services.kit.personal import Vault
from services.kit.sheets import Record

COLUMNS: Sequence[tuple[str, str]] = (("content", "bytea"), ("said", "bytea"))
PURPOSE: Final = "cases.case_imports.row"


def line(run: imports.Run, record: Record) -> Sequence[str]:
    """The cells for COPY: the row sealed, and a keyed digest by which equal rows are told."""
    told = {name: value for name, value in zip(rules.NAMES, record.values, strict=True) if value is not None}
    content = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return tuple(
        f"\\\\x{value.hex()}" for value in (run.vault.seal(content, _purpose(run.id)), run.vault.index(content, PURPOSE))
    )


def opened(vault: Vault, import_id: UUID, content: bytes) -> rules.Row:
    """The row that `line` sealed."""
    return rules.Row.of(json.loads(vault.open(content, _purpose(import_id))))


def _purpose(import_id: UUID) -> str:
    return f"{PURPOSE}:{import_id}"
