"""Rectifications of case-file reviews that are not closed yet, as cases_api publishes them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Column, Date, MetaData, Table, Text, Uuid, select

from services.kit import visibility
from services.kit.db import Session
from services.kit.principal import Principal

open_rectifications: Final = Table(
    "open_rectifications",
    MetaData(),
    Column("id", Uuid),
    Column("district_id", Uuid),
    Column("unit_id", Uuid),
    Column("case_no", Text),
    Column("due_on", Date),
    schema="published",
)


async def rectifications(session: Session, who: Principal, ids: Sequence[UUID] | None, most: int) -> Sequence[Any]:
    """Those with these ids, or all, of the units in the caller's sight; the most pressing first."""
    view = open_rectifications.c
    found = select(view.id, view.unit_id, view.case_no).where(
        visibility.within(who, district=view.district_id, unit=view.unit_id)
    )
    if ids is not None:
        found = found.where(view.id.in_(ids))
    return (await session.execute(found.order_by(view.due_on, view.id).limit(most))).all()
