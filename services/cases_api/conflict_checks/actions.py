"""Checking conflicts without assigning anything."""

from __future__ import annotations

from datetime import datetime

from services.cases_api.conflict_checks import queries
from services.cases_api.conflict_checks.schemas import ConflictCheckIn, ConflictCheckOut, ConflictOut
from services.cases_api.review_settings import queries as review_settings
from services.kit import clock, errors
from services.kit.db import Session
from services.kit.principal import Principal


async def check(session: Session, who: Principal, wanted: ConflictCheckIn, now: datetime) -> ConflictCheckOut:
    """Who of these may not review which of these files, and why. Raises BadInput for what is not of the district."""
    assert who.district_id is not None
    units = await queries.units_of(session, who.district_id, wanted.case_file_ids)
    people = await queries.accounts_of(session, who.district_id, wanted.account_ids)
    named = (("account_ids", wanted.account_ids, people), ("case_file_ids", wanted.case_file_ids, units))
    faults = [
        errors.Fault(f"/body/{name}/{place}", "not_found")
        for name, listed, known in named
        for place, each in enumerate(listed)
        if each not in known
    ]
    if faults:
        raise errors.BadInput(*faults)
    day = clock.local_day(now)
    settings = await review_settings.in_force(session, who.district_id, day)
    scope = queries.Scope(who.district_id, wanted.year or day.year, settings, day)
    conflicts = await queries.find(session, scope, wanted.account_ids, wanted.case_file_ids)
    items = [
        ConflictOut(account_id=account, case_file_id=file, unit_id=units[file], kinds=kinds)
        for account in dict.fromkeys(wanted.account_ids)
        for file in dict.fromkeys(wanted.case_file_ids)
        if (kinds := conflicts.between(account, file, units[file]))
    ]
    return ConflictCheckOut(checked=len(people) * len(units), items=items)
