"""Hot inserts: a row written and answered in one statement, compiled once per table and caller's shape.

The unit of work of the ORM and the reading back of the new row cost more than the insert itself; where a resource is
entered often and its answer holds nothing but its own row, `RETURNING` gives that answer at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import bindparam, insert

from services.kit import answers, db, reads
from services.kit.db import Session
from services.kit.principal import Principal


@dataclass(frozen=True)
class HotInsert:
    """Inserts rows of one table and answers them as its `Single` would."""

    table: Any
    single: reads.Single
    _shapes: dict[Any, reads.Compiled] = field(default_factory=dict)

    async def add(self, session: Session, who: Principal, row: Mapping[str, Any]) -> answers.One:
        """Writes the row, every column named, within the session's transaction; database errors as everywhere (Duplicate …)."""
        shape = (reads.shape_of(who), frozenset(row))
        if (statement := self._shapes.get(shape)) is None:
            statement = self._shapes[shape] = reads.checked(lambda person: self._statement(person, row), who)
        ((text, version),) = await db.fetch(session, statement.sql, statement.arguments(row))
        return answers.One(text, version)

    def _statement(self, who: Principal, row: Mapping[str, Any]) -> Any:
        columns = self.table.__table__.columns
        values = {name: bindparam(name, None, type_=columns[name].type) for name in row}
        return insert(self.table).values(values).returning(reads.body_for(self.single.body, who), self.single.version)
