"""Keyset paging: opaque signed cursors bound to route, filter and sort; no totals unless asked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Literal
from typing import cast as cast_type
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, SQLColumnExpression, String, Text, bindparam, cast, func, literal, select, tuple_

from services.kit import errors, runtime
from services.kit.db import Reader

DEFAULT_LIMIT = 50
MAX_LIMIT = 200


class PageQuery(BaseModel):
    """Parameters every list takes; a feature's filter model inherits them and adds its own named fields."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    limit: Annotated[int, Field(ge=1, le=MAX_LIMIT, description="每页条数。", json_schema_extra={"format": "int32"})] = (
        DEFAULT_LIMIT
    )
    cursor: Annotated[
        str | None,
        Field(
            min_length=1,
            max_length=2000,
            pattern="^[A-Za-z0-9_-]+$",
            description="上一页的 `next_cursor`；筛选和排序须与其相同。",
        ),
    ] = None
    count: Annotated[Literal["exact"] | None, Field(description="`exact` adds the total number of items.")] = None


class BadCursor(errors.BadInput):
    code = "cursor.invalid"
    zh, en = "游标无效，或不属于此查询。", "The cursor is not valid, or belongs to another query."


Start = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: each item as JSON text, the sort values of the last one when more follow, the total when asked."""

    items: list[str]
    next_start: Start | None
    total: int | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """How a list is sorted: columns that are never null, the last one unique; one direction for all."""

    columns: Sequence[SQLColumnExpression[Any]]
    descending: bool = True

    @property
    def elements(self) -> list[ColumnElement[Any]]:
        """The columns as plain expressions; mapped attributes hide theirs from the type checker."""
        return cast_type(list[ColumnElement[Any]], list(self.columns))


async def read(connection: Reader, found: Select[Any], order: Order, wanted: PageQuery, start: Start | None) -> Page:
    """One page in one statement. `found` selects a single column, the item as JSON, already filtered by the rights."""
    body, *_ = found.selected_columns
    keys = [column.label(f"key_{place}") for place, column in enumerate(order.elements)]
    statement = found.with_only_columns(cast(body, Text).label("body"), *keys, maintain_column_froms=True)
    if start is not None:
        statement = statement.where(behind(order, typed(order, start)))
    statement = statement.order_by(*(column.desc() if order.descending else column.asc() for column in order.elements))
    rows = (await connection.execute(statement.limit(wanted.limit + 1))).all()
    total = await _count(connection, found) if wanted.count else None
    shown = rows[: wanted.limit]
    following: Start | None = tuple(shown[-1][1:]) if len(rows) > wanted.limit else None
    return Page([row[0] for row in shown], following, total)


def typed(order: Order, start: Start) -> list[Any]:
    """The values of a cursor as the columns have them; BadCursor when they do not fit."""
    if len(start) != len(order.elements):
        raise BadCursor(errors.Fault("/query/cursor", "cursor.invalid"))
    return [_typed(value, column) for value, column in zip(start, order.elements, strict=True)]


def behind(order: Order, values: Sequence[Any] | None = None) -> ColumnElement[bool]:
    """Rows behind these values in the order; without values their places `start_0`, `start_1`, …"""
    columns = order.elements
    given = [None] * len(columns) if values is None else values
    places = [
        bindparam(f"start_{place}", value, type_=column.type, unique=False)
        for place, (value, column) in enumerate(zip(given, columns, strict=True))
    ]
    here, there = tuple_(*columns), tuple_(*places)
    return here < there if order.descending else here > there


def _typed(value: Any, column: ColumnElement[Any]) -> Any:
    kind: Any = str if isinstance(column.type, String) else column.type.python_type
    try:
        if issubclass(kind, datetime | date):
            return kind.fromisoformat(value)
        return kind(value)
    except (TypeError, ValueError):
        raise BadCursor(errors.Fault("/query/cursor", "cursor.invalid")) from None


async def _count(connection: Reader, found: Select[Any]) -> int:
    inner = found.with_only_columns(literal(1), maintain_column_froms=True).order_by(None).subquery()
    return int((await connection.execute(select(func.count()).select_from(inner))).scalar_one())


class Cursors:
    """Makes and reads the cursors of one request, and answers its page."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.path = request.url.path
        self.key = runtime.of(request).cursor_key

    def after(self, wanted: PageQuery) -> Start | None:
        """Where to go on, from the caller's cursor; None for the first page."""
        if wanted.cursor is None:
            return None
        try:
            raw = base64.urlsafe_b64decode(wanted.cursor + "=" * (-len(wanted.cursor) % 4))
            mark, payload = raw[:16], raw[16:]
            if not hmac.compare_digest(mark, _mark(self.key, self.path, wanted, payload)):
                raise ValueError
            values: list[Any] = json.loads(payload)
        except ValueError:
            raise BadCursor(errors.Fault("/query/cursor", "cursor.invalid")) from None
        return values

    def answer(self, page: Page, wanted: PageQuery, **more: str | int) -> Response:
        """The page as the contract wants it: items, next_cursor, Link; `more` stands beside the items (`as_of`)."""
        following = None if page.next_start is None else signed(self.key, self.path, wanted, page.next_start)
        total = "" if page.total is None else f',"count":{page.total}'
        beside = "".join(f",{json.dumps(name)}:{json.dumps(value)}" for name, value in more.items())
        body = f'{{"items":[{",".join(page.items)}],"next_cursor":{json.dumps(following)}{total}{beside}}}'
        response = Response(body, media_type="application/json")
        if following is not None:
            query = dict(self.request.query_params) | {"cursor": following}
            response.headers["Link"] = f'<{self.path}?{urlencode(query)}>; rel="next"'
        return response


def signed(key: bytes, path: str, wanted: PageQuery, start: Start) -> str:
    """The cursor behind these sort values, good for this path, filter and sort alone."""
    payload = json.dumps([plain(value) for value in start], ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_mark(key, path, wanted, payload) + payload).rstrip(b"=").decode()


def _mark(key: bytes, path: str, wanted: PageQuery, payload: bytes) -> bytes:
    bound = wanted.model_dump_json(exclude={"limit", "cursor", "count"})
    return hmac.digest(key, f"{path}\n{bound}\n".encode() + payload, hashlib.sha256)[:16]


def plain(value: Any) -> Any:
    """A sort value as a cursor holds it."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


async def _cursors(request: Request) -> Cursors:
    return Cursors(request)


CursorsDep = Annotated[Cursors, Depends(_cursors)]
