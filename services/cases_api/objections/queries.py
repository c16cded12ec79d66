"""Reads and locks of objections, and who was involved in a result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, CompoundSelect, Integer, and_, literal, or_, select, union

from services.cases_api import access
from services.cases_api.arbitrations.tables import Arbitration
from services.cases_api.objections import rules
from services.cases_api.objections.schemas import ObjectionFilter
from services.cases_api.objections.tables import Objection
from services.cases_api.results.tables import Result
from services.cases_api.review_assignments.tables import ReviewAssignment
from services.kit import answers, errors, pagination, preconditions, references, visibility
from services.kit.db import Reader, Session
from services.kit.principal import Principal, Role
from services.kit.rights import Right

ACCOUNTS, UNITS = references.accounts, references.units
VERBS: Mapping[str, Right] = {
    "assign": access.OBJECTIONS_ASSIGN,
    "uphold": access.OBJECTIONS_DECIDE,
    "reject": access.OBJECTIONS_DECIDE,
    "withdraw": access.OBJECTIONS_FILE,
}


def body(who: Principal) -> ColumnElement[Any]:
    """The objection as the caller reads it."""
    plain = (
        "id", "district_id", "unit_id", "result_id", "case_file_id", "text", "state", "filed_by", "decide_by", "decider_id",
        "decision", "grade_before", "version",
    )  # fmt: skip
    return answers.json_object(
        {name: getattr(Objection, name) for name in plain}
        | {
            "filed_at": answers.moment(Objection.filed_at),
            "decided_at": answers.moment(Objection.decided_at),
            "sheet": Objection.content,
            "total_before": answers.hours(Objection.total_before),
            "allowed_actions": answers.allowed_actions({verb: _may(who, verb) for verb in VERBS}),
        }
    )


def _may(who: Principal, verb: str) -> ColumnElement[bool]:
    mine = and_(Objection.decider_id.is_not(None), Objection.decider_id == who.account_id)
    place = {"district": Objection.district_id, "unit": Objection.unit_id, "assigned": mine}
    reached = visibility.under(who, VERBS[verb], **place)
    if verb in {"uphold", "reject"}:
        reached = and_(reached, mine)
    return and_(Objection.state.in_(list(rules.MOVES[verb])), reached)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter: the bureau's district, the unit's own, and whoever decides."""
    mine = Objection.decider_id == who.account_id
    return visibility.within(who, district=Objection.district_id, unit=Objection.unit_id, assigned=mine)


async def page(read: Reader, who: Principal, wanted: ObjectionFilter, start: pagination.Start | None) -> pagination.Page:
    """A page of objections by the time they were filed."""
    named = wanted.model_dump(exclude={"limit", "cursor", "count", "sort"}, exclude_none=True)
    filters = [getattr(Objection, name) == value for name, value in named.items()]
    order = pagination.Order((Objection.filed_at, Objection.id), descending=wanted.sort.startswith("-"))
    return await pagination.read(read, select(body(who)).where(visible_to(who), *filters), order, wanted, start)


async def one(connection: Reader | Session, who: Principal, objection_id: UUID) -> answers.One:
    """One objection; NotFound also when the caller may not see it."""
    found = select(body(who), Objection.version).where(Objection.id == objection_id, visible_to(who))
    return await answers.read_one(connection, found)


async def one_for_update(session: Session, who: Principal, objection_id: UUID, version: int) -> Objection:
    """The row, locked; NotFound, Stale."""
    statement = select(Objection).where(Objection.id == objection_id, visible_to(who)).with_for_update()
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def is_filed(session: Session, result_id: UUID) -> bool:
    """Whether the result has been objected to."""
    found = select(literal(1, Integer)).where(Objection.result_id == result_id)
    return (await session.execute(found)).scalar_one_or_none() is not None


async def involved(session: Session, result: Result) -> set[UUID]:
    """Everybody who has or had the file in the round, to review or to arbitrate."""
    same = (ReviewAssignment.round_id == result.round_id, ReviewAssignment.case_file_id == result.case_file_id)
    third = (Arbitration.round_id == result.round_id, Arbitration.case_file_id == result.case_file_id)
    people: CompoundSelect[Any] = union(
        select(ReviewAssignment.account_id).where(*same),
        select(Arbitration.account_id).where(*third, Arbitration.account_id.is_not(None)),
    )
    return set((await session.execute(people)).scalars())


async def may_decide(session: Session, district_id: UUID, account_id: UUID) -> bool:
    """Whether this is an active account of the district, of the bureau or a reviewer's."""
    roles = or_(*(ACCOUNTS.c.roles.contains([role.value]) for role in (Role.BUREAU, Role.REVIEWER)))
    found = select(ACCOUNTS.c.id).join(UNITS, UNITS.c.id == ACCOUNTS.c.unit_id)
    found = found.where(ACCOUNTS.c.id == account_id, ACCOUNTS.c.active, UNITS.c.district_id == district_id, roles)
    return (await session.execute(found)).scalar_one_or_none() is not None
