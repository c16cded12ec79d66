"""Reads of inspection proposals.

What obligation O13a measures: a row of the unit and year that is not withdrawn; in time when not `late`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select

from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.inspection_proposals.rules import State, Verb
from services.tasks_api.inspection_proposals.tables import InspectionProposal

PLAIN: Final = (
    "id", "district_id", "unit_id", "year", "object_name", "object_code", "content", "basis", "first_on", "last_on",
    "submitted_on", "late", "late_reason", "state", "created_by_name", "version",
)  # fmt: skip


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of proposals: everybody of the district, so that departments see what others mean to do."""
    return visibility.within(who, district=InspectionProposal.district_id)


def body(who: Principal) -> ColumnElement[Any]:
    """A proposal as JSON for this caller."""
    row = InspectionProposal
    reach = visibility.under(who, access.PROPOSALS_WRITE, district=row.district_id, unit=row.unit_id)
    return answers.json_object(
        {name: getattr(row, name) for name in PLAIN}
        | {
            "created_at": answers.moment(row.created_at),
            "allowed_actions": answers.allowed_actions({Verb.WITHDRAW.value: and_(row.state == State.PROPOSED, reach)}),
        }
    )


ORDER: Final = (InspectionProposal.created_at, InspectionProposal.id)
PROPOSALS: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-created_at": pagination.Order(ORDER), "created_at": pagination.Order(ORDER, descending=False)},
    filters={name: reads.equals(getattr(InspectionProposal, name)) for name in ("unit_id", "year", "state", "late")},
)
PROPOSAL: Final = reads.Single(body=body, version=InspectionProposal.version, key=InspectionProposal.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, proposal_id: UUID, version: int) -> InspectionProposal:
    """The row, locked; NotFound, Stale."""
    found = select(InspectionProposal).where(InspectionProposal.id == proposal_id, visible_to(who)).with_for_update()
    proposal = (await session.execute(found)).scalar_one_or_none()
    if proposal is None:
        raise errors.NotFound
    preconditions.expect(proposal.version, version)
    return proposal


async def of_year(session: Session, district_id: UUID, year: int) -> Sequence[InspectionProposal]:
    """Proposals of a year that were not taken back, locked, by object and first day."""
    row = InspectionProposal
    found = select(row).where(row.district_id == district_id, row.year == year, row.state != State.WITHDRAWN)
    return (await session.execute(found.order_by(row.object_key, row.first_on, row.id).with_for_update())).scalars().all()
