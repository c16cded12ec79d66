"""What a repeated import of a file brings: columns that differ, another party, other steps."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.cases_api.case_files.actions import parties
from services.cases_api.case_files.queries import rows as file_rows
from services.cases_api.case_files.rules import contents
from services.cases_api.case_files.schemas.bodies import CaseFileIn
from services.cases_api.case_files.tables import CaseFile, CaseStep
from services.kit import audit
from services.kit.personal import Vault

COPIED: Final = (
    "procedure", "item", "item_code", "legal_bases", "officers", "joint_basis", "decision", "amount_fen", "filed_on",
    "decided_on", "closed_on", "archived_on", "sector", "act_ended_on", "discovered_on", "grave_harm", "offline_reason",
    "obstacle_ended_on", "keyed_in_on",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class News:
    """What a repeated import brings: columns old and new, whether the party or the steps differ."""

    before: dict[str, Any]
    after: dict[str, Any]
    party: bool
    steps: bool

    def __bool__(self) -> bool:
        return bool(self.after) or self.party or self.steps


def found(file: CaseFile, entry: CaseFileIn, rows: Sequence[CaseStep], vault: Vault) -> News:
    """What `entry` changes in the file as it stands, whose steps are `rows`."""
    before, after = audit.changes({name: getattr(file, name) for name in COPIED}, {name: getattr(entry, name) for name in COPIED})
    kept = [_content(row.step, row.happened_on, row.note, row.fields) for row in rows]
    sent = [_content(row.step, row.happened_on, row.note, row.fields) for row in steps_of(file, entry, file.created_at)]
    return News(before, after, not parties.is_same(file, entry.party, vault), sorted(kept) != sorted(sent))


def _content(step: str, on: date, note: str | None, fields: Mapping[str, Any]) -> tuple[str, ...]:
    return (step, on.isoformat(), note or "", json.dumps(fields, sort_keys=True))


def steps_of(file: CaseFile, entry: CaseFileIn, now: datetime) -> list[CaseStep]:
    """The steps sent, and those that follow from the file's own days."""
    rows = [file_rows.step_row(file.id, step.step, step.on, now, step.note, step.facts()) for step in entry.steps]
    sent = {step.step for step in entry.steps}
    kept = contents.kept_days(entry).items()
    return rows + [file_rows.step_row(file.id, step, on, now) for step, on in kept if step not in sent]
