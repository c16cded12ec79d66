"""Enrolling officers in classes, and withdrawing them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from services.kit import errors
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.training_api import access
from services.training_api.classes import actions as class_actions
from services.training_api.classes import queries as classes
from services.training_api.classes import rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.enrolments import queries
from services.training_api.enrolments.schemas import EnrolledOut, WithdrawalIn
from services.training_api.officers import queries as officers
from services.training_api.officers import rules as officer_rules


async def enrol(session: Session, who: Principal, class_id: UUID, officer_ids: Sequence[UUID], now: datetime) -> EnrolledOut:
    """Enrols the caller's own officers in any class of the district; without a free seat they wait.

    Raises NotFound, Cancelled, BadInput (officers).
    """
    found = await classes.lock(session, access.CLASSES_READ.admit(who), class_id)
    raise_if(rules.why_not_attend(found))
    demand(officer_ids, await officers.invisible(session, who, officer_ids), "officer_ids")
    demand(officer_ids, await not_serving(session, officer_ids, found), "officer_ids", "hours.not_in_service")
    known = await queries.on_the_list(session, found.id, officer_ids)
    fresh = [each for each in dict.fromkeys(officer_ids) if each not in known]
    free = None if found.capacity is None else max(found.capacity - await classes.seats_taken(session, found.id), 0)
    await queries.enrol(session, found.id, fresh, free, await queries.next_turn(session, found.id), now)
    return await told(session, who, found, "enrolled", {"officer_ids": fresh})


async def withdraw(session: Session, who: Principal, class_id: UUID, wanted: WithdrawalIn, now: datetime) -> EnrolledOut:
    """Withdraws the caller's own officers before the class begins; whoever waits next moves up.

    Raises NotFound, Cancelled, Begun, BadInput (officers).
    """
    found = await classes.lock(session, access.CLASSES_READ.admit(who), class_id)
    raise_if(rules.why_not_withdraw(found, now))
    demand(wanted.officer_ids, await officers.invisible(session, who, wanted.officer_ids), "officer_ids")
    gone = await queries.withdraw(session, found.id, wanted.officer_ids)
    after = {"officer_ids": gone} | ({"reason": wanted.reason} if wanted.reason else {})
    await class_actions.touch(session, who, found, "withdrawn", after)
    await class_actions.move_up(session, who, found)
    return await counted(session, found)


async def not_serving(session: Session, officer_ids: Sequence[UUID], found: TrainingClass) -> set[UUID]:
    """Those who are not in service on the class's last day, on which its hours count."""
    _, last = rules.days_of(found)
    spells = await officers.timelines(session, officer_ids)
    return {each for each in officer_ids if not officer_rules.is_in_service(spells[each], last)}


def demand(sent: Sequence[UUID], refused: Collection[UUID], name: str, code: str = "not_found") -> None:
    """Raises BadInput that names each refused officer of a list in the body."""
    faults = [errors.Fault(f"/body/{name}/{place}", code) for place, each in enumerate(sent) if each in refused]
    if faults:
        raise errors.BadInput(*faults)


async def told(session: Session, who: Principal, found: TrainingClass, verb: str, after: dict[str, object]) -> EnrolledOut:
    """Tells of a change of a class's list and answers how the class stands."""
    await class_actions.touch(session, who, found, verb, after)
    return await counted(session, found)


async def counted(session: Session, found: TrainingClass) -> EnrolledOut:
    """How a class stands."""
    enrolled, waiting, present = await queries.counts(session, found.id)
    return EnrolledOut(class_id=found.id, enrolled=enrolled, waiting=waiting, present=present)
