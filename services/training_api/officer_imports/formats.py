"""A row of a list of officers as a line for the stage, sealed as a whole, for it names a person; and as an entry."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from services.kit import imports
from services.kit.personal import Vault
from services.kit.sheets import Record
from services.training_api.officer_imports import rules
from services.training_api.officers.rules import IdType, OfficerKind
from services.training_api.officers.schemas import OfficerIn

COLUMNS: Sequence[tuple[str, str]] = (("content", "bytea"), ("said", "bytea"))
PURPOSE: Final = "training.officer_imports.row"
# Stands for a day that could not be read.
NO_DAY: Final = date(2000, 1, 1)


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


def entry(row: rules.Row, units: Mapping[str, UUID]) -> OfficerIn:
    """The row as an entry; its cells were read already."""
    return OfficerIn.model_construct(
        unit_id=units.get(row.unit_code or "", rules.NOBODY),
        name=row.name or "",
        id_type=IdType(row.id_type or IdType.RESIDENT),
        id_number=row.id_number or "",
        kind=OfficerKind(row.kind or OfficerKind.OFFICER),
        posts=tuple(row.posts or ()),
        hired_on=row.hired_on or NO_DAY,
        external_system=row.external_system,
        external_id=row.external_id,
    )


def _purpose(import_id: UUID) -> str:
    return f"{PURPOSE}:{import_id}"
