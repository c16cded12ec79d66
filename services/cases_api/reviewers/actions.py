"""What the bureau does with the pool of reviewers."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.reviewers import queries, rules
from services.cases_api.reviewers.schemas import FormerUnitIn, ReviewerChange, ReviewerIn
from services.cases_api.reviewers.tables import ReviewerRow
from services.kit import audit, errors, ids
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "reviewer"
_tell: Final = Trail(OBJECT, access.REVIEWERS_READ, unit=None, person="account_id").tell


async def create(session: Session, who: Principal, wanted: ReviewerIn, now: datetime) -> ReviewerRow:
    """Takes an account into the pool. Raises BadInput, AlreadyListed."""
    assert who.district_id is not None
    known = await queries.units_known(session, who.district_id)
    faults = [
        *rules.absence_faults(wanted.absent_from, wanted.absent_to),
        *rules.former_unit_faults(_former(wanted.former_units), known),
    ]
    if not await queries.is_reviewer(session, who.district_id, wanted.account_id):
        faults.append(errors.Fault("/body/account_id", "not_found"))
    if faults:
        raise errors.BadInput(*faults)
    if await queries.is_listed(session, who.district_id, wanted.account_id):
        raise rules.AlreadyListed
    row = ReviewerRow(
        id=ids.new_id(), district_id=who.district_id, is_active=True, created_by=who.account_id, created_at=now,
        **wanted.model_dump(exclude={"former_units"}), former_units=_stored(wanted.former_units),
    )  # fmt: skip
    session.add(row)
    await session.flush()
    _tell(session, who, row, "listed", {}, wanted.model_dump(mode="json", exclude_none=True))
    return row


async def change(session: Session, who: Principal, reviewer_id: UUID, version: int, wanted: ReviewerChange) -> ReviewerRow:
    """Changes what is known of a reviewer. Raises NotFound, Stale, BadInput."""
    row = await queries.one_for_update(session, who, reviewer_id, version)
    sent = wanted.model_dump(exclude_unset=True)
    if wanted.former_units is not None:
        sent["former_units"] = _stored(wanted.former_units)
    sent = {name: value for name, value in sent.items() if value is not None or name.startswith(("absent", "officer"))}
    known = await queries.units_known(session, row.district_id)
    absence = (sent.get("absent_from", row.absent_from), sent.get("absent_to", row.absent_to))
    faults = [*rules.absence_faults(*absence), *rules.former_unit_faults(_former(wanted.former_units or []), known)]
    if faults:
        raise errors.BadInput(*faults)
    before, after = audit.changes({name: getattr(row, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(row, name, value)
    await session.flush()
    _tell(session, who, row, "changed", before, after)
    return row


def _former(given: list[FormerUnitIn]) -> list[rules.FormerUnit]:
    return [rules.FormerUnit(each.unit_id, each.until) for each in given]


def _stored(given: list[FormerUnitIn]) -> list[dict[str, Any]]:
    return [each.model_dump(mode="json") for each in given]
