"""What the bureau does with reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kit import audit, clock, errors, ids, operations, outbox, references
from services.kit.db import Session
from services.kit.errors import Fault, raise_if
from services.kit.principal import Principal
from services.tasks_api import access
from services.tasks_api.reports import queries, rules
from services.tasks_api.reports.rules import State, Told, Verb
from services.tasks_api.reports.schemas import ReportChange, ReportIn, SendIn
from services.tasks_api.reports.tables import Report

OBJECT = "report"
KIND = "report_gathering"


async def ask(session: Session, who: Principal, wanted: ReportIn, now: datetime) -> UUID:
    """Begins a report; its figures are gathered behind the answer. The operation's id. Raises BadInput."""
    if who.unit_id is None or who.district_id is None:
        raise errors.Forbidden
    period = rules.period_of(wanted.kind, wanted.year, wanted.quarter, (wanted.period_start, wanted.period_end))
    if not isinstance(period, rules.Period):
        raise errors.BadInput(*period)
    raise_if(rules.why_not_period(wanted.kind, period, clock.local_day(now)))
    district = await references.unit(session, who.district_id)
    report = Report(
        id=ids.new_id(),
        district_id=who.district_id,
        unit_id=who.unit_id,
        kind=wanted.kind.value,
        title=wanted.title or rules.title_of(wanted.kind, period, district.name.removesuffix("人民政府")),
        period_start=period.start,
        period_end=period.end,
        sections=[each.model_dump() for each in wanted.sections],
        state=State.GATHERING.value,
        created_by=who.account_id,
        created_by_name=who.name,
        created_at=now,
    )
    session.add(report)
    await session.flush()
    _tell(session, who, report, "asked", {"kind": report.kind, "period_start": period.start, "period_end": period.end})
    return await _gather(session, who, report)


async def refresh(session: Session, who: Principal, report_id: UUID, version: int) -> UUID:
    """Gathers the figures of a draft anew. The operation's id. Raises NotFound, Stale, IllegalMove."""
    report = await _ready(session, who, report_id, version, Verb.REFRESH)
    report.data = report.data_sha256 = report.as_of = None
    await _move(session, who, report, Verb.REFRESH)
    return await _gather(session, who, report)


async def _gather(session: Session, who: Principal, report: Report) -> UUID:
    return await operations.start(session, who, KIND, {"report_id": str(report.id), "who": operations.told(who)})


async def keep(session: Session, who: Principal, report_id: UUID, tables: Sequence[Told], now: datetime) -> None:
    """Keeps what was gathered; a report made void meanwhile stays as it is."""
    report = await queries.one_for_update(session, who, report_id, None)
    if report.state != State.GATHERING:
        return
    report.data = rules.gathered(tables)
    report.data_sha256, report.as_of, report.state = rules.digest_of(report.data), now, State.DRAFT.value
    await session.flush()
    _tell(session, who, report, "gathered", {"data_sha256": report.data_sha256})


async def change(session: Session, who: Principal, report_id: UUID, version: int, wanted: ReportChange) -> None:
    """Changes the words of a draft. Raises NotFound, Stale, IllegalMove."""
    report = await _ready(session, who, report_id, version, Verb.CHANGE)
    sent = wanted.model_dump(exclude_unset=True)
    if faults := [Fault(f"/body/{name}", "missing") for name in ("title", "sections") if sent.get(name, 0) is None]:
        raise errors.BadInput(*faults)
    before, after = audit.changes({name: getattr(report, name) for name in sent}, sent)
    for name, value in after.items():
        setattr(report, name, value)
    await session.flush()
    _tell(session, who, report, "changed", after, before=before)


async def approve(session: Session, who: Principal, report_id: UUID, version: int, now: datetime) -> None:
    """The bureau's leader approves; not who drew it up. Raises NotFound, Stale, IllegalMove, SamePerson."""
    report = await _ready(session, who, report_id, version, Verb.APPROVE)
    raise_if(rules.why_not_approve(report.created_by, who.account_id))
    report.approved_by_name, report.approved_at = who.name, now
    await _move(session, who, report, Verb.APPROVE)


async def send(session: Session, who: Principal, report_id: UUID, version: int, wanted: SendIn, now: datetime) -> None:
    """Records that it went to the government. Raises NotFound, Stale, IllegalMove, BadInput (day)."""
    report = await _ready(session, who, report_id, version, Verb.SEND)
    raise_if(_why_not_sent_on(wanted.sent_on, report.period_start, clock.local_day(now)))
    report.sent_on, report.sent_to = wanted.sent_on, wanted.sent_to
    report.document_no = wanted.document_no or report.document_no
    await _move(session, who, report, Verb.SEND)


def _why_not_sent_on(sent_on: date, period_start: date, today: date) -> errors.DomainError | None:
    if sent_on > today:
        return errors.BadInput(Fault("/body/sent_on", "day.in_the_future"))
    early = Fault("/body/sent_on", "day.not_later", {"limit": str(period_start)})
    return errors.BadInput(early) if sent_on <= period_start else None


async def void(session: Session, who: Principal, report_id: UUID, version: int, reason: str) -> None:
    """Makes a report void that was not sent, with a reason. Raises NotFound, Stale, IllegalMove."""
    report = await _ready(session, who, report_id, version, Verb.VOID)
    report.void_reason = reason
    await _move(session, who, report, Verb.VOID, reason)


async def _ready(session: Session, who: Principal, report_id: UUID, version: int, verb: Verb) -> Report:
    report = await queries.one_for_update(session, who, report_id, version)
    raise_if(rules.why_not(verb, State(report.state)))
    return report


async def _move(session: Session, who: Principal, report: Report, verb: Verb, reason: str | None = None) -> None:
    before = State(report.state)
    report.state = rules.MOVES[verb][before].value
    await session.flush()
    _tell(session, who, report, rules.PAST[verb], {"state": report.state}, before={"state": before}, reason=reason)


def _tell(
    session: Session,
    who: Principal,
    report: Report,
    verb: str,
    after: dict[str, Any],
    *,
    before: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    place = (report.district_id, report.unit_id)
    audit.record(session, who, f"{OBJECT}.{verb}", OBJECT, report.id, *place, before=before, after=after, reason=reason)
    outbox.publish(session, f"{OBJECT}.{verb}", OBJECT, report.id, report.version, access.REPORTS_WRITE, *place)
