"""What the neighbours measure per unit and year, read through their published views."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Integer,
    MetaData,
    Numeric,
    SQLColumnExpression,
    Table,
    Text,
    Uuid,
    cast,
    func,
    select,
)

FOREIGN = MetaData()
# Officers in service in a year, and how many of them have the hours required.
training_hours = Table(
    "unit_training_hours",
    FOREIGN,
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("year", Integer),
    Column("officers", Integer),
    Column("met", Integer),
    schema="published",
)
# Case files with a submitted review, by mode (self, cross, sample) and year of the campaign.
reviewed_files = Table(
    "unit_reviewed_files",
    FOREIGN,
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("year", Integer),
    Column("mode", Text),
    Column("files", Integer),
    schema="published",
)


def hours_by_unit(district_id: SQLColumnExpression[Any], year: ColumnElement[Any]) -> ColumnElement[Any]:
    """Training of every unit of a district in a year as one object by unit id; made once per statement."""
    view = training_hours.c
    rate = func.round(cast(view.met, Numeric) / func.nullif(view.officers, 0), 4)
    told = func.jsonb_build_object("year", view.year, "officers", view.officers, "met", view.met, "rate", rate)
    return (
        select(func.jsonb_object_agg(cast(view.unit_id, Text), told))
        .where(view.district_id == district_id, view.year == year)
        .scalar_subquery()
    )


def files_by_unit(district_id: SQLColumnExpression[Any], year: ColumnElement[Any]) -> ColumnElement[Any]:
    """Reviewed case files of every unit of a district in a year, by mode, as one object by unit id."""
    view = reviewed_files.c
    modes = func.jsonb_build_object("year", year).op("||")(func.jsonb_object_agg(view.mode, view.files))
    units = (
        select(view.unit_id, modes.label("told"))
        .where(view.district_id == district_id, view.year == year)
        .group_by(view.unit_id)
        .subquery()
    )
    return select(func.jsonb_object_agg(cast(units.c.unit_id, Text), units.c.told)).scalar_subquery()
