"""The door of registers to what the case service publishes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Column, MetaData, Table, Text, Uuid, literal, select

from services.kit import references
from services.kit.db import Session
from services.kit.errors import Fault
from services.kit.principal import Principal
from services.kit.registers import lookups
from services.kit.registers.kinds import Draft, Verify


def _view(name: str, *texts: str) -> Table:
    ids = (Column(each, Uuid) for each in ("id", "district_id", "unit_id"))
    return Table(name, MetaData(schema="published"), *ids, *(Column(each, Text) for each in texts))


granted_items: Final = _view("granted_items", "item_code")
case_files: Final = _view("case_files", "case_no")


def _of_unit(view: Table, name: str) -> Verify:
    """What the fact names, if anything, is one of the record's own unit."""

    async def verify(session: Session, who: Principal, draft: Draft[Any]) -> Sequence[Fault]:
        if (wanted := getattr(draft.facts, name)) is None:
            return []
        found = select(view.c.id).where(view.c.id == wanted, view.c.unit_id == draft.unit.id)
        return [] if (await session.execute(found)).first() else [Fault(f"/body/{name}", "not_found")]

    return verify


granted_item: Final = _of_unit(granted_items, "granted_item_id")
case_file: Final = _of_unit(case_files, "case_file_id")
CASE_NUMBER: Final = lookups.by("案号", case_files.c.case_no, case_files.c.id, case_files.c.district_id)
# The same item is given to many townships, so the unit's code stands before it.
_CODE: Final = select(references.units.c.code).where(references.units.c.id == granted_items.c.unit_id).scalar_subquery()
ITEM_CODE: Final = lookups.by(
    "单位代码/事项编码", _CODE + literal("/") + granted_items.c.item_code, granted_items.c.id, granted_items.c.district_id
)
