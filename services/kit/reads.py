"""Hot reads: a list or a single resource declared once, compiled once per shape, run by the driver itself.

Building and caching a statement costs SQLAlchemy more time than PostgreSQL needs to answer it. So a declaration is
turned into SQL text once for each shape (which scopes, which filters, which order, first page or not); later requests
only supply values. Values come from named places alone: the caller (`who_…`), the filters (`f_…`), the cursor
(`start_…`), the limit, and what a resource names itself (the day its lamps are told for). That no value of one caller is
ever baked into the text another caller runs is checked when a shape is made: it is built for a second, made-up caller as
well, and both must agree in text and constants.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    SelectBase,
    SQLColumnExpression,
    Text,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import asyncpg as asyncpg_dialect
from sqlalchemy.sql import ClauseElement
from sqlalchemy.types import TypeEngine

from services.kit import answers, db, errors, pagination
from services.kit.db import Reader, Session
from services.kit.pagination import Order, Page, PageQuery, Start
from services.kit.principal import Principal

DIALECT = asyncpg_dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
NOBODY = UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")

Visible = Callable[[Principal], ColumnElement[bool]]
# The JSON of a row; made for the caller where it differs by caller (`allowed_actions`, masks).
Body = ColumnElement[Any] | Callable[[Principal], ColumnElement[Any]]


@dataclass(frozen=True, slots=True)
class Filter:
    """A named filter: the type of its value, and the predicate made with the value's place; one `by_caller` is told the
    caller as well, for what not everybody may look for."""

    type: TypeEngine[Any]
    predicate: Callable[..., ColumnElement[bool]]
    by_caller: bool = False


def equals(column: SQLColumnExpression[Any]) -> Filter:
    """Rows whose column is the value."""
    return Filter(_type(column), lambda value: column == value)


def at_least(column: SQLColumnExpression[Any]) -> Filter:
    """Rows whose column is the value or greater (`__gte`)."""
    return Filter(_type(column), lambda value: column >= value)


def at_most(column: SQLColumnExpression[Any]) -> Filter:
    """Rows whose column is the value or less (`__lte`)."""
    return Filter(_type(column), lambda value: column <= value)


def among(column: SQLColumnExpression[Any]) -> Filter:
    """Rows whose column is one of the values (`__in`)."""
    return Filter(ARRAY(_type(column)), lambda values: column == any_(values))


def _type(column: Any) -> TypeEngine[Any]:
    found: TypeEngine[Any] = column.type
    return found


@dataclass(frozen=True, slots=True)
class Compiled:
    """SQL text and where each of its values comes from: a constant, or a named place."""

    sql: str
    names: Sequence[str]
    constants: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """The values in the order of the text's placeholders."""
        return [values[name] if name in values else self.constants[name] for name in self.names]


def compiled(statement: ClauseElement) -> Compiled:
    """SQL text of a SELECT or INSERT for the driver, with its constants."""
    made: Any = statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})
    return Compiled(str(made), tuple(made.positiontup or ()), made.construct_params())


def word(known: str) -> ColumnElement[str]:
    """A word of the code's own within the text of a statement: as a value beside it, it would be looked up for every row."""
    if not known.isidentifier():
        raise ValueError(f"no plain word: {known}")
    return literal_column(f"'{known}'", Text())


def body_for(body: Body, who: Principal) -> ColumnElement[str]:
    """The JSON of a row as text, as this caller sees it."""
    return cast(body if isinstance(body, ColumnElement) else body(who), Text).label("body")


def values_of(who: Principal) -> dict[str, Any]:
    """What a statement may ask of its caller."""
    return {"who_account_id": who.account_id, "who_unit_id": who.unit_id, "who_district_id": who.district_id}


def shape_of(who: Principal) -> tuple[Any, ...]:
    """What of a caller changes the text: scopes and roles, and whether there is a unit at all."""
    return (who.scopes, who.roles, who.unit_id is None, who.district_id is None)


def _stranger(who: Principal) -> Principal:
    path = tuple(NOBODY for _ in who.unit_path)
    return replace(who, account_id=NOBODY, name="", unit_id=NOBODY if who.unit_id else None, unit_path=path)


def checked(build: Callable[[Principal], ClauseElement], who: Principal) -> Compiled:
    """The statement built for this caller, after making sure that it holds nothing of the caller but named places."""
    own, other = compiled(build(who)), compiled(build(_stranger(who)))
    places = set(values_of(who))
    fixed = [{name: value for name, value in made.constants.items() if name not in places} for made in (own, other)]
    if own.sql != other.sql or fixed[0] != fixed[1]:
        raise RuntimeError("a hot read bakes its caller into the statement; use the places of services.kit.visibility")
    return own


@dataclass(frozen=True, slots=True)
class Sought:
    """What a page looks for: the caller, the names of the filters given, the order, whether it goes on behind a cursor
    (`pagination.behind`), and everything a row must fulfil apart from that."""

    who: Principal
    given: frozenset[str]
    order: Order
    continued: bool
    predicates: Sequence[ColumnElement[bool]]


# The keys of a page in a statement of their own, at most `page_limit`; None where the plain statement is to find them.
Seek = Callable[[Sought], SelectBase | None]


@dataclass(frozen=True)
class Listing:
    """A list: the item as JSON, the rights filter, the named filters and the orders (key of `sort` → order).

    `seek` may find the keys of a page (the last column of every order) its own way, where a plan made by guesses would not do.
    """

    body: Body
    visible_to: Visible
    orders: Mapping[str, Order]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    source: Callable[[Select[Any]], Select[Any]] = lambda statement: statement
    seek: Seek = lambda sought: None
    _shapes: dict[Any, Compiled] = field(default_factory=dict)

    async def page(self, read: Reader, who: Principal, wanted: PageQuery, start: Start | None, **places: Any) -> Page:
        """One page in one statement; the total in a second one only when asked for. `places` are the list's own (`today`)."""
        sort: str = getattr(wanted, "sort", next(iter(self.orders)))
        given = wanted.model_dump(include=set(self.filters), exclude_none=True)
        values = values_of(who) | {f"f_{name}": value for name, value in given.items()} | places
        values |= {"page_limit": wanted.limit + 1}
        order = self.orders[sort]
        if start is not None:
            values |= {f"start_{place}": value for place, value in enumerate(pagination.typed(order, start))}
        shape = (shape_of(who), frozenset(given), sort, start is None)
        statement = self._compiled(shape, who, lambda person: self._statement(person, given, order, start is not None))
        rows = await db.fetch(read, statement.sql, statement.arguments(values))
        total = await self._count(read, who, given, values) if wanted.count else None
        shown = rows[: wanted.limit]
        following = tuple(shown[-1][1:]) if len(rows) > wanted.limit else None
        return Page([row[0] for row in shown], following, total)

    def _compiled(self, shape: Any, who: Principal, build: Callable[[Principal], Select[Any]]) -> Compiled:
        if (found := self._shapes.get(shape)) is None:
            found = self._shapes[shape] = checked(build, who)
        return found

    def _statement(self, who: Principal, given: Mapping[str, Any], order: Order, continued: bool) -> Select[Any]:
        keys = [column.label(f"key_{place}") for place, column in enumerate(order.elements)]
        statement = self.source(select(body_for(self.body, who), *keys))
        predicates = [self.visible_to(who), *self._predicates(given, who)]
        found = self.seek(Sought(who, frozenset(given), order, continued, predicates))
        if found is not None:
            key = order.elements[-1]
            statement = statement.where(key == any_(func.array(found.scalar_subquery(), type_=ARRAY(_type(key)))))
        elif continued:
            statement = statement.where(*predicates, pagination.behind(order))
        else:
            statement = statement.where(*predicates)
        directed = (column.desc() if order.descending else column.asc() for column in order.elements)
        return statement.order_by(*directed).limit(bindparam("page_limit", None, type_=Integer()))

    def _predicates(self, given: Mapping[str, Any], who: Principal) -> list[ColumnElement[bool]]:
        return [
            named.predicate(bindparam(f"f_{name}", None, type_=named.type), *([who] if named.by_caller else []))
            for name, named in self.filters.items()
            if name in given
        ]

    async def _count(self, read: Reader, who: Principal, given: Mapping[str, Any], values: Mapping[str, Any]) -> int:
        def build(person: Principal) -> Select[Any]:
            # Over the columns of an order: a source that joins needs something on its left.
            keys = [column.label(f"key_{place}") for place, column in enumerate(next(iter(self.orders.values())).elements)]
            found = self.source(select(*keys)).where(self.visible_to(person), *self._predicates(given, person))
            return select(func.count()).select_from(found.subquery())

        statement = self._compiled((shape_of(who), frozenset(given), "count"), who, build)
        rows = await db.fetch(read, statement.sql, statement.arguments(values))
        return int(rows[0][0])


@dataclass(frozen=True)
class Single:
    """A single resource by its id: the JSON, the version behind its ETag, the rights filter."""

    body: Body
    version: SQLColumnExpression[int]
    key: SQLColumnExpression[UUID]
    visible_to: Visible
    source: Callable[[Select[Any]], Select[Any]] = lambda statement: statement
    _shapes: dict[Any, Compiled] = field(default_factory=dict)

    async def one(self, connection: Reader | Session, who: Principal, key: UUID, **places: Any) -> answers.One:
        """The resource; NotFound also when the caller may not see it. `places` are the resource's own (`today`)."""
        shape = shape_of(who)
        if (statement := self._shapes.get(shape)) is None:
            statement = self._shapes[shape] = checked(self._statement, who)
        rows = await db.fetch(connection, statement.sql, statement.arguments(values_of(who) | places | {"f_key": key}))
        if not rows:
            raise errors.NotFound
        return answers.One(rows[0][0], rows[0][1])

    def _statement(self, who: Principal) -> Select[Any]:
        statement: Any = select(body_for(self.body, who), self.version)
        return self.source(statement).where(self.key == bindparam("f_key", None, type_=_type(self.key)), self.visible_to(who))


@dataclass(frozen=True)
class Statement:
    """A read of its own shape with named places, for what is neither a list nor a single resource."""

    build: Callable[[Principal], Select[Any]]
    _shapes: dict[Any, Compiled] = field(default_factory=dict)

    async def rows(self, connection: Reader | Session, who: Principal, **places: Any) -> Sequence[Any]:
        """What it finds for this caller; every place named in the statement must be given."""
        shape = shape_of(who)
        if (statement := self._shapes.get(shape)) is None:
            statement = self._shapes[shape] = checked(self.build, who)
        return await db.fetch(connection, statement.sql, statement.arguments(values_of(who) | places))
