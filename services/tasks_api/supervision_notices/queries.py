"""Reads of supervision notices, and the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Uuid, and_, bindparam, case, exists, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.dialects.postgresql import insert as upsert

from services.kit import answers, db, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.assignments import queries as assignments
from services.tasks_api.assignments.tables import Assignment
from services.tasks_api.supervision_notices import rules
from services.tasks_api.supervision_notices.rules import Kind, State, Verb
from services.tasks_api.supervision_notices.tables import SupervisionNotice, SupervisionNoticeCounter, SupervisionNoticeItem

TODAY: Final = bindparam("today", None, type_=Date())
ITEM: Final = answers.json_object({"assignment_id": SupervisionNoticeItem.assignment_id, "due_on": SupervisionNoticeItem.due_on})
ITEMS: Final = (
    select(
        func.coalesce(
            func.json_agg(aggregate_order_by(ITEM, SupervisionNoticeItem.due_on, SupervisionNoticeItem.assignment_id)),
            literal_column("'[]'::json"),
        )
    )
    .where(SupervisionNoticeItem.notice_id == SupervisionNotice.id)
    .correlate(SupervisionNotice)
    .scalar_subquery()
)


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of notices: those to units in sight; circulars are seen by the whole district."""
    sight = visibility.within(who, district=SupervisionNotice.district_id, unit=SupervisionNotice.unit_id)
    if who.district_id is None:
        return sight
    known = and_(SupervisionNotice.kind == Kind.CIRCULAR, SupervisionNotice.district_id == visibility.my_district(who))
    return or_(sight, known)


def body(who: Principal) -> ColumnElement[Any]:
    """A notice as JSON for this caller."""
    row = SupervisionNotice
    late = func.coalesce(row.first_replied_on, TODAY) > row.reply_due_on
    return answers.json_object(
        {
            "id": row.id,
            "district_id": row.district_id,
            "unit_id": row.unit_id,
            "kind": row.kind,
            "number": row.number,
            "title": row.title,
            "text": row.text,
            "state": row.state,
            "step": row.step,
            "items": ITEMS,
            "issued_on": row.issued_on,
            "issued_at": answers.moment(row.issued_at),
            "issued_by_name": row.issued_by_name,
            "reply_due_on": row.reply_due_on,
            "reply_late": case((row.state == State.VOID, False), else_=func.coalesce(late, False)),
            "reply": row.reply,
            "reply_attachment_ids": row.reply_attachment_ids,
            "replied_by_name": row.replied_by_name,
            "replied_at": answers.moment(row.replied_at),
            "first_replied_on": row.first_replied_on,
            "decision_note": row.decision_note,
            "decided_by_name": row.decided_by_name,
            "decided_at": answers.moment(row.decided_at),
            "allowed_actions": answers.allowed_actions({verb.value: _allows(who, verb) for verb in Verb}),
            "version": row.version,
        }
    )


def _allows(who: Principal, verb: Verb) -> ColumnElement[bool]:
    row = SupervisionNotice
    reach = visibility.under(who, access.NOTICE_MOVES[verb], district=row.district_id, unit=row.unit_id)
    wanted = row.kind == Kind.NOTICE if verb is not Verb.VOID else literal_column("true")
    return and_(row.state.in_(rules.sources(verb)), wanted, reach)


def _about(assignment_id: Any) -> ColumnElement[bool]:
    item = SupervisionNoticeItem
    return exists().where(item.notice_id == SupervisionNotice.id, item.assignment_id == assignment_id)


ORDER: Final = (SupervisionNotice.issued_at, SupervisionNotice.id)
NOTICES: Final = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-issued_at": pagination.Order(ORDER), "issued_at": pagination.Order(ORDER, descending=False)},
    filters={
        "kind": reads.equals(SupervisionNotice.kind),
        "state": reads.equals(SupervisionNotice.state),
        "unit_id": reads.equals(SupervisionNotice.unit_id),
        "assignment_id": reads.Filter(Uuid(), _about),
        "year": reads.equals(SupervisionNotice.year),
        "reply_due_on__lte": reads.at_most(SupervisionNotice.reply_due_on),
    },
)
NOTICE: Final = reads.Single(body=body, version=SupervisionNotice.version, key=SupervisionNotice.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, notice_id: UUID, version: int) -> SupervisionNotice:
    """The row, locked; NotFound, Stale."""
    found = select(SupervisionNotice).where(SupervisionNotice.id == notice_id, visible_to(who)).with_for_update()
    notice = (await session.execute(found)).scalar_one_or_none()
    if notice is None:
        raise errors.NotFound
    preconditions.expect(notice.version, version)
    return notice


async def next_sequence(session: Session, district_id: UUID, kind: Kind, year: int) -> int:
    """The next number; whoever takes one holds the counter until its transaction ends, so a rollback leaves no gap."""
    counter = SupervisionNoticeCounter
    made = upsert(counter).values(district_id=district_id, kind=kind.value, year=year, last=1)
    taken = made.on_conflict_do_update(
        index_elements=[counter.district_id, counter.kind, counter.year], set_={"last": counter.last + 1}
    )
    return int((await session.execute(taken.returning(counter.last))).scalar_one())


async def add_items(session: Session, notice_id: UUID, found: Sequence[Any]) -> None:
    """Names the assignments a notice is about, with their dates."""
    rows = [{"notice_id": notice_id, "assignment_id": row.id, "due_on": row.due_on} for row in found]
    await db.copy_rows(session, SupervisionNoticeItem.__table__, rows)


async def assignments_of(session: Session, who: Principal, unit_id: UUID, ids: Sequence[UUID]) -> dict[UUID, Any]:
    """Assignments of a unit by id, locked in share so that none is suspended meanwhile."""
    sight = access.ASSIGNMENTS_READ.admit(who)
    found = select(Assignment.id, Assignment.due_on, Assignment.state).where(
        Assignment.id.in_(ids), Assignment.unit_id == unit_id, assignments.visible_to(sight)
    )
    return {row.id: row for row in (await session.execute(found.with_for_update(read=True))).all()}
