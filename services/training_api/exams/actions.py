"""What is done with exams: held, corrected, given results, published, taken up again, voided."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from services.kit import audit, batches, clock, errors, ids, references, rights
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.kit.trail import Trail
from services.training_api import access
from services.training_api.exams import queries, rules
from services.training_api.exams.rules import ExamKind, State, Verb
from services.training_api.exams.schemas import ExamChange, ExamIn, ResultIn, ResultsIn
from services.training_api.exams.tables import Exam

OBJECT = "exam"
_tell: Final = Trail(OBJECT, access.EXAMS_READ).tell


async def create(session: Session, who: Principal, wanted: ExamIn, now: datetime) -> Exam:
    """Announces an exam. Raises BadInput (unit, marks), BureauOnly."""
    unit = await references.unit(session, wanted.unit_id)
    marks = wanted.pass_points == 0 or wanted.pass_points > wanted.full_points
    faults = [Fault("/body/pass_points", "exam.pass_mark")] if marks else []
    if not rights.covers(who, unit.path):
        faults.append(Fault("/body/unit_id", "not_found"))
    if faults:
        raise errors.BadInput(*faults)
    raise_if(rules.why_not_hold(wanted.kind, whole_district=_reaches_all(who)))
    facts = wanted.model_dump(exclude={"full_points", "pass_points", "kind"})
    exam = Exam(
        id=ids.new_id(),
        district_id=unit.district_id,
        kind=wanted.kind.value,
        full_hundredths=wanted.full_points,
        pass_hundredths=wanted.pass_points,
        state=State.OPEN.value,
        created_at=now,
        **facts,
    )
    session.add(exam)
    await session.flush()
    _tell(session, who, exam, "created", {}, wanted.model_dump(mode="json"))
    return exam


async def change(session: Session, who: Principal, exam_id: UUID, version: int, wanted: ExamChange) -> None:
    """Corrects an exam while results come in. Raises NotFound, Stale, IllegalMove, BureauOnly, BadInput."""
    exam = await _ready(session, who, exam_id, version, Verb.CHANGE)
    sent = wanted.model_dump(exclude_none=True, exclude={"pass_points"})
    if wanted.pass_points is not None:
        if not 0 < wanted.pass_points <= exam.full_hundredths:
            raise errors.BadInput(Fault("/body/pass_points", "exam.pass_mark"))
        sent["pass_hundredths"] = wanted.pass_points
    before, after = audit.changes({name: getattr(exam, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(exam, name, value)
    await session.flush()
    if "pass_hundredths" in after:
        await queries.judge_anew(session, exam)
    _tell(session, who, exam, "changed", before, after)


async def record(
    session: Session, who: Principal, exam_id: UUID, wanted: ResultsIn, now: datetime, language: str
) -> batches.Outcomes:
    """Enters results of officers in the caller's reach, each with its own outcome. Raises NotFound, IllegalMove, BureauOnly."""
    exam = await _ready(session, who, exam_id, None, Verb.RECORD)
    kinds = await queries.candidates(session, who, [item.officer_id for item in wanted.items])
    seen = set[UUID]()
    judged: list[batches.Done | errors.DomainError] = []
    for item in wanted.items:
        faults = _faults(exam, item, kinds.get(item.officer_id), repeated=item.officer_id in seen)
        seen.add(item.officer_id)
        judged.append(errors.BadInput(*faults) if faults else (200, item.officer_id))
    told = batches.told(session, judged, atomic=wanted.atomic, language=language)
    rows = [_row(who, exam, item, now) for item, done in zip(wanted.items, judged, strict=True) if isinstance(done, tuple)]
    if rows:
        await queries.put_results(session, rows)
        tell_results(session, who, exam, {"results": len(rows)})
    return told


async def for_results(session: Session, who: Principal, exam_id: UUID) -> Exam:
    """An exam that takes results, locked. Raises NotFound, BureauOnly, IllegalMove."""
    return await _ready(session, who, exam_id, None, Verb.RECORD)


def tell_results(session: Session, who: Principal, exam: Exam, after: dict[str, Any]) -> None:
    """Tells that results were entered."""
    _tell(session, who, exam, "results_recorded", {}, after)


async def publish(session: Session, who: Principal, exam_id: UUID, version: int, now: datetime) -> None:
    """Lets the results count. Raises NotFound, Stale, IllegalMove, NoResults, BureauOnly, BadInput before the day."""
    exam = await _ready(session, who, exam_id, version, Verb.PUBLISH)
    raise_if(rules.why_not_publish(exam, await queries.count_results(session, exam.id)))
    if exam.held_on > clock.local_day(now):
        raise errors.BadInput(Fault("/body/held_on", "in_future"))
    exam.published_at = now
    await _move(session, who, exam, Verb.PUBLISH, "published")


async def reopen(session: Session, who: Principal, exam_id: UUID, version: int, reason: str) -> None:
    """Takes published results up again, with a reason; until published anew they do not count. Raises as `publish`."""
    exam = await _ready(session, who, exam_id, version, Verb.REOPEN)
    exam.published_at = None
    await _move(session, who, exam, Verb.REOPEN, "reopened", reason)


async def void(session: Session, who: Principal, exam_id: UUID, version: int, reason: str) -> None:
    """Nothing of the exam counts any more; it is kept. Raises NotFound, Stale, IllegalMove, BureauOnly."""
    exam = await _ready(session, who, exam_id, version, Verb.VOID)
    await _move(session, who, exam, Verb.VOID, "voided", reason)


async def _ready(session: Session, who: Principal, exam_id: UUID, version: int | None, verb: Verb) -> Exam:
    exam = await queries.one_for_update(session, who, exam_id, version)
    raise_if(rules.why_not_hold(ExamKind(exam.kind), whole_district=_reaches_all(who)))
    raise_if(rules.why_not(verb, exam))
    return exam


def _reaches_all(who: Principal) -> bool:
    return who.district_id is not None and rights.covers(who, (who.district_id,))


def _faults(exam: Exam, item: ResultIn, kind: str | None, *, repeated: bool) -> list[Fault]:
    if kind is None:
        return [Fault("/body/officer_id", "not_found")]
    faults = [Fault("/body/officer_id", "repeated")] if repeated else []
    return faults + rules.faults_of_result(item.points, item.absent, kind, exam)


def _row(who: Principal, exam: Exam, item: ResultIn, now: datetime) -> dict[str, Any]:
    return {
        "exam_id": exam.id,
        "officer_id": item.officer_id,
        "points_hundredths": item.points,
        "outcome": rules.outcome(item.points, exam).value,
        "recorded_by": who.account_id,
        "recorded_at": now,
    }


async def _move(session: Session, who: Principal, exam: Exam, verb: Verb, told: str, reason: str | None = None) -> None:
    before = State(exam.state)
    exam.state = rules.MOVES[verb][before].value
    await session.flush()
    _tell(session, who, exam, told, {"state": before}, {"state": exam.state}, reason)
