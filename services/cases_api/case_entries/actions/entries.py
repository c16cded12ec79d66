"""Case files created one by one, or entered and brought up to date in batches: all are judged first, then written together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.cases_api import access
from services.cases_api.case_entries import queries, rules
from services.cases_api.case_entries.actions import news as compared
from services.cases_api.case_entries.actions import writing
from services.cases_api.case_entries.actions.news import News
from services.cases_api.case_entries.queries import Surroundings
from services.cases_api.case_entries.schemas import CaseFileBatchIn
from services.cases_api.case_files.rules import states
from services.cases_api.case_files.schemas.bodies import CaseFileIn
from services.cases_api.case_files.tables import CaseFile
from services.kit import audit, batches, clock, db_faults, errors, rights
from services.kit.db import Session
from services.kit.errors import DomainError, Fault, raise_if
from services.kit.personal import Vault
from services.kit.principal import Principal


async def create(session: Session, who: Principal, wanted: CaseFileIn, vault: Vault, now: datetime) -> CaseFile:
    """Enters one file; its number is the reserved one named, or the next of its series.

    Raises BadInput with every fault, Duplicate when the external id is known already.
    """
    around = await queries.surroundings(session, [wanted])
    raise_if(_refusal(who, wanted, around, now))
    if around.earlier(wanted) is not None:
        raise db_faults.Duplicate
    (made,) = await writing.enter(session, who, [wanted], around, vault, now)
    return made


async def batch(
    session: Session, who: Principal, wanted: CaseFileBatchIn, vault: Vault, now: datetime, language: str
) -> batches.Outcomes:
    """Enters or brings up to date each file; a repeated import without news changes nothing, whatever the file's state.

    Statements do not grow with the batch: all items are judged first, then written together.
    """
    around = await queries.surroundings(session, wanted.items)
    news = {
        place: compared.found(file, entry, around.steps.get(file.id, []), vault)
        for place, entry in enumerate(wanted.items)
        if (file := around.earlier(entry)) is not None
    }
    results: dict[int, batches.Done | DomainError] = dict(_refusals(who, wanted.items, around, news, now))
    if not (wanted.atomic and results):
        accepted = {place: entry for place, entry in enumerate(wanted.items) if place not in results}
        results |= await writing.write(session, who, accepted, around, news, vault, now)
    if not audit.is_told(session):
        audit.nothing_changed(session)
    told = [results.get(place, batches.SPARED) for place in range(len(wanted.items))]
    return batches.told(session, told, atomic=wanted.atomic, language=language)


async def refusals(session: Session, who: Principal, wanted: Sequence[CaseFileIn], now: datetime) -> dict[int, DomainError]:
    """Why each of these new files could not be entered, by its place."""
    around = await queries.surroundings(session, wanted)
    judged = ((place, _refusal(who, entry, around, now)) for place, entry in enumerate(wanted))
    return {place: refusal for place, refusal in judged if refusal is not None}


async def enter(
    session: Session, who: Principal, wanted: Sequence[CaseFileIn], given: Sequence[str | None], vault: Vault, now: datetime
) -> list[CaseFile]:
    """Enters new files found in order; a number `given` is the one the file has had since it was filed."""
    around = await queries.surroundings(session, wanted)
    return await writing.enter(session, who, wanted, around, vault, now, given)


def _refusals(
    who: Principal, entries: Sequence[CaseFileIn], around: Surroundings, news: Mapping[int, News], now: datetime
) -> dict[int, DomainError]:
    found: dict[int, DomainError] = {}
    seen = set[object]()
    for place, entry in enumerate(entries):
        marks = {"external_id": around.key(entry), "case_number_id": entry.case_number_id}
        twice = [Fault(f"/body/{name}", "repeated") for name, mark in marks.items() if mark is not None and mark in seen]
        refusal = errors.BadInput(*twice) if twice else _refusal(who, entry, around, now, news.get(place))
        if refusal is not None:
            found[place] = refusal
        seen |= set(marks.values())
    return found


def _refusal(
    who: Principal, entry: CaseFileIn, around: Surroundings, now: datetime, news: News | None = None
) -> DomainError | None:
    """Why an entry cannot be written; `news` is given when an earlier import of it is known."""
    unit, file = around.units.get(entry.unit_id), around.earlier(entry)
    covered = unit is not None and rights.covers(who, unit.path)
    if file is not None and news is not None and covered:
        if (refusal := rules.why_not_same(file, entry)) is not None or not news:
            return refusal
        if (refusal := states.why_not_change(file) or states.why_not_go_on(file, entry)) is not None:
            return refusal
    closer = who.admitted(access.CASE_FILES_CLOSE.grants)
    known = rules.Around(
        district_id=unit.district_id if unit is not None and covered else None,
        officers=around.officers,
        number=around.numbers.get(entry.case_number_id) if entry.case_number_id else None,
        today=clock.local_day(now),
        may_close=unit is not None and closer is not None and rights.covers(closer, unit.path),
        repeats=news is not None,
        ask_officers=news is None or "officers" in news.after or news.steps,
    )
    faults = list(rules.faults(entry, around=known))
    return errors.BadInput(*faults) if faults else None
