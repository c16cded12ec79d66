"""What entries need to know, read for a whole batch at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, tuple_

from services.cases_api.case_files import external
from services.cases_api.case_files.queries import rows
from services.cases_api.case_files.schemas.bodies import CaseFileIn
from services.cases_api.case_files.tables import CaseFile, CaseStep
from services.cases_api.case_numbers import queries as numbers
from services.cases_api.case_numbers.tables import CaseNumber
from services.kit import references
from services.kit.db import Session

ExternalKey = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Units, officers (with their districts), reserved numbers and earlier files that a batch speaks of."""

    units: dict[UUID, references.Unit]
    officers: dict[UUID, UUID]
    numbers: dict[UUID, CaseNumber]
    files: dict[ExternalKey, CaseFile]
    steps: dict[UUID, list[CaseStep]]

    def key(self, entry: CaseFileIn) -> ExternalKey | None:
        """By what an entry is known outside; None when it is not."""
        unit = self.units.get(entry.unit_id)
        if unit is None or entry.external_system is None or entry.external_id is None:
            return None
        return (unit.district_id, entry.external_system, entry.external_id)

    def earlier(self, entry: CaseFileIn) -> CaseFile | None:
        """The file that an earlier import of this entry came to."""
        key = self.key(entry)
        return None if key is None else self.files.get(key)


async def surroundings(session: Session, entries: Sequence[CaseFileIn]) -> Surroundings:
    """All of it in a handful of statements, however long the batch; numbers and earlier files are locked."""
    found = Surroundings(
        units=await references.some_units(session, {entry.unit_id for entry in entries}),
        officers=await external.officers(session, _named(entries)),
        numbers=await numbers.locked(session, {entry.case_number_id for entry in entries if entry.case_number_id}),
        files={},
        steps={},
    )
    keys = [key for entry in entries if (key := found.key(entry)) is not None]
    found.files.update(await _locked_files(session, keys))
    for step in await rows.steps(session, [file.id for file in found.files.values()]) if found.files else []:
        found.steps.setdefault(step.case_file_id, []).append(step)
    return found


def _named(entries: Sequence[CaseFileIn]) -> set[UUID]:
    """Every officer that files or their steps name."""
    acting = {officer_id for entry in entries for step in entry.steps for _, officer_id in step.officers_named()}
    return acting.union(*(entry.officers for entry in entries))


async def _locked_files(session: Session, keys: Collection[ExternalKey]) -> dict[ExternalKey, CaseFile]:
    if not keys:
        return {}
    columns = (CaseFile.district_id, CaseFile.external_system, CaseFile.external_id)
    statement = select(CaseFile).where(tuple_(*columns).in_(keys)).order_by(CaseFile.id).with_for_update()
    found = (await session.execute(statement)).scalars()
    return {(row.district_id, row.external_system or "", row.external_id or ""): row for row in found}
