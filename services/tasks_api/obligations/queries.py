"""Reads of obligations: measured now, or as they were recorded."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final, NamedTuple
from typing import cast as cast_type
from uuid import UUID

from sqlalchemy import (
    JSON,
    BigInteger,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    Subquery,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    false,
    func,
    insert,
    literal,
    literal_column,
    or_,
    select,
    text,
)
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by, distinct_on

from services.kit import answers, clock, errors, pagination, reads, visibility
from services.kit.db import Reader, Session, fetch
from services.kit.principal import Principal
from services.kit.references import units
from services.tasks_api.obligations import external, rules
from services.tasks_api.obligations.external import records
from services.tasks_api.obligations.external.readings import of_obligations
from services.tasks_api.obligations.rules import Status
from services.tasks_api.obligations.tables import Declaration, ObligationValue, Recording
from services.tasks_api.plans.rules import State as PlanState
from services.tasks_api.plans.tables import Plan
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import Obligations, TimeWords

YEAR: Final = bindparam("owed_year", None, type_=Integer())
TODAY: Final = bindparam("today", None, type_=Date())
WARN: Final = bindparam("warn_days", None, type_=Integer())
AS_OF: Final = bindparam("as_of", None, type_=DateTime(timezone=True))
START: Final = bindparam("start", None, type_=DateTime(timezone=True))
START_DAY: Final = bindparam("start_day", None, type_=Date())
DISTRICT: Final = bindparam("who_district_id", None, type_=Uuid())
READINGS: Final = bindparam("readings", None, type_=Text())
# The shipped settings hold from this day on.
FIRST_SETTINGS: Final = date(2020, 1, 1)
MONTHS: Final[Mapping[str, int]] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12, "none": 0}
ORDER: Final[ColumnElement[Any]] = literal_column("ARRAY['" + "','".join(each.id for each in rules.OBLIGATIONS) + "']")
DEFINITIONS: Final = json.dumps(
    {each.id: {name: value for name, value in asdict(each).items() if name != "declarable"} for each in rules.OBLIGATIONS},
    ensure_ascii=False,
)
EMPTY: Final[ColumnElement[Any]] = literal_column("'[]'::json")
# What is told of reports until they are sent. It changes what is under way (O21b), no value, threshold or day.
DRAWING_UP: Final = ["report.asked", "report.gathered", "report.changed", "report.approved", "report.voided"]
CHANGES_MARK: Final = """
    WITH mark AS MATERIALIZED (SELECT kit.before_open_changes() AS since)
    SELECT since, kit.count_changes($1, since), kit.count_changes($1, since, $2) FROM mark
"""
DECLARABLE: Final = tuple(each.id for each in rules.OBLIGATIONS if each.declarable)


@dataclass(frozen=True, slots=True)
class Asked:
    """A year, the day its states are told for, and how the plan's open words are read."""

    owed_year: int
    today: date
    warn_days: int
    summary_months: int
    report_months: int
    years_before: int
    publicity_days: int | None
    as_of: datetime | None = None

    @property
    def places(self) -> dict[str, Any]:
        """By the names the statements know."""
        return asdict(self) | {"first_day": date(self.owed_year, 1, 1), "last_day": date(self.owed_year, 12, 31)}


async def asked(read: Reader | Session, district_id: UUID | None, year: int, as_of: datetime | None, now: datetime) -> Asked:
    """The places of a question; NotFound for a caller of no district."""
    if district_id is None:
        raise errors.NotFound
    today = clock.local_day(as_of or now)
    known = {row.key: row.value for row in await settings.in_force(read, district_id, _day_of(year, today), as_of)}
    told, words = Obligations.model_validate(known[Obligations.KEY]), TimeWords.model_validate(known[TimeWords.KEY])
    months = MONTHS[told.summary_period], MONTHS[told.report_period]
    years_before = int(words.before_year_yearly == "year_before")
    return Asked(year, today, told.warn_days, *months, years_before, words.publicity_days, as_of)


def _day_of(year: int, today: date) -> date:
    """The day whose settings a year is measured by: a year that is over keeps those of its last day."""
    return today if year >= today.year else max(date(year, 12, 31), FIRST_SETTINGS)


async def readings(read: Reader, who: Principal, question: Asked) -> str:
    """By obligation the settings it is measured by, as JSON text."""
    assert who.district_id is not None
    day = _day_of(question.owed_year, question.today)
    return await of_obligations(read, rules.SETTINGS, who.district_id, day, question.owed_year, question.as_of)


@cache
def _latest() -> Subquery:
    """The number each unit declared last."""
    row = Declaration
    order = (row.unit_id, row.obligation, row.declared_at.desc(), row.id.desc())
    same = (row.district_id == DISTRICT, row.year == YEAR)
    found = select(row.unit_id, row.obligation, row.value).where(*same)
    return found.ext(distinct_on(row.unit_id, row.obligation)).order_by(*order).subquery("declared")


@cache
def now(*, beside: bool = False) -> Subquery:
    """What is measured now; a declared number stands where no record does. `beside`: what is owed by nobody as well."""
    found, told = external.measured(beside=beside).c, _latest().c
    lacking = (found.value == 0) & found.obligation.in_(DECLARABLE) & told.value.is_not(None)
    columns = [found[name] for name in ("obligation", "district_id", "unit_id", "threshold", "risk", "under_way", "due_on")]
    value = case((lacking, told.value), else_=found.value).label("value")
    return (
        select(*columns, value, lacking.label("self_declared"))
        .outerjoin(_latest(), (told.unit_id == found.unit_id) & (told.obligation == found.obligation))
        .subquery("obligations_now")
    )


def recorded(moment: ColumnElement[Any], *, beside: bool = False) -> Subquery:
    """What had been recorded by a moment. `beside`: what is owed by nobody as well."""
    row = ObligationValue
    order = (row.obligation, row.unit_id, row.recorded_at.desc(), row.id.desc())
    same = (row.district_id == DISTRICT, row.year == YEAR, row.recorded_at <= moment)
    found = select(row).where(*same).ext(distinct_on(row.obligation, row.unit_id)).order_by(*order).subquery()
    owed = () if beside else (found.c.obligation.not_in(external.BESIDE),)
    return select(found).where(found.c.owed, *owed).subquery()


def status(source: Any, today: ColumnElement[date] = TODAY) -> ColumnElement[str]:
    """`rules.status_of` as SQL."""
    begun = source.under_way | (today <= source.due_on - WARN)
    return case(
        (source.threshold == 0, literal(Status.NOT_APPLICABLE.value)),
        (source.value >= source.threshold, literal(Status.MET.value)),
        (today > source.due_on, literal(Status.MISSED.value)),
        (source.risk | ~begun, literal(Status.AT_RISK.value)),
        else_=literal(Status.ON_TRACK.value),
    )


def _listing(source: Subquery) -> reads.Listing:
    found = source.c
    known = cast(literal(DEFINITIONS), JSONB).op("->")(found.obligation)
    template = known.op("->>")("evidence")
    own = answers.json_object(
        {
            "district_id": found.district_id,
            "unit_id": found.unit_id,
            "unit_name": units.c.name,
            "year": YEAR,
            "value": found.value,
            "threshold": found.threshold,
            "status": status(found),
            "due_on": found.due_on,
            "self_declared": found.self_declared,
            "evidence_url": func.replace(
                func.replace(template, "{unit_id}", cast(found.unit_id, Text)), "{year}", cast(YEAR, Text)
            ),
            "readings": func.coalesce(cast(READINGS, JSON).op("->")(found.obligation), EMPTY),
        }
    )
    place = func.array_position(ORDER, found.obligation, type_=Integer())
    return reads.Listing(
        body=(known.op("-")("evidence")).op("||")(cast(own, JSONB)),
        visible_to=lambda who: visibility.within(who, district=found.district_id, unit=found.unit_id),
        orders={"id": pagination.Order((place, units.c.code, found.unit_id), descending=False)},
        filters={
            "unit_id": reads.equals(found.unit_id),
            "id": reads.equals(found.obligation),
            "status": reads.Filter(Text(), lambda value: status(found) == value),
        },
        source=lambda statement: statement.select_from(source).join(units, units.c.id == found.unit_id),
    )


def _records(source: Subquery) -> reads.Listing:
    found = source.c
    return reads.Listing(
        body=answers.json_object(
            {
                "type": found.type,
                "id": found.id,
                "unit_id": found.unit_id,
                "unit_name": units.c.name,
                "on": found.on,
                "counts": found.counts,
                "url": found.path + cast(found.id, Text),
            }
        ),
        visible_to=lambda who: visibility.within(who, district=found.district_id, unit=found.unit_id),
        orders={"-on": pagination.Order((found.on, found.id))},
        filters={"unit_id": reads.equals(found.owed_by), "obligation": reads.equals(found.obligation)},
        source=lambda statement: statement.select_from(source).join(units, units.c.id == found.unit_id),
    )


RECORDS: Final = {
    name: listing
    for names, listing in (
        (records.BY_REGISTER, _records(records.REGISTERS)),
        (records.BY_OTHERS, _records(records.REST)),
    )
    for name in names
}
NOW: Final = _listing(now())
THEN: Final = _listing(recorded(AS_OF))
DECLARATION_BODY: Final = answers.json_object(
    {
        "id": Declaration.id,
        "district_id": Declaration.district_id,
        "unit_id": Declaration.unit_id,
        "obligation": Declaration.obligation,
        "year": Declaration.year,
        "value": Declaration.value,
        "note": Declaration.note,
        "attachment_ids": func.to_json(Declaration.attachment_ids),
        "declared_by_name": Declaration.declared_by_name,
        "declared_at": answers.moment(Declaration.declared_at),
    }
)


def declarations_visible_to(who: Principal) -> ColumnElement[bool]:
    """The one rights filter of declarations."""
    return visibility.within(who, district=Declaration.district_id, unit=Declaration.unit_id)


DECLARATIONS: Final = reads.Listing(
    body=DECLARATION_BODY,
    visible_to=declarations_visible_to,
    orders={"-declared_at": pagination.Order((Declaration.declared_at, Declaration.id))},
    filters={
        "year": reads.equals(Declaration.year),
        "unit_id": reads.equals(Declaration.unit_id),
        "obligation": reads.equals(Declaration.obligation),
    },
)
DECLARATION: Final = reads.Single(
    body=DECLARATION_BODY, version=literal(1), key=Declaration.id, visible_to=declarations_visible_to
)


def source_of(question: Asked) -> Subquery:
    """Measured now, or as recorded."""
    return now() if question.as_of is None else recorded(AS_OF)


async def ranking(read: Reader, who: Principal, question: Asked) -> str:
    """Units by the share of what they owe that is met, as JSON text. The district's own obligations are nobody's."""
    found = source_of(question).c
    seen = visibility.within(who, district=found.district_id, unit=found.unit_id)
    rows = (
        select(found.unit_id, found.obligation, status(found).label("status"))
        .where(seen, found.unit_id != found.district_id, found.threshold > 0)
        .subquery("rows")
    )

    def how_many(wanted: Status) -> ColumnElement[int]:
        return func.count().filter(rows.c.status == wanted.value)

    place = func.array_position(ORDER, rows.c.obligation)
    behind = func.array_agg(aggregate_order_by(rows.c.obligation, place)).filter(
        rows.c.status.in_([Status.MISSED.value, Status.AT_RISK.value])
    )
    rate = func.round(how_many(Status.MET) * literal_column("1.0") / func.count(), 4)
    counted = (
        select(
            rows.c.unit_id,
            func.count().label("owed"),
            how_many(Status.MET).label("met"),
            how_many(Status.MISSED).label("missed"),
            how_many(Status.AT_RISK).label("at_risk"),
            rate.label("rate"),
            func.coalesce(behind, literal_column("ARRAY[]::text[]")).label("behind"),
            func.rank().over(order_by=rate.desc()).label("rank"),
        )
        .group_by(rows.c.unit_id)
        .subquery("counted")
    )
    names = ("rank", "unit_id", "owed", "met", "missed", "at_risk", "rate")
    told = answers.json_object(
        {name: counted.c[name] for name in names} | {"unit_name": units.c.name, "behind": func.to_json(counted.c.behind)}
    )
    listed = func.coalesce(func.json_agg(aggregate_order_by(told, counted.c.rank, units.c.code)), EMPTY)
    body = answers.json_object({"year": YEAR, "as_of": answers.moment(AS_OF), "units": listed})
    statement = select(cast(body, Text)).select_from(counted.join(units, units.c.id == counted.c.unit_id))
    return str((await read.execute(statement, _places(who, question))).scalar_one())


def _places(who: Principal, question: Asked) -> dict[str, Any]:
    return {"who_district_id": who.district_id, "as_of": question.as_of} | question.places


async def changes(read: Reader, who: Principal, question: Asked, start: datetime) -> str:
    """What stood otherwise at `start` than at the question's moment, as JSON text; each as recorded, told for its own day."""
    sides = {"before": (recorded(START), START_DAY), "after": (recorded(AS_OF), TODAY)}
    before, after = (
        select(
            found.c.obligation,
            found.c.unit_id,
            found.c.district_id,
            found.c.value.label(f"value_{name}"),
            status(found.c, day).label(f"status_{name}"),
        ).subquery(name)
        for name, (found, day) in sides.items()
    )
    same = (before.c.obligation == after.c.obligation) & (before.c.unit_id == after.c.unit_id)
    both = {name: func.coalesce(after.c[name], before.c[name]) for name in ("obligation", "unit_id", "district_id")}
    moved = before.c.status_before.is_distinct_from(after.c.status_after) | before.c.value_before.is_distinct_from(
        after.c.value_after
    )
    names = {"id": both["obligation"], "unit_id": both["unit_id"], "unit_name": units.c.name}
    values = {
        name: side.c[name] for side, end in ((before, "before"), (after, "after")) for name in (f"value_{end}", f"status_{end}")
    }
    listed = aggregate_order_by(answers.json_object(names | values), func.array_position(ORDER, both["obligation"]), units.c.code)
    body = answers.json_object({"year": YEAR, "changes": func.coalesce(func.json_agg(listed), EMPTY)})
    statement = (
        select(cast(body, Text))
        .select_from(before.join(after, same, full=True).join(units, units.c.id == both["unit_id"]))
        .where(moved, visibility.within(who, district=both["district_id"], unit=both["unit_id"]))
    )
    more = {"start": start, "start_day": clock.local_day(start)}
    return str((await read.execute(statement, _places(who, question) | more)).scalar_one())


async def value_of(session: Session, who: Principal, question: Asked, obligation: str, unit_id: UUID) -> int | None:
    """What records show of one obligation of a unit; None when it owes nothing. NotFound for a unit out of reach."""
    reach = visibility.within(who, district=units.c.district_id, unit=units.c.id)
    if (await session.execute(select(units.c.id).where(units.c.id == unit_id, reach))).scalar_one_or_none() is None:
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    found = external.measured().c
    same = (found.obligation == obligation, found.unit_id == unit_id, found.threshold > 0)
    value: int | None = (await session.execute(select(found.value).where(*same), _places(who, question))).scalar_one_or_none()
    return value


async def years_of(connection: Reader | Session, who: Principal, today: date) -> Sequence[int]:
    """The years, up to this one, in which a plan of the caller's district that is no draft asks for something."""
    first, last = (cast(func.extract("year", day), Integer) for day in (Plan.period_start, Plan.period_end))
    spans = select(func.generate_series(first, func.least(last, today.year)).label("year")).where(
        Plan.district_id == who.district_id, Plan.state != PlanState.DRAFT
    )
    found = spans.subquery()
    return (await connection.execute(select(found.c.year).distinct().order_by(found.c.year))).scalars().all()


async def districts(connection: Reader | Session) -> Sequence[UUID]:
    """Districts with a plan that is no draft."""
    return (await connection.execute(select(Plan.district_id).where(Plan.state != PlanState.DRAFT).distinct())).scalars().all()


KEPT: Final = ("value", "threshold", "risk", "under_way", "due_on", "self_declared")


async def keep(session: Session, who: Principal, question: Asked, moment: datetime) -> int:
    """Adds a row for each value that differs from the last one kept, and one for what is owed no more; how many."""
    row = ObligationValue
    order = (row.obligation, row.unit_id, row.recorded_at.desc(), row.id.desc())
    same_year = (row.district_id == DISTRICT, row.year == YEAR)
    last = select(row).where(*same_year).ext(distinct_on(row.obligation, row.unit_id)).order_by(*order).subquery("last")
    live = now(beside=True)
    same = (live.c.obligation == last.c.obligation) & (live.c.unit_id == last.c.unit_id)
    differs = or_(*(live.c[name].is_distinct_from(last.c[name]) for name in KEPT), ~func.coalesce(last.c.owed, false()))
    gone = live.c.obligation.is_(None)
    either = [func.coalesce(live.c[name], last.c[name]) for name in ("district_id", "unit_id", "obligation", *KEPT)]
    made = select(func.gen_random_uuid(), YEAR, cast(literal(moment), DateTime(timezone=True)), ~gone, *either).select_from(
        live.join(last, same, full=True)
    )
    columns = ["id", "year", "recorded_at", "owed", "district_id", "unit_id", "obligation", *KEPT]
    statement = (
        insert(cast_type(Table, row.__table__))
        .from_select(columns, made.where((~gone & differs) | (gone & last.c.owed)))
        .returning(row.id)
    )
    # Counted before anything is measured: what comes in between makes the values old rather than wrong.
    mark = await changes_mark(session, who)
    kept = len((await session.execute(statement, _places(who, question))).all())
    told = {"recorded_at": moment, "changes_since": mark.since, "changes": mark.changes}
    told["changes_beside_reports"] = mark.beside_reports
    looked_through = postgresql.insert(Recording).values({"district_id": who.district_id, "year": question.owed_year} | told)
    await session.execute(looked_through.on_conflict_do_update(index_elements=["district_id", "year"], set_=told))
    return kept


class Mark(NamedTuple):
    """How many messages of a district bear ids from one on that is older than every change still open.

    `beside_reports`: without those of reports being drawn up.
    """

    since: UUID
    changes: int
    beside_reports: int


async def changes_mark(connection: Reader | Session, who: Principal) -> Mark:
    """What has happened in the caller's district by now."""
    [row] = await fetch(connection, CHANGES_MARK, [who.district_id, DRAWING_UP])
    return Mark(*row)


async def is_unchanged(read: Reader, who: Principal, mark: Mark) -> bool:
    """Whether nothing has happened in the caller's district since the mark."""
    sql = "SELECT kit.count_changes($1, $2)"
    rows = await fetch(read, sql, [who.district_id, mark.since])
    return bool(rows[0][0] == mark.changes)


async def is_recorded(session: Session, who: Principal, year: int, now: datetime) -> bool:
    """Whether the values of the year told in a report are known from the last recording: nothing that fulfils or asks anything
    has happened in the caller's district since, on the same day and not long ago."""
    found = await recording(session, who, year)
    if found is None or not rules.is_fresh(found[0], now):
        return False
    count = func.kit.count_changes(who.district_id, found[1].since, DRAWING_UP, type_=BigInteger())
    return bool((await session.execute(select(count))).scalar_one() == found[1].beside_reports)


async def recording(read: Reader | Session, who: Principal, year: int) -> tuple[datetime, Mark] | None:
    """When the values of a year of the caller's district were last looked through and kept; None when never."""
    columns = (Recording.recorded_at, Recording.changes_since, Recording.changes, Recording.changes_beside_reports)
    mark = select(*columns).where(Recording.district_id == who.district_id, Recording.year == year)
    row = (await read.execute(mark)).one_or_none()
    return None if row is None else (row.recorded_at, Mark(row.changes_since, row.changes, row.changes_beside_reports))


async def alone(session: Session) -> bool:
    """Whether no other process keeps values at this moment."""
    return bool((await session.execute(text("SELECT pg_try_advisory_xact_lock(350111, 41)"))).scalar_one())
