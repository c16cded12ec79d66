"""What cases_api publishes and records of this service refer to."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, MetaData, Table, Uuid


def view(name: str, schema: str = "published") -> Table:
    """A handle on the columns by which a reference is looked up."""
    return Table(name, MetaData(schema=schema), *(Column(each, Uuid) for each in ("id", "district_id", "unit_id")))


CASE_FILES: Final = view("case_files")
OPEN_RECTIFICATIONS: Final = view("open_rectifications")
