"""What must be known, and locked, before hours are added."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import and_, func, select, tuple_

from services.kit import db
from services.kit.db import Session
from services.kit.principal import Principal
from services.training_api.classes.tables import TrainingClass
from services.training_api.hour_entries import queries as entries
from services.training_api.hour_entries.rules import Claim, Source, State
from services.training_api.hour_entries.tables import HourEntry
from services.training_api.hour_postings.rules import ExternalKey, Standing, Turn, course_key
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

NEAR = """
    SELECT DISTINCT e.id, e.officer_id, e.hundredths, e.occurred_on, e.days, e.starts_at, e.ends_at, e.source
    FROM unnest($1::uuid[], $2::date[], $3::date[]) AS wanted (officer_id, first_on, last_on)
    JOIN training.hour_entries e ON e.officer_id = wanted.officer_id AND e.occurred_on >= wanted.first_on - 1
         AND e.occurred_on - e.days <= wanted.last_on
    LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
    WHERE e.reverses_id IS NULL AND (e.entered_as = 'posted' OR d.decision = 'posted')
      AND NOT EXISTS (SELECT 1 FROM training.hour_entries r WHERE r.reverses_id = e.id)
"""
# Reversals stand there with their hours below zero, in the year that loses them.
BY_SOURCE = """
    SELECT e.officer_id, extract(year FROM e.occurred_on)::integer AS year, e.source, sum(e.hundredths)::integer AS hundredths
    FROM training.hour_entries e LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
    WHERE e.officer_id = ANY ($1::uuid[]) AND (e.entered_as = 'posted' OR d.decision = 'posted')
      AND e.occurred_on BETWEEN make_date($2, 1, 1) AND make_date($3, 12, 31)
    GROUP BY 1, 2, 3
"""
COURSES = """
    SELECT e.officer_id, extract(year FROM e.occurred_on)::integer AS year, e.course
    FROM training.hour_entries e LEFT JOIN training.hour_decisions d ON d.entry_id = e.id
    WHERE e.officer_id = ANY ($1::uuid[]) AND (e.entered_as = 'posted' OR d.decision = 'posted') AND e.course IS NOT NULL
      AND e.occurred_on BETWEEN make_date($2, 1, 1) AND make_date($3, 12, 31) AND e.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM training.hour_entries r WHERE r.reverses_id = e.id)
"""

Claims = Mapping[UUID, Sequence[Claim]]


async def lock_classes(session: Session, district_id: UUID | None, class_ids: Collection[UUID]) -> dict[UUID, TrainingClass]:
    """Classes of the district that hours name, locked in the order of their ids."""
    if not class_ids:
        return {}
    mine = (TrainingClass.id.in_(class_ids), TrainingClass.district_id == district_id)
    statement = select(TrainingClass).where(*mine).order_by(TrainingClass.id).with_for_update(key_share=True)
    return {found.id: found for found in (await session.execute(statement)).scalars()}


async def lock_officers(session: Session, who: Principal, officer_ids: Collection[UUID]) -> dict[UUID, Officer]:
    """Officers the caller may enter hours for, locked in the order of their ids against other writers of the same people."""
    mine = (Officer.id.in_(officer_ids), officers.visible_to(who))
    statement = select(Officer).where(*mine).order_by(Officer.id).with_for_update(key_share=True)
    return {found.id: found for found in (await session.execute(statement)).scalars()}


async def standing(session: Session, wanted: Claims, *, with_sources: bool) -> dict[UUID, Standing]:
    """What stands for officers near the days claimed; the hours of each source only where one is capped."""
    found: dict[UUID, Standing] = defaultdict(Standing)
    claims = [(officer_id, claim) for officer_id, listed in wanted.items() for claim in listed]
    if not claims:
        return found
    spans = [[key for key, _ in claims], [claim.first_on for _, claim in claims], [claim.occurred_on for _, claim in claims]]
    for _, officer_id, hundredths, on, days, starts_at, ends_at, source in await db.fetch(session, NEAR, spans):
        found[officer_id].claims.append(Claim(hundredths, on, days, starts_at, ends_at, Source(source)))
    years = [claim.year for _, claim in claims]
    around = [list(wanted), min(years), max(years)]
    if with_sources:
        for officer_id, year, source, hundredths in await db.fetch(session, BY_SOURCE, around):
            found[officer_id].by_source[year, Source(source)] = hundredths
    if any(claim.course is not None for _, claim in claims):
        for officer_id, year, course in await db.fetch(session, COURSES, around):
            found[officer_id].courses.add((year, course_key(course)))
    return found


async def turns(session: Session, wanted: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Turn]:
    """Earlier entries of classes (class, officer), and whether one of them stands."""
    if not wanted:
        return {}
    stands = and_(entries.state_shown != State.REFUSED.value, entries.Reversal.id.is_(None))
    columns = (HourEntry.class_id, HourEntry.officer_id, func.max(HourEntry.class_turn), func.bool_or(stands))
    mine = tuple_(HourEntry.class_id, HourEntry.officer_id).in_(list(wanted))
    statement = entries.joined(select(*columns)).where(mine, HourEntry.reverses_id.is_(None))
    rows = await session.execute(statement.group_by(HourEntry.class_id, HourEntry.officer_id))
    return {(row[0], row[1]): Turn(row[2], row[3]) for row in rows}


class Recorded(NamedTuple):
    """An entry known by its external id, and what it says (as rules.Wanted.told)."""

    id: UUID
    told: tuple[object, ...]


async def recorded(session: Session, district_id: UUID | None, keys: Collection[ExternalKey]) -> dict[ExternalKey, Recorded]:
    """Entries that other systems know by these ids."""
    if not keys:
        return {}
    mine = tuple_(HourEntry.external_system, HourEntry.external_id).in_(list(keys))
    rows = (await session.execute(select(HourEntry).where(HourEntry.district_id == district_id, mine))).scalars()
    return {ExternalKey(row.external_system or "", row.external_id or ""): _recorded(row) for row in rows}


def _recorded(row: HourEntry) -> Recorded:
    facts = (row.hundredths, row.occurred_on, row.starts_at, row.ends_at, Source(row.source))
    return Recorded(row.id, (row.officer_id, row.category, row.class_id, *facts))


async def officers_posted(session: Session, class_id: UUID) -> set[UUID]:
    """Officers for whom hours of this class were ever entered, also when undone since."""
    statement = select(HourEntry.officer_id).where(HourEntry.class_id == class_id)
    return set((await session.execute(statement)).scalars())
