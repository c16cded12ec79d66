"""Drafting plans: from a document as governments write them, or as data."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import asdict, dataclass
from dataclasses import fields as dataclass_fields
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.kit import clock, errors
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.principal import Principal
from services.tasks_api.plan_imports import external, formats, queries, rules
from services.tasks_api.plan_imports.schemas import PlanIn
from services.tasks_api.plans import actions as plan_actions
from services.tasks_api.plans import rules as plan_rules
from services.tasks_api.plans.tables import Plan
from services.tasks_api.supervision_settings import queries as settings
from services.tasks_api.supervision_settings.schemas import TimeWords
from services.tasks_api.tasks import actions as task_actions
from services.tasks_api.tasks.schemas import DeadlineIn, PartyIn, QuantityIn, TaskIn

KIND = "plan_import"


class NoPeriod(errors.BadInput):
    code = "plan_import.no_period"
    zh, en = "文件中未写明起止年份，请填写计划期间。", "The document names no years; give the plan's period."


@dataclass(frozen=True, slots=True)
class Given:
    """What the caller says beside the document."""

    file_name: str
    data: bytes
    period_start: date | None = None
    period_end: date | None = None


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft and what the reading of its document left open."""

    plan: Plan
    tasks: list[TaskIn]
    warnings: list[dict[str, Any]]


async def draft(session: Session, who: Principal, wanted: PlanIn, now: datetime) -> Plan:
    """A draft plan from data. Raises BadInput (every fault of every task), Duplicate (external id)."""
    district = _district(who)
    if wanted.region_code != await external.district_code(session, district):
        raise errors.BadInput(errors.Fault("/body/region_code", "not_found"))
    head = wanted.model_dump(exclude={"tasks"})
    return await _write(session, who, head, wanted.tasks, [], None, now)


async def read_document(session: Session, who: Principal, given: Given, now: datetime) -> Drafted:
    """A draft plan from a .txt or .docx document: every task as printed, nothing invented, a warning for each doubt.

    Raises Empty, UnsupportedFormat, Unreadable, TooLong, NotAPlan, NoPeriod. Reading takes a core for a while, so it runs in
    a thread.
    """
    district = _district(who)
    known = await external.known_units(session, district)
    words = await settings.value_of(session, TimeWords, district, clock.local_day(now))
    parsed = await asyncio.to_thread(_parsed, given, known, _words(words), clock.local_day(now))
    tasks = [_task(task, parsed) for task in (*parsed.tasks, *parsed.requirements)]
    warnings = [asdict(warning) for warning in parsed.warnings]
    head = {
        "title": parsed.title,
        "region_code": await external.district_code(session, district),
        "region_name": parsed.region_name,
        "document_no": parsed.document_no,
        "issued_on": parsed.issued_on,
        "goals": parsed.goals or None,
        **_period(parsed, given),
    }
    digest = hashlib.sha256(given.data).hexdigest()
    return Drafted(await _write(session, who, head, tasks, warnings, digest, now), tasks, warnings)


def input_of(who: Principal, given: Given) -> dict[str, Any]:
    """What the job of an import must know: the caller as admitted, and what was said beside the document."""
    return {
        "account_id": str(who.account_id),
        "name": who.name,
        "roles": sorted(who.roles),
        "scopes": sorted(who.scopes),
        "unit_path": [str(unit) for unit in who.unit_path],
        "file_name": given.file_name,
        "period_start": given.period_start.isoformat() if given.period_start else None,
        "period_end": given.period_end.isoformat() if given.period_end else None,
    }


def _parsed(given: Given, known: rules.KnownUnits, words: rules.Words, today: date) -> rules.ParsedPlan:
    return rules.hidden(rules.parse(formats.read(given.data, given.file_name), known, words), today)


def _words(told: TimeWords) -> rules.Words:
    return rules.Words(**told.model_dump(include={each.name for each in dataclass_fields(rules.Words)}))


async def _write(
    session: Session,
    who: Principal,
    head: dict[str, Any],
    tasks: list[TaskIn],
    warnings: list[dict[str, Any]],
    digest: str | None,
    now: datetime,
) -> Plan:
    raise_if(plan_rules.why_not_period(head["period_start"], head["period_end"]))
    plan = await queries.add(session, _district(who), head, warnings, digest, now)
    await task_actions.add_all(session, plan, tasks, now)
    facts = {"title": plan.title, "tasks": len(tasks), "warnings": len(warnings), "content_sha256": digest}
    plan_actions.tell(session, who, plan, "drafted", {}, facts)
    return plan


def _district(who: Principal) -> UUID:
    if who.district_id is None:
        raise errors.Forbidden
    return who.district_id


def _period(parsed: rules.ParsedPlan, given: Given) -> dict[str, date]:
    start, end = given.period_start or parsed.period_start, given.period_end or parsed.period_end
    if start is None or end is None:
        raise NoPeriod(errors.Fault("/body/period_start", "missing"), errors.Fault("/body/period_end", "missing"))
    return {"period_start": start, "period_end": end}


def _task(task: rules.ParsedTask, parsed: rules.ParsedPlan) -> TaskIn:
    chapter = next((each for each in parsed.chapters if each.number == task.chapter), None)
    return TaskIn(
        kind="task" if task.kind is rules.Kind.TASK else "requirement",
        number=task.number,
        label=task.label or None,
        chapter_number=chapter.number if chapter else None,
        chapter_title=chapter.title if chapter else None,
        title=task.title,
        summary=task.summary or None,
        leads=[_party(unit) for unit in task.leads],
        responsibles=[_party(unit) for unit in task.responsibles],
        deadlines=[_deadline(deadline) for deadline in task.deadlines],
        quantities=[_quantity(quantity) for quantity in task.quantities],
        time_words=list(task.time_words),
    )


def _party(unit: rules.ParsedUnit) -> PartyIn:
    known = {} if unit.key is None else {"group_key": unit.key} if unit.is_group else {"unit_id": unit.key}
    return PartyIn(as_written=unit.as_written, **known)


def _deadline(deadline: rules.ParsedDeadline) -> DeadlineIn:
    return DeadlineIn.model_validate(asdict(deadline) | {"as_written": deadline.as_written or None})


def _quantity(quantity: rules.ParsedQuantity) -> QuantityIn:
    return QuantityIn.model_validate(asdict(quantity) | {"value": float(quantity.value)})
