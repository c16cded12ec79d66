"""Reads of discretion benchmarks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Date, and_, any_, bindparam, case, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from services.cases_api import access
from services.cases_api.discretion_benchmarks import rules
from services.cases_api.discretion_benchmarks.rules import State
from services.cases_api.discretion_benchmarks.tables import DiscretionBenchmark, LawChange
from services.kit import answers, errors, pagination, preconditions, reads, visibility
from services.kit.db import Session
from services.kit.principal import Principal

Row = DiscretionBenchmark
REACH: dict[str, Any] = {"district": Row.district_id, "unit": Row.unit_id}
NEWEST = pagination.Order((Row.in_force_from, Row.id))
PUBLIC = [state.value for state in sorted(rules.FILABLE)]
TODAY = bindparam("today", None, type_=Date())


def visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter: what is public within the district, drafts of the units one may write for, all for the bureau."""
    in_district = visibility.within(who, district=Row.district_id, unit=Row.unit_id)
    own = or_(visibility.under(who, access.BENCHMARKS_WRITE, **REACH), visibility.under(who, access.BENCHMARKS_RECEIVE, **REACH))
    return and_(in_district, or_(Row.state.in_(PUBLIC), own))


def in_force(day: Any) -> ColumnElement[bool]:
    """Versions that hold on a day, also those no longer in force today."""
    return and_(Row.state.in_(PUBLIC), Row.in_force_from <= day, or_(Row.in_force_to.is_(None), Row.in_force_to >= day))


def _due_on() -> ColumnElement[Any]:
    return func.cases.filing_due_on(Row.district_id, Row.published_on, type_=Date())


def _change_due_since() -> ColumnElement[Any]:
    """The first change of a law the version is founded on since it came into force; only what is in force is due."""
    changed = (
        LawChange.district_id == Row.district_id,
        LawChange.legal_basis == any_(Row.legal_bases),
        LawChange.changed_on > Row.in_force_from,
    )
    since = select(func.min(LawChange.changed_on)).where(*changed).correlate(Row).scalar_subquery()
    return case((Row.state == State.PUBLISHED.value, since), else_=None)


def _filing() -> ColumnElement[Any]:
    late = func.coalesce(Row.filed_on, TODAY) > _due_on()
    state = case(
        (Row.published_on.is_(None), "not_due"),
        (Row.received_on.is_not(None), "received"),
        (and_(Row.filed_on.is_not(None), late), "filed_late"),
        (Row.filed_on.is_not(None), "filed"),
        (late, "late"),
        else_="owed",
    )
    return answers.json_object(
        {
            "state": state,
            "due_on": _due_on(),
            "filed_on": Row.filed_on,
            "lag_days": Row.filed_on - Row.published_on,
            "received_on": Row.received_on,
            "filing_no": Row.filing_no,
            "opinion": Row.opinion,
            "opinion_text": Row.opinion_text,
        }
    )


def body(who: Principal) -> ColumnElement[Any]:
    """A version as this caller sees it."""
    return answers.json_object(
        {
            "id": Row.id,
            "district_id": Row.district_id,
            "unit_id": Row.unit_id,
            "item": Row.item,
            "title": Row.title,
            "legal_bases": func.to_json(Row.legal_bases),
            "zero_range": Row.zero_range,
            "bands": Row.bands,
            "trigger": Row.trigger,
            "trigger_note": Row.trigger_note,
            "replaces_id": Row.replaces_id,
            "in_force_from": Row.in_force_from,
            "in_force_to": Row.in_force_to,
            "state": Row.state,
            "published_on": Row.published_on,
            "public_address": Row.public_address,
            "filing": _filing(),
            "change_due_since": _change_due_since(),
            "attachment_ids": func.to_json(Row.attachment_ids),
            "allowed_actions": answers.allowed_actions(_allowed(who)),
            "version": Row.version,
            "created_at": answers.moment(Row.created_at),
        }
    )


def _allowed(who: Principal) -> dict[str, ColumnElement[bool]]:
    write, decide, receive = (
        visibility.under(who, right, **REACH)
        for right in (access.BENCHMARKS_WRITE, access.BENCHMARKS_PUBLISH, access.BENCHMARKS_RECEIVE)
    )
    states = {verb: Row.state.in_([state.value for state in moves]) for verb, moves in rules.MOVES.items()}
    return {
        "change": states["change"] & write,
        "publish": states["publish"] & decide & (func.jsonb_array_length(Row.bands) > 0),
        "drop": states["drop"] & decide,
        "repeal": states["repeal"] & decide,
        "file": Row.state.in_(PUBLIC) & Row.filed_on.is_(None) & decide,
        "receive": Row.filed_on.is_not(None) & Row.received_on.is_(None) & receive,
    }


def _owed(value: Any) -> ColumnElement[bool]:
    owed = and_(Row.published_on.is_not(None), Row.filed_on.is_(None))
    return owed.is_not_distinct_from(value)


BENCHMARKS = reads.Listing(
    body=body,
    visible_to=visible_to,
    orders={"-in_force_from": NEWEST, "in_force_from": pagination.Order(NEWEST.columns, descending=False)},
    filters={
        "unit_id": reads.equals(Row.unit_id),
        "item": reads.equals(Row.item),
        "state": reads.equals(Row.state),
        "in_force_on": reads.Filter(Date(), in_force),
        "change_due": reads.Filter(Boolean(), lambda value: _change_due_since().is_not(None) == value),
        "filing_owed": reads.Filter(Boolean(), _owed),
    },
)
BENCHMARK = reads.Single(body=body, version=Row.version, key=Row.id, visible_to=visible_to)


async def one_for_update(session: Session, who: Principal, benchmark_id: UUID, version: int) -> DiscretionBenchmark:
    """The row within the caller's reach for this right, locked; NotFound, Stale."""
    own = visibility.within(who, district=Row.district_id, unit=Row.unit_id)
    statement = select(Row).where(Row.id == benchmark_id, own).with_for_update()
    found: DiscretionBenchmark | None = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise errors.NotFound
    preconditions.expect(found.version, version)
    return found


async def replaced(session: Session, unit_id: UUID, item: str, benchmark_id: UUID | None) -> DiscretionBenchmark | None:
    """The version to be replaced, of the same unit and item, locked; None when there is none such."""
    if benchmark_id is None:
        return None
    same = (Row.id == benchmark_id, Row.unit_id == unit_id, Row.item == item)
    found: DiscretionBenchmark | None = (await session.execute(select(Row).where(*same).with_for_update())).scalar_one_or_none()
    return found


async def beside(session: Session, version: DiscretionBenchmark) -> int:
    """How many other versions of the same item are in force on a day of this one; the one it replaces does not count."""
    other = aliased(Row)
    days = func.daterange(other.in_force_from, other.in_force_to, "[]").op("&&")(
        func.daterange(cast(literal(version.in_force_from), Date), cast(literal(version.in_force_to), Date), "[]")
    )
    same = (other.unit_id == version.unit_id, other.item == version.item, other.id != version.id)
    counted = select(func.count()).select_from(other).where(*same, other.state == State.PUBLISHED.value, days)
    if version.replaces_id is not None:
        counted = counted.where(other.id != version.replaces_id)
    return int((await session.execute(counted)).scalar_one())


async def lock_item(session: Session, unit_id: UUID, item: str) -> None:
    """One publication at a time of a unit's item."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"benchmark {unit_id} {item}", 0))))


def changes_visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of changes of law."""
    return visibility.within(who, district=LawChange.district_id)


def _benchmarks_due() -> ColumnElement[int]:
    founded = (
        Row.district_id == LawChange.district_id,
        Row.state == State.PUBLISHED.value,
        LawChange.legal_basis == any_(Row.legal_bases),
        Row.in_force_from < LawChange.changed_on,
    )
    return select(func.count()).select_from(Row).where(*founded).correlate(LawChange).scalar_subquery()


CHANGE_BODY = answers.json_object(
    {
        "id": LawChange.id,
        "district_id": LawChange.district_id,
        "legal_basis": LawChange.legal_basis,
        "changed_on": LawChange.changed_on,
        "note": LawChange.note,
        "benchmarks_due": _benchmarks_due(),
        "created_by": LawChange.created_by,
        "created_at": answers.moment(LawChange.created_at),
    }
)
LATEST = pagination.Order((LawChange.changed_on, LawChange.id))
LAW_CHANGES = reads.Listing(
    body=CHANGE_BODY,
    visible_to=changes_visible_to,
    orders={"-changed_on": LATEST, "changed_on": pagination.Order(LATEST.columns, descending=False)},
    filters={"legal_basis": reads.equals(LawChange.legal_basis)},
)
LAW_CHANGE = reads.Single(body=CHANGE_BODY, version=literal(1), key=LawChange.id, visible_to=changes_visible_to)


async def is_known(session: Session, district_id: UUID, legal_basis: str, changed_on: Any) -> bool:
    """Whether this change of law stands there already."""
    same = (LawChange.district_id == district_id, LawChange.legal_basis == legal_basis, LawChange.changed_on == changed_on)
    return bool((await session.execute(select(exists().where(*same)))).scalar_one())
