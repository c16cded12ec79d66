"""Reads and locks of guidances."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ColumnElement, ScalarSelect, and_, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.cases_api import access
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.guidance_rounds.external import DAYS, GRANTED_CASES
from services.cases_api.guidances import rules
from services.cases_api.guidances.rules import How, State
from services.cases_api.guidances.tables import Guidance, GuidanceVisit
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.kit.rights import Right

VERBS: Mapping[str, Right] = {
    "change": access.GUIDANCES_WRITE,
    "visit": access.GUIDANCES_WRITE,
    "finish": access.GUIDANCES_WRITE,
    "reopen": access.GUIDANCES_CHOOSE,
    "void": access.GUIDANCES_CHOOSE,
}
PLAIN = (
    "id", "district_id", "unit_id", "case_unit_id", "round_id", "case_file_id", "year", "how", "reason", "state", "outcome",
    "summary", "finished_on", "void_reason", "created_by", "version",
)  # fmt: skip
CASE = answers.json_object(
    {
        name: getattr(CaseFile, name)
        for name in ("case_no", "kind", "procedure", "state", "item", "item_code", "filed_on", "decided_on", "closed_on")
    }
)
VISIT = answers.json_object(
    {name: getattr(GuidanceVisit, name) for name in ("id", "visited_on", "form", "advice", "response", "recorded_by")}
    | {"recorded_at": answers.moment(GuidanceVisit.recorded_at)}
)


def _visits(column: Any) -> ScalarSelect[Any]:
    mine = GuidanceVisit.guidance_id == Guidance.id
    return select(column).where(mine).correlate(Guidance).scalar_subquery()


def row_for(who: Principal) -> ColumnElement[Any]:
    """A guidance as it stands in lists."""
    return answers.json_object(_fields(who))


def body_for(who: Principal) -> ColumnElement[Any]:
    """A guidance with its visits."""
    listed = func.json_agg(aggregate_order_by(VISIT, GuidanceVisit.visited_on, GuidanceVisit.id))
    advice = func.coalesce(_visits(listed), func.json_build_array(), type_=JSON)
    return answers.json_object(_fields(who) | {"advice": advice})


def _fields(who: Principal) -> dict[str, Any]:
    return {name: getattr(Guidance, name) for name in PLAIN} | {
        "case": CASE,
        "guides": func.to_json(Guidance.guides),
        "visits": _visits(func.count()),
        "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
        "created_at": answers.moment(Guidance.created_at),
        "updated_at": answers.moment(Guidance.updated_at),
    }


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    reached = visibility.under(who, VERBS[verb], district=Guidance.district_id, unit=Guidance.unit_id)
    allowed = and_(Guidance.state.in_(sorted(rules.MOVES[verb])), reached)
    return and_(allowed, Guidance.how == How.CHOSEN) if verb == "void" else allowed


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of guidances: of the department that guides, and of the unit whose case it is."""
    return or_(
        visibility.within(who, district=Guidance.district_id, unit=Guidance.unit_id),
        visibility.within(who, unit=Guidance.case_unit_id),
    )


def _with_case(statement: Any) -> Any:
    return statement.join(CaseFile, CaseFile.id == Guidance.case_file_id)


GUIDANCES = reads.Listing(
    body=row_for,
    visible_to=visible_to,
    orders={
        "-created_at": pagination.Order((Guidance.created_at, Guidance.id)),
        "created_at": pagination.Order((Guidance.created_at, Guidance.id), descending=False),
    },
    filters={
        name: reads.equals(getattr(Guidance, name))
        for name in ("unit_id", "case_unit_id", "round_id", "case_file_id", "year", "how", "state")
    },
    source=_with_case,
)
GUIDANCE = reads.Single(body=body_for, version=Guidance.version, key=Guidance.id, visible_to=visible_to, source=_with_case)


async def one_for_update(session: Session, who: Principal, guidance_id: UUID, version: int) -> Guidance:
    """The row, locked, of a department within the caller's reach; NotFound, Stale."""
    reach = visibility.within(who, district=Guidance.district_id, unit=Guidance.unit_id)
    statement = select(Guidance).where(Guidance.id == guidance_id, reach).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def of_round(session: Session, round_id: UUID) -> Sequence[Guidance]:
    """What a round's draw has put under guidance and is not void, locked."""
    mine = (Guidance.round_id == round_id, Guidance.state != State.VOID)
    return (await session.execute(select(Guidance).where(*mine).order_by(Guidance.id).with_for_update())).scalars().all()


async def granted_case(session: Session, unit_id: UUID, case_file_id: UUID, basis: str) -> tuple[UUID, int] | None:
    """The unit and year of a case on an item this department granted that it does not guide yet; None otherwise."""
    case = GRANTED_CASES.c
    guided = select(Guidance.id).where(
        Guidance.unit_id == unit_id, Guidance.case_file_id == case_file_id, Guidance.state != State.VOID
    )
    found = (
        select(CaseFile.unit_id, func.coalesce(DAYS[basis], case.filed_on))
        .join(GRANTED_CASES, case.case_file_id == CaseFile.id)
        .where(CaseFile.id == case_file_id, case.department_id == unit_id, ~guided.exists())
        .limit(1)
    )
    row = (await session.execute(found)).one_or_none()
    return (row[0], row[1].year) if row else None


async def filed_on(session: Session, case_file_id: UUID) -> date:
    """The day the case was filed."""
    return (await session.execute(select(CaseFile.filed_on).where(CaseFile.id == case_file_id))).scalar_one()


async def last_visit_on(session: Session, guidance_id: UUID) -> date:
    """The day of the last visit of a guidance under way."""
    found = select(func.max(GuidanceVisit.visited_on)).where(GuidanceVisit.guidance_id == guidance_id)
    return (await session.execute(found)).scalar_one()


async def visit(session: Session, guidance_id: UUID, visit_id: UUID) -> GuidanceVisit:
    """A visit of this guidance; NotFound."""
    mine = (GuidanceVisit.id == visit_id, GuidanceVisit.guidance_id == guidance_id)
    found = (await session.execute(select(GuidanceVisit).where(*mine))).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    return found


async def case_units(session: Session, case_file_ids: Sequence[UUID]) -> dict[UUID, UUID]:
    """The unit of each of these cases."""
    rows = await session.execute(select(CaseFile.id, CaseFile.unit_id).where(CaseFile.id.in_(case_file_ids)))
    return {row[0]: row[1] for row in rows}
