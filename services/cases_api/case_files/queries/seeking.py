"""How a page of case files is found among a million: along the days first, then by what the index of signs knows.

Three parts of one statement, each at work only if those before did not fill the page:
1. The nearest files along the order, at most so many, tried one by one. Whatever is frequent is found here.
2. Three months, one by one, by the index of signs, which knows the month of a file beside its words, unit, kind and state.
3. Year by year to the end, by the same index. What comes this far is rare, or long out of use.
Files that somebody reaches one by one, by an assignment, are few and tried beside all that.
Nothing is left to the planner's guess how frequent a word is: the parts follow each other by a recursion, and whatever no
index of its own may answer stands behind a limit or an offset, where no plan can reach it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    CTE,
    ColumnElement,
    CompoundSelect,
    Date,
    Integer,
    Interval,
    Select,
    Subquery,
    Text,
    and_,
    bindparam,
    case,
    cast,
    extract,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP, array

from services.cases_api.case_files.queries import words
from services.cases_api.case_files.rules import searching
from services.cases_api.case_files.tables import CaseFile
from services.kit import pagination, reads, references, visibility
from services.kit.pagination import Order
from services.kit.principal import Scope

# Files tried one by one, and stretches of a month before those of a year.
NEAREST: Final = 2_000
MONTHS: Final = 3
# Filters that an index of their own answers, be there few files or many.
OWN_INDEX: Final = frozenset(
    {
        "case_no", "external_id", "officer_id", "item_code", "closed_on__gte", "closed_on__lte", "archive_due_on__lte",
        "retention_until__lte",
    }
)  # fmt: skip
LIMIT: Final = bindparam("page_limit", None, type_=Integer())


def ids_of(sought: reads.Sought) -> Select[Any] | CompoundSelect[Any] | None:
    """The ids of the page. None where the plain statement does as well: filters with an index of their own, or none at all."""
    if sought.given & OWN_INDEX or Scope.ALL in sought.who.scopes:
        return None
    walk, parts = _walk(sought), [_one_by_one(sought)] if _is_assigned(sought) else []
    looked_for = bool(sought.given - {"unit_id", "filed_on__gte", "filed_on__lte"})
    if not parts and (walk is None or (not looked_for and walk.unit is not None)):
        return None
    if walk is not None:
        parts += _along(sought, walk, looked_for=looked_for)
    return union_all(*parts) if len(parts) > 1 else parts[0]


def _along(sought: reads.Sought, walk: Walk, *, looked_for: bool) -> list[Select[Any]]:
    near = _near(sought, walk, NEAREST if looked_for else LIMIT)
    found = select(near.c.id)
    return [found, select(func.unnest(_far(sought, walk, near).c.ids))] if looked_for else [found]


def _is_assigned(sought: reads.Sought) -> bool:
    """Whether the caller reaches files beside those of a unit or district. Those of a unit asked for are met along its days."""
    scopes = sought.who.scopes
    return Scope.ASSIGNED in scopes and Scope.DISTRICT not in scopes and "unit_id" not in sought.given


def _one_by_one(sought: reads.Sought) -> Select[Any]:
    """The nearest of the files assigned to the caller."""
    readers = references.object_readers.c
    mine = select(readers.object_id).where(readers.account_id == visibility.me(sought.who)).offset(0).subquery("assigned")
    behind = [pagination.behind(sought.order)] if sought.continued else []
    found = select(CaseFile.id).where(CaseFile.id.in_(select(mine.c.object_id)), *sought.predicates, *behind)
    return select(_directed(found, sought.order.elements, sought.order.descending, LIMIT).subquery("one_by_one").c.id)


@dataclass(frozen=True, slots=True)
class Walk:
    """The way along the days, by an index sorted by them: of a district or a unit, or of several units side by side."""

    order: Order
    bounds: Sequence[ColumnElement[bool]]
    unit: ColumnElement[bool] | None
    units: ColumnElement[Any] | None = None

    def along(self, columns: Sequence[Any], most: Any, *, backwards: bool = False) -> Subquery:
        """These columns of the nearest files; `backwards` from the other end."""
        descending = self.order.descending is not backwards
        if self.unit is not None:
            return _directed(select(*columns).where(self.unit, *self.bounds), self.order.elements, descending, most).subquery()
        mine = select(func.unnest(self.units).label("unit_id")).subquery("mine")
        each = select(*columns).where(CaseFile.unit_id == mine.c.unit_id, *self.bounds).correlate(mine)
        beside = _directed(each, self.order.elements, descending, most).lateral("each")
        found = select(*beside.c).select_from(mine.join(beside, true()))
        return _directed(found, [beside.c.filed_on, beside.c.id], descending, most).subquery()


def _directed(statement: Select[Any], columns: Sequence[ColumnElement[Any]], descending: bool, most: Any) -> Select[Any]:
    return statement.order_by(*(each.desc() if descending else each.asc() for each in columns)).limit(most)


def _walk(sought: reads.Sought) -> Walk | None:
    who, days = sought.who, [CaseFile.filed_on.type]
    given = {name: bindparam(f"f_{name}", None, type_=days[0]) for name in ("filed_on__gte", "filed_on__lte")}
    bounds = [CaseFile.filed_on >= given["filed_on__gte"]] if "filed_on__gte" in sought.given else []
    bounds += [CaseFile.filed_on <= given["filed_on__lte"]] if "filed_on__lte" in sought.given else []
    bounds += [pagination.behind(sought.order)] if sought.continued else []
    if "unit_id" in sought.given:
        return Walk(sought.order, bounds, CaseFile.unit_id == bindparam("f_unit_id", None, type_=CaseFile.unit_id.type))
    if Scope.DISTRICT in who.scopes and who.district_id is not None:
        return Walk(sought.order, bounds, CaseFile.district_id == visibility.my_district(who))
    if who.unit_id is None or not who.scopes & {Scope.UNIT_AND_BELOW, Scope.UNIT}:
        return None
    if Scope.UNIT_AND_BELOW in who.scopes:
        return Walk(sought.order, bounds, None, visibility.units_below(who))
    return Walk(sought.order, bounds, CaseFile.unit_id == visibility.my_unit(who))


def _near(sought: reads.Sought, walk: Walk, most: Any) -> CTE:
    """What fits among the nearest files; told as a column, so that no other index is asked."""
    tried = walk.along([CaseFile.filed_on, CaseFile.id, and_(*sought.predicates).label("fits")], most)
    found = select(tried.c.filed_on, tried.c.id).where(tried.c.fits)
    return _directed(found, [tried.c.filed_on, tried.c.id], sought.order.descending, LIMIT).cte("near")


def _far(sought: reads.Sought, walk: Walk, near: CTE) -> CTE:
    """Stretch by stretch behind the nearest files, until the page is full or the last file is passed."""
    filled = select(func.count()).select_from(near).scalar_subquery()
    tried = walk.along([CaseFile.filed_on, CaseFile.id], NEAREST)
    columns = [tried.c.filed_on, tried.c.id]
    edge = _directed(select(*columns), columns, sought.order.descending, 1).offset(NEAREST - 1).subquery("edge")
    last = select(walk.along([CaseFile.filed_on, CaseFile.id], 1, backwards=True).c.filed_on).scalar_subquery()
    nothing = cast(array([]), ARRAY(CaseFile.id.type)).label("ids")
    begin = select(literal(0).label("turn"), filled.label("found"), nothing, edge, last.label("last_on"))
    far = begin.where(filled < LIMIT).cte("far", recursive=True)
    stretch = _stretch(far, sought.order.descending)
    hits = func.array(_hits(sought, walk, far, stretch).scalar_subquery(), type_=ARRAY(CaseFile.id.type)).label("ids")
    # Without the offset the planner would ask twice.
    met = select(hits).correlate(far, stretch).offset(0).lateral("met")
    following = select(
        far.c.turn + 1, far.c.found + func.cardinality(met.c.ids), met.c.ids, far.c.filed_on, far.c.id, far.c.last_on
    ).select_from(far.join(stretch, true()).join(met, true()))
    return far.union_all(following.where(far.c.found < LIMIT, stretch.c.reached))


def _stretch(far: CTE, descending: bool) -> Any:
    """The days of a turn: as a sign of the index, whether any file lies there, and where the years begin behind the months."""
    step = -1 if descending else 1
    first = func.date_trunc("month", cast(far.c.filed_on, TIMESTAMP()), type_=TIMESTAMP())
    month, last_month = first + _months(far.c.turn * step), first + _months((MONTHS - 1) * step)
    year = cast(extract("year", last_month), Integer) + (far.c.turn - MONTHS) * step
    by_month = far.c.turn < MONTHS
    told = case((by_month, "month:" + func.to_char(month, "YYYY-MM")), else_="year:" + cast(year, Text))
    if descending:
        reached = case((by_month, month + _months(1) > far.c.last_on), else_=func.make_date(year, 12, 31) >= far.c.last_on)
        beyond = cast(last_month, Date)
    else:
        reached = case((by_month, month <= far.c.last_on), else_=func.make_date(year, 1, 1) <= far.c.last_on)
        beyond = cast(last_month + _months(1), Date)
    columns = (array([func.cases.search_sign(told)]).label("signs"), reached.label("reached"), beyond.label("beyond"))
    return select(*columns).correlate(far).lateral("stretch")


def _months(count: Any) -> ColumnElement[Any]:
    return func.make_interval(0, count, type_=Interval())


def _hits(sought: reads.Sought, walk: Walk, far: CTE, stretch: Any) -> Select[Any]:
    """The ids of a stretch that the page still has room for."""
    fits = and_(*sought.predicates).label("fits")
    indexed = select(CaseFile.filed_on, CaseFile.id, fits).where(*_indexed(sought, walk, stretch.c.signs))
    hit = indexed.correlate(far, stretch).offset(0).subquery("hit")
    key, edge = tuple_(hit.c.filed_on, hit.c.id), tuple_(far.c.filed_on, far.c.id)
    descending = sought.order.descending
    behind = key < edge if descending else key > edge
    unseen = hit.c.filed_on < stretch.c.beyond if descending else hit.c.filed_on >= stretch.c.beyond
    found = select(hit.c.id).where(hit.c.fits, behind, or_(far.c.turn < MONTHS, unseen)).correlate(far, stretch)
    return _directed(found, [hit.c.filed_on, hit.c.id], descending, LIMIT - far.c.found)


def _indexed(sought: reads.Sought, walk: Walk, stretch: ColumnElement[Any]) -> list[ColumnElement[bool]]:
    """What the index of signs is asked. Each sign is a condition of its own, the days first: so none is read beyond them."""
    asked = [place for place in range(searching.MOST_WORDS) if f"word_{place}" in sought.given]

    def within(turn: int) -> list[ColumnElement[bool]]:
        return [_holds(each, turn) for each in _facets(sought, walk, stretch)]

    return [words.indexed(place, sought.who, within) for place in asked] or within(0)


class Asked(NamedTuple):
    """Signs of which a file holds all, or any."""

    signs: ColumnElement[Any]
    any: bool = False


def _holds(asked: Asked, turn: int) -> ColumnElement[bool]:
    signs = words.in_other_words(asked.signs, turn)
    return CaseFile.words.overlap(signs) if asked.any else CaseFile.words.contains(signs)


def _facets(sought: reads.Sought, walk: Walk, stretch: ColumnElement[Any]) -> Iterator[Asked]:
    yield Asked(stretch)
    yield from (Asked(words.named_signs(f"facet_{name}")) for name in searching.FACETS if name in sought.given)
    if "unit_id" not in sought.given and walk.units is not None:
        mine = func.unnest(walk.units).column_valued("mine")
        yield Asked(func.array(select(_unit_sign(mine)).scalar_subquery(), type_=words.SIGNS), any=True)
    elif "unit_id" not in sought.given and Scope.DISTRICT not in sought.who.scopes:
        yield Asked(array([_unit_sign(visibility.my_unit(sought.who))]))
    if "state__in" in sought.given:
        yield Asked(words.named_signs("states"), any=True)


def _unit_sign(unit_id: Any) -> ColumnElement[Any]:
    return func.cases.search_sign("unit:" + cast(unit_id, Text), type_=Integer())
