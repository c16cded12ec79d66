"""Rows of the exports: entries as JSON arrays made by the database, and who the officers of figures are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, Text, Uuid, any_, case, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from services.kit import answers, pagination, reads
from services.kit.db import Reader
from services.kit.principal import Principal
from services.kit.references import units
from services.training_api.certificates.tables import Certificate
from services.training_api.classes.tables import TrainingClass
from services.training_api.hour_entries import queries as entries
from services.training_api.hour_entries.tables import HourEntry, HourSeal
from services.training_api.hour_exports import rules
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

OLDEST = pagination.Order((HourEntry.created_at, HourEntry.id), descending=False)
# The number of the newest certificate that has one.
CERTIFICATE = (
    select(Certificate.number)
    .where(Certificate.officer_id == Officer.id, Certificate.number.is_not(None))
    .order_by(Certificate.valid_from.desc().nulls_last())
    .limit(1)
    .correlate(Officer)
    .scalar_subquery()
)


def _words(column: SQLColumnExpression[str], words: Mapping[str, str]) -> ColumnElement[str]:
    return case({str(code): word for code, word in words.items()}, value=column, else_=column)


def _local(column: SQLColumnExpression[Any], form: str = "YYYY-MM-DD HH24:MI") -> ColumnElement[str]:
    """A moment as people in China write it."""
    return func.to_char(func.timezone("Asia/Shanghai", column), form)


def _name(who: Principal) -> Any:
    return Officer.name if officers.sees_names(who) else func.training.masked_name(Officer.name)


def _row(who: Principal) -> ColumnElement[Any]:
    return func.json_build_array(
        HourSeal.sequence,
        units.c.name,
        _name(who),
        CERTIFICATE,
        _words(HourEntry.category, rules.CATEGORIES),
        answers.hours(HourEntry.hundredths),
        cast(HourEntry.occurred_on, Text),
        _local(HourEntry.starts_at),
        _local(HourEntry.ends_at),
        _words(HourEntry.source, rules.SOURCES),
        TrainingClass.title,
        _words(entries.state_shown, rules.STATES),
        HourEntry.reverses_id,
        HourEntry.note,
        HourEntry.external_system,
        HourEntry.external_id,
        _local(HourEntry.created_at, "YYYY-MM-DD HH24:MI:SS"),
        HourEntry.id,
        func.encode(HourSeal.chain_hash, "hex"),
    )


def _joined(statement: Any) -> Select[Any]:
    found = entries.joined(statement).join(Officer, Officer.id == HourEntry.officer_id)
    found = found.join(units, units.c.id == HourEntry.unit_id)
    return found.outerjoin(TrainingClass, TrainingClass.id == HourEntry.class_id)


ROWS = reads.Listing(
    body=_row,
    visible_to=entries.visible_to,
    source=_joined,
    orders={"created_at": OLDEST},
    filters=entries.ENTRIES.filters,
)


def _ids(values: Collection[UUID]) -> ColumnElement[Any]:
    """One value, however many ids: places of a statement are counted."""
    return literal(list(values), ARRAY(Uuid()))


async def people(read: Reader, who: Principal, officer_ids: Collection[UUID], unit_ids: Collection[UUID]) -> dict[str, Any]:
    """Names and certificates of officers and names of units, by their ids as text."""
    found = select(Officer.id, _name(who).label("name"), CERTIFICATE.label("certificate")).where(
        Officer.id == any_(_ids(officer_ids))
    )
    rows = (await read.execute(found)).all()
    named = (await read.execute(select(units.c.id, units.c.name).where(units.c.id == any_(_ids(unit_ids))))).all()
    return {str(row.id): (row.name, row.certificate) for row in rows} | {str(row.id): row.name for row in named}
