"""Reads of mappings, and of the finished reviews that a new rubric is tried on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from services.cases_api.case_files.tables import CaseFile
from services.cases_api.review_assignments.rules import State
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.cases_api.review_campaigns.tables import ReviewCampaign
from services.cases_api.review_rounds import rules as rounds
from services.cases_api.review_rounds.tables import ReviewRound
from services.cases_api.reviews import queries as reviews
from services.cases_api.reviews.tables import Review
from services.cases_api.rubric_mappings.schemas import WhatIfFilter
from services.cases_api.rubric_mappings.tables import RubricMapping
from services.cases_api.rubrics import queries as rubrics
from services.cases_api.rubrics.tables import Rubric
from services.kit import errors, pagination
from services.kit.db import Reader, Session
from services.kit.principal import Principal


@dataclass(frozen=True, slots=True)
class Pair:
    """A rubric and the one it replaces; contents as stored."""

    new_id: UUID
    old_id: UUID | None
    new: dict[str, Any]
    old: dict[str, Any] | None


async def pair(connection: Reader | Session, who: Principal, rubric_id: UUID) -> Pair:
    """The rubric with its predecessor; NotFound also when the caller may not see it."""
    found = select(Rubric.replaces_id, Rubric.content).where(Rubric.id == rubric_id, rubrics.visible_to(who))
    row = (await connection.execute(found)).one_or_none()
    if row is None:
        raise errors.NotFound
    old = select(Rubric.content).where(Rubric.id == row.replaces_id)
    return Pair(rubric_id, row.replaces_id, row.content, (await connection.execute(old)).scalar_one_or_none())


async def stored(connection: Reader | Session, rubric_id: UUID) -> Any:
    """The mapping's row as stored: content, changed_at, version; None when there is none."""
    columns = (RubricMapping.content, RubricMapping.changed_at, RubricMapping.version)
    return (await connection.execute(select(*columns).where(RubricMapping.id == rubric_id))).one_or_none()


async def one_for_update(session: Session, rubric_id: UUID) -> RubricMapping | None:
    """The mapping, locked; None when there is none."""
    statement = select(RubricMapping).where(RubricMapping.id == rubric_id).with_for_update()
    return (await session.execute(statement)).scalar_one_or_none()


async def finished(
    read: Reader, who: Principal, old_rubric_id: UUID | None, wanted: WhatIfFilter, start: pagination.Start | None
) -> list[Any]:
    """One page and one more of the submitted reviews of shown rounds under the old rubric, oldest first."""
    columns = {
        "id": ReviewAssignment.id,
        "created_at": ReviewAssignment.created_at,
        "round_id": ReviewAssignment.round_id,
        "case_file_id": ReviewAssignment.case_file_id,
        "unit_id": ReviewAssignment.unit_id,
        "kind": CaseFile.kind,
        "procedure": CaseFile.procedure,
        "content": Review.content,
        "total": Review.total_hundredths,
        "grade": Review.grade,
    }
    shown = (ReviewAssignment.state == State.SUBMITTED, ReviewRound.state.in_(rounds.SHOWN))
    found = reviews.joined(*(column.label(name) for name, column in columns.items()))
    found = found.join(CaseFile, CaseFile.id == ReviewAssignment.case_file_id)
    found = found.where(ReviewCampaign.rubric_id == old_rubric_id, *shown, reviews.visible_to(who))
    named = {"round_id": ReviewAssignment.round_id, "campaign_id": ReviewRound.campaign_id, "unit_id": ReviewAssignment.unit_id}
    for name, column in named.items():
        if (value := getattr(wanted, name)) is not None:
            found = found.where(column == value)
    order = pagination.Order((ReviewAssignment.created_at, ReviewAssignment.id), descending=False)
    if start is not None:
        found = found.where(pagination.behind(order, pagination.typed(order, start)))
    found = found.order_by(*(column.asc() for column in order.elements)).limit(wanted.limit + 1)
    return list((await read.execute(found)).mappings())
