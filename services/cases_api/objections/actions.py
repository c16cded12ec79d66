"""Filing, giving to somebody not involved, deciding and taking back objections."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api import access
from services.cases_api.conflict_checks import queries as conflicts
from services.cases_api.objections import external, queries, rules
from services.cases_api.objections.rules import State
from services.cases_api.objections.schemas import ObjectionIn, UpholdIn
from services.cases_api.objections.tables import Objection
from services.cases_api.results import actions as results
from services.cases_api.results import queries as result_queries
from services.cases_api.results.tables import Result
from services.cases_api.review_rounds import queries as rounds
from services.cases_api.review_settings import queries as review_settings
from services.cases_api.reviews import queries as review_queries
from services.cases_api.reviews import rules as reviews
from services.kit import clock, errors, evidence, ids
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail

OBJECT = "objection"
_tell: Final = Trail(OBJECT, access.OBJECTIONS_READ, person="decider_id").tell


async def file(session: Session, who: Principal, wanted: ObjectionIn, now: datetime) -> Objection:
    """The unit objects to the final result of one of its files.

    Raises NotFound (the result), NotFinal, AlreadyFiled, TooLate, MissingYear, BadInput (evidence).
    """
    result = await result_queries.locked(session, who, wanted.result_id)
    published_on, today = clock.local_day(result.published_at), clock.local_day(now)
    # By what was set when the result was published: the unit could rely on it from that day.
    settings = await review_settings.in_force(session, result.district_id, published_on)
    calendar = await external.calendar(session)
    last = calendar.add(published_on, settings.objection_days)
    is_filed = await queries.is_filed(session, result.id)
    raise_if(rules.why_not_file(today, last, is_final=result.is_final, is_filed=is_filed))
    made = Objection(
        id=ids.new_id(), district_id=result.district_id, unit_id=result.unit_id, result_id=result.id,
        case_file_id=result.case_file_id, text=wanted.text, state=State.FILED, filed_by=who.account_id, filed_at=now,
        decide_by=calendar.add(today, settings.objection_decision_days), total_before=result.total_hundredths,
        grade_before=result.grade,
    )  # fmt: skip
    session.add(made)
    await session.flush()
    place = (made.id, access.OBJECTIONS_READ, made.district_id, made.unit_id)
    await evidence.attach(session, who, wanted.attachment_ids, OBJECT, *place)
    _tell(session, who, made, "filed", {}, {"result_id": made.result_id, "decide_by": made.decide_by})
    return made


async def assign(session: Session, who: Principal, objection_id: UUID, version: int, account_id: UUID, now: datetime) -> None:
    """Names who decides. Raises NotFound, Stale, IllegalMove, BadInput, Involved."""
    found, result = await _held(session, who, objection_id, version, "assign")
    if not await queries.may_decide(session, found.district_id, account_id):
        raise errors.BadInput(errors.Fault("/body/account_id", "not_found"))
    await _expect_neutral(session, result, account_id, now)
    before = found.state
    found.decider_id, found.state = account_id, State.ASSIGNED
    await session.flush()
    _tell(session, who, found, "assigned", {"state": before}, {"state": found.state, "decider_id": account_id})


async def uphold(session: Session, who: Principal, objection_id: UUID, version: int, wanted: UpholdIn, now: datetime) -> None:
    """The objection is right: the result becomes that of the corrected sheet, with its history kept.

    Raises NotFound, Stale, IllegalMove, OtherDecider, Involved, NotFinal, BadInput (the sheet).
    """
    found, result = await _decided_by(session, who, objection_id, version, "uphold", now)
    if not result.is_final:
        raise rules.NotFinal
    content = wanted.sheet.model_dump(mode="json", exclude_none=True)
    score = await _score(session, result, content)
    found.content, found.decision, found.decided_at = content, wanted.decision, now
    await _move(session, who, found, "uphold", "upheld", {"grade": score.grade, "total_hundredths": score.total})
    vetoes = sorted({veto["key"] for veto in content["vetoes"]})
    standing = results.Standing(score.total, score.grade, vetoes)
    await results.correct(session, who, result, found.id, standing, wanted.decision, now)


async def reject(session: Session, who: Principal, objection_id: UUID, version: int, decision: str, now: datetime) -> None:
    """The objection is not right; the result stands. Raises NotFound, Stale, IllegalMove, OtherDecider, Involved."""
    found, _ = await _decided_by(session, who, objection_id, version, "reject", now)
    found.decision, found.decided_at = decision, now
    await _move(session, who, found, "reject", "rejected")


async def withdraw(session: Session, who: Principal, objection_id: UUID, version: int) -> None:
    """The unit takes it back; it was its one objection. Raises NotFound, Stale, IllegalMove."""
    found, _ = await _held(session, who, objection_id, version, "withdraw")
    await _move(session, who, found, "withdraw", "withdrawn")


async def _held(session: Session, who: Principal, objection_id: UUID, version: int, verb: str) -> tuple[Objection, Result]:
    found = await queries.one_for_update(session, who, objection_id, version)
    raise_if(rules.why_not(verb, State(found.state)))
    return found, await result_queries.held(session, found.result_id)


async def _decided_by(
    session: Session, who: Principal, objection_id: UUID, version: int, verb: str, now: datetime
) -> tuple[Objection, Result]:
    found, result = await _held(session, who, objection_id, version, verb)
    if found.decider_id != who.account_id:
        raise rules.OtherDecider
    # Whoever has come into conflict since was neutral on the day of the naming only.
    await _expect_neutral(session, result, who.account_id, now)
    return found, result


async def _expect_neutral(session: Session, result: Result, account_id: UUID, now: datetime) -> None:
    day = clock.local_day(now)
    settings = await review_settings.in_force(session, result.district_id, day)
    year = await rounds.campaign_year(session, result.campaign_id)
    scope = conflicts.Scope(result.district_id, year, settings, day)
    known = await conflicts.find(session, scope, [account_id], [result.case_file_id])
    in_conflict = bool(known.between(account_id, result.case_file_id, result.unit_id))
    raise_if(rules.why_not_give(account_id, await queries.involved(session, result), in_conflict=in_conflict))


async def _score(session: Session, result: Result, content: dict[str, Any]) -> reviews.Score:
    ground = await review_queries.ground(session, result)
    findings = reviews.findings_of(content)
    if faults := reviews.faults_of(ground.rubric, ground.file, findings):
        raise errors.BadInput(
            *(errors.Fault(each.pointer.replace("/body/", "/body/sheet/"), each.code, each.params) for each in faults)
        )
    return reviews.score(ground.rubric, ground.file, findings)


async def _move(
    session: Session, who: Principal, found: Objection, verb: str, told: str, more: dict[str, Any] | None = None
) -> None:
    before = State(found.state)
    found.state = rules.MOVES[verb][before]
    await session.flush()
    _tell(session, who, found, told, {"state": before}, {"state": found.state} | (more or {}))
