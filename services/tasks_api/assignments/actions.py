"""What units and the bureau do with assignments. Each move is a row of the history, an audit row and a message."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final
from uuid import UUID

from services.kit import audit, clock, errors, references, rights
from services.kit.db import Session
from services.kit.principal import Principal, Scope
from services.kit.trail import Trail
from services.tasks_api import access
from services.tasks_api.assignments import queries, rules
from services.tasks_api.assignments.rules import State, Verb
from services.tasks_api.assignments.schemas import ReasonIn, ReassignIn
from services.tasks_api.assignments.tables import Assignment, AssignmentMove
from services.tasks_api.lateness import actions as lateness
from services.tasks_api.lateness.rules import How, Owed
from services.tasks_api.notifications import actions as inbox
from services.tasks_api.notifications import rules as messages
from services.tasks_api.notifications.rules import Kind, Message
from services.tasks_api.tasks import queries as tasks

OBJECT = "assignment"
TRAIL: Final = Trail(OBJECT, access.ASSIGNMENTS_READ, data=("task_id", "plan_id", "state"))
WATCHED = ("state", "unit_id", "due_on", "stopped_on", "suspended_days")
# How a move ends the lateness of whoever is late, and why one lets it go on.
ENDED: Final = {Verb.SUBMIT: How.SUBMITTED, Verb.SUSPEND: How.SUSPENDED, Verb.VOID: How.VOID, Verb.REASSIGN: How.REASSIGNED}
# Moves that a unit's people find in their inbox.
TOLD: Final = {
    Verb.RETURN: (Kind.RETURNED, "任务被退回"),
    Verb.REASSIGN: (Kind.ASSIGNED, "任务交办"),
    Verb.VOID: (Kind.RETURNED, "任务已作废"),
    Verb.SUSPEND: (Kind.RETURNED, "任务已中止"),
    Verb.RESUME: (Kind.RETURNED, "任务已恢复"),
}
WENT_ON: Final = {Verb.RETURN: How.RETURNED, Verb.RESUME: How.RESUMED}


async def sign(session: Session, who: Principal, assignment_id: UUID, version: int, now: datetime) -> None:
    """The unit's leader takes note of the assignment (签收). Raises NotFound, Stale, NotActive, IllegalMove."""
    await _make(session, who, Verb.SIGN, assignment_id, version, now)


async def start(session: Session, who: Principal, assignment_id: UUID, version: int, now: datetime) -> None:
    """The unit begins its work. Raises NotFound, Stale, NotActive, IllegalMove."""
    await _make(session, who, Verb.START, assignment_id, version, now)


async def submit(session: Session, who: Principal, assignment_id: UUID, version: int, now: datetime) -> None:
    """The unit's leader hands in the work with its progress reports; the clock stops.

    Raises NotFound, Stale, NotActive, IllegalMove, NothingReported.
    """
    await _make(session, who, Verb.SUBMIT, assignment_id, version, now)


async def send_back(
    session: Session, who: Principal, assignment_id: UUID, version: int, wanted: ReasonIn | None, now: datetime
) -> None:
    """The bureau returns (退回) what was handed in; the clock runs on as if it had never stopped, and new reports are owed.

    Raises as `approve`, and BadInput (reason).
    """
    await _make(session, who, Verb.RETURN, assignment_id, version, now, _reason(session, wanted))


async def approve(session: Session, who: Principal, assignment_id: UUID, version: int, now: datetime) -> None:
    """The bureau accepts the work (办结); late days stay as they were when it was handed in.

    Raises NotFound, Stale, Forbidden, NotActive, IllegalMove.
    """
    await _make(session, who, Verb.APPROVE, assignment_id, version, now)


async def suspend(
    session: Session, who: Principal, assignment_id: UUID, version: int, wanted: ReasonIn | None, now: datetime
) -> None:
    """The bureau stops the clock (中止). Raises as `send_back`."""
    await _make(session, who, Verb.SUSPEND, assignment_id, version, now, _reason(session, wanted))


async def resume(session: Session, who: Principal, assignment_id: UUID, version: int, now: datetime) -> None:
    """The work goes on where it was suspended; the due date moves by the calendar days of the pause.

    Raises as `approve`.
    """
    await _make(session, who, Verb.RESUME, assignment_id, version, now)


async def cancel(
    session: Session, who: Principal, assignment_id: UUID, version: int, wanted: ReasonIn | None, now: datetime
) -> None:
    """The bureau takes the assignment back for good (作废), with the parts given on. Raises as `send_back`."""
    await _make(session, who, Verb.VOID, assignment_id, version, now, _reason(session, wanted))


async def reassign(
    session: Session, who: Principal, assignment_id: UUID, version: int, wanted: ReassignIn, now: datetime
) -> None:
    """Gives the assignment to another unit of the district; history and due date stay, the unit signs anew.

    Parts the former unit gave on are void. Raises BadInput (unit_id) and AlreadyOwed beside the refusals of every move. Both
    units are told.
    """
    reason = _reason(session, wanted)
    assignment = await queries.one_for_update(session, who, assignment_id, version)
    await demand_issuer(session, who, assignment)
    errors.raise_if(rules.why_not(Verb.REASSIGN, assignment))
    unit = await references.unit(session, wanted.unit_id)
    if not rights.covers(who, unit.path):
        raise errors.BadInput(errors.Fault("/body/unit_id", "not_found"))
    if await queries.is_owed(session, assignment, unit.id):
        raise rules.AlreadyOwed
    former = assignment.unit_id
    await _move(session, who, assignment, Verb.REASSIGN, now, reason, unit_id=unit.id)
    TRAIL.publish(session, assignment, rules.PAST[Verb.REASSIGN], former)
    await _hand_down(session, who, assignment, Verb.VOID, now, reason)


async def extend(session: Session, who: Principal, assignment: Assignment, due_on: date, reason: str, now: datetime) -> None:
    """Moves the due date of a locked assignment whose clock runs; the old date stays in the history and the lateness record."""
    await _redate(session, who, assignment, due_on, (rules.EXTEND, "extended", How.EXTENDED), reason, now)


async def replan(
    session: Session, who: Principal, assignment: Assignment, planned: date | None, reason: str, now: datetime
) -> None:
    """A new version of the plan asks for another date, behind which lie the days of pauses; the unit is told.

    The old date stays in the history.
    """
    assignment.is_replanned, assignment.replanned_due_on = True, planned
    former, due_on = assignment.due_on, rules.due_after_change(planned, assignment.suspended_days)
    await _redate(session, who, assignment, due_on, (rules.REPLAN, "replanned", How.REPLANNED), reason, now)
    text = f"完成时限：{former or '无'} → {due_on or '无'}。{reason}"
    await inbox.send(session, [await message(session, assignment, Kind.EXTENSION, "任务时限调整", text)], now)


async def end_by_plan(session: Session, who: Principal, assignment: Assignment, reason: str, now: datetime) -> None:
    """A new version of the plan asks for it no more: void, with the parts given on; what was recorded stays."""
    await _move(session, who, assignment, Verb.VOID, now, reason)
    await _hand_down(session, who, assignment, Verb.VOID, now, reason)


async def _redate(
    session: Session,
    who: Principal,
    assignment: Assignment,
    due_on: date | None,
    names: tuple[str, str, How],
    reason: str,
    now: datetime,
) -> None:
    verb, past, how = names
    before = {name: getattr(assignment, name) for name in WATCHED}
    state = State(assignment.state)
    if state in rules.RUNNING:
        await lateness.end(session, who, owed(assignment), how, now)
    assignment.due_on = due_on
    assignment.watch_on = clock.local_day(now) if state in rules.RUNNING else None
    assignment.ladder += 1
    await session.flush()
    session.add(_history(who, assignment, verb, state, now, reason))
    changed = audit.changes(before, {name: getattr(assignment, name) for name in WATCHED})
    TRAIL.tell(session, who, assignment, past, *changed, reason)


def owed(assignment: Assignment) -> Owed:
    """What the lateness record knows of an assignment as it stands."""
    return Owed(
        subject_id=assignment.id,
        district_id=assignment.district_id,
        plan_id=assignment.plan_id,
        task_id=assignment.task_id,
        unit_id=assignment.unit_id,
        due_on=assignment.due_on,
        held_since=assignment.held_since,
    )


def _reason(session: Session, wanted: ReasonIn | None) -> str:
    """The reason in the body, else that in `X-Change-Reason`; BadInput without either."""
    reason = (wanted.reason if wanted else None) or audit.circumstances(session).reason
    if reason is None:
        raise errors.BadInput(errors.Fault("/body/reason", "missing"))
    return reason


async def _make(
    session: Session, who: Principal, verb: Verb, assignment_id: UUID, version: int, now: datetime, reason: str | None = None
) -> None:
    assignment = await queries.one_for_update(session, who, assignment_id, version)
    if verb in rules.ISSUERS:
        await demand_issuer(session, who, assignment)
    errors.raise_if(rules.why_not(verb, assignment))
    if verb is Verb.SUBMIT:
        errors.raise_if(rules.why_not_hand_in(await queries.open_parts(session, assignment.id)))
    paused_on = assignment.stopped_on
    await _move(session, who, assignment, verb, now, reason)
    if verb in rules.HANDED_DOWN:
        await _hand_down(session, who, assignment, verb, now, reason, since=paused_on if verb is Verb.RESUME else None)


async def demand_issuer(session: Session, who: Principal, assignment: Assignment) -> None:
    """The bureau decides on everything, a unit on the parts it gave on. Raises Forbidden."""
    if Scope.DISTRICT in who.scopes:
        return
    if assignment.issuer_unit_id is None:
        raise errors.Forbidden
    issuer = await references.unit(session, assignment.issuer_unit_id)
    if not rights.covers(who, issuer.path):
        raise errors.Forbidden


async def _hand_down(
    session: Session,
    who: Principal,
    assignment: Assignment,
    verb: Verb,
    now: datetime,
    reason: str | None,
    *,
    since: date | None = None,
) -> None:
    """Does the same to the parts given on, and to theirs. Only what was paused with the whole goes on with it (`since`)."""
    for part in await queries.parts_for_update(session, assignment.id):
        paused_apart = since is not None and part.stopped_on is not None and part.stopped_on < since
        if rules.why_not(verb, part) is None and not paused_apart:
            await _move(session, who, part, verb, now, reason)
            await _hand_down(session, who, part, verb, now, reason, since=since)


async def _move(
    session: Session,
    who: Principal,
    assignment: Assignment,
    verb: Verb,
    now: datetime,
    reason: str | None,
    *,
    unit_id: UUID | None = None,
) -> None:
    """Carries out a move that the rules allow, and tells it."""
    before = {name: getattr(assignment, name) for name in WATCHED}
    state, today = State(assignment.state), clock.local_day(now)
    await _note_lateness_before(session, who, assignment, verb, now)
    if unit_id is not None:
        assignment.unit_id, assignment.held_since = unit_id, today
        assignment.ladder += 1
    _change_state(assignment, verb, today)
    await session.flush()
    session.add(_history(who, assignment, verb.value, state, now, reason))
    changed = audit.changes(before, {name: getattr(assignment, name) for name in WATCHED})
    TRAIL.tell(session, who, assignment, rules.PAST[verb], *changed, reason)
    if verb in WENT_ON:
        await lateness.note(session, who, owed(assignment), now, WENT_ON[verb])
    if verb in TOLD:
        await inbox.send(session, [await message(session, assignment, *TOLD[verb], reason or "")], now)


async def message(session: Session, assignment: Assignment, kind: Kind, lead: str, text: str) -> Message:
    """A message to the people of the unit that holds an assignment."""
    title = (await tasks.titles(session, [assignment.task_id]))[assignment.task_id]
    return Message(
        kind=kind,
        district_id=assignment.district_id,
        unit_id=assignment.unit_id,
        roles=messages.STAFF,
        title=f"{lead}：{title}"[:200],
        text=text or title,
        object_type=OBJECT,
        object_id=assignment.id,
    )


async def _note_lateness_before(session: Session, who: Principal, assignment: Assignment, verb: Verb, now: datetime) -> None:
    """Keeps what is late before a move changes who is, and until when."""
    if assignment.state not in rules.RUNNING:
        return
    if verb in ENDED:
        await lateness.end(session, who, owed(assignment), ENDED[verb], now)
    else:
        await lateness.note(session, who, owed(assignment), now)


def _change_state(assignment: Assignment, verb: Verb, today: date) -> None:
    after = rules.target(assignment, verb)
    assert after is not None
    if verb is Verb.RESUME and assignment.stopped_on is not None:
        assignment.due_on, pause = rules.due_after_pause(assignment.due_on, assignment.stopped_on, today)
        assignment.suspended_days += pause
    if verb in {Verb.RETURN, Verb.REASSIGN}:
        assignment.reported_at = None
    assignment.state_before = assignment.state if after is State.SUSPENDED else None
    assignment.stopped_on = rules.clock_end(after, assignment.stopped_on, today)
    assignment.watch_on = today if after in rules.RUNNING else None
    assignment.state = after


def _history(
    who: Principal, assignment: Assignment, verb: str, before: State, now: datetime, reason: str | None
) -> AssignmentMove:
    return AssignmentMove(
        assignment_id=assignment.id,
        version=assignment.version,
        verb=verb,
        state_before=before.value,
        state_after=assignment.state,
        unit_id=assignment.unit_id,
        due_on=assignment.due_on,
        stopped_on=assignment.stopped_on,
        reason=reason,
        actor_id=who.account_id,
        actor_name=who.name,
        recorded_at=now,
    )
