"""What is done with years of the ledger: the bureau closes them and opens them again."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from services.kit import audit, clock, ids, outbox, preconditions
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.hour_years import queries, rules
from services.training_api.hour_years.rules import Verb
from services.training_api.hour_years.tables import HourYearMove

OBJECT = "hour_year"


async def move(
    session: Session, who: Principal, year: int, version: int, verb: Verb, reason: str | None, now: datetime
) -> HourYearMove:
    """Closes a year that is over, or opens a closed one. Raises IllegalMove, NotOver, Stale."""
    district_id = queries.district_of(who)
    await queries.lock(session, district_id)
    state, moves = await queries.state(session, district_id, year)
    raise_if(rules.why_not_move(verb, state, year, clock.local_day(now).year))
    preconditions.expect(moves + 1, version)
    made = HourYearMove(
        id=ids.new_id(),
        district_id=district_id,
        year=year,
        place=moves + 1,
        state=rules.MOVES[verb][state].value,
        reason=reason,
        moved_by=who.account_id,
        moved_at=now,
    )
    session.add(made)
    await session.flush()
    _tell(session, who, made, state, verb)
    return made


def _tell(session: Session, who: Principal, made: HourYearMove, state: rules.State, verb: Verb) -> None:
    name = {Verb.CLOSE: "closed", Verb.REOPEN: "reopened"}[verb]
    place: Any = (OBJECT, made.id, made.district_id)
    change: Any = {"before": {"state": state.value}, "after": {"state": made.state, "year": made.year}}
    audit.record(session, who, f"{OBJECT}.{name}", *place, reason=made.reason, **change)
    told = {"year": made.year}
    version = made.place + 1
    outbox.publish(session, f"{OBJECT}.{name}", OBJECT, made.id, version, access.HOUR_YEARS_READ, made.district_id, data=told)
