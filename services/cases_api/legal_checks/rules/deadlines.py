"""What falls due in a case, by the same sums as the rules. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from services.cases_api.legal_checks.rules import deciding, enforcement, law, measures, performance, periods
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.law import Period
from services.cases_api.legal_checks.rules.model import Case
from services.cases_api.legal_settings.rules import Measure, Topic
from services.kit.calendar import MissingYear


class Act(StrEnum):
    """What is to be done (登记保存处理 查封扣押处理 作出决定 送达 公示 交款 申请强制执行 归档)."""

    DISPOSE_PRESERVED = "dispose_preserved"
    END_SEIZURE = "end_seizure"
    DECIDE = "decide"
    DELIVER = "deliver"
    PUBLISH = "publish"
    HAND_IN = "hand_in"
    APPLY_TO_COURT = "apply_to_court"
    ARCHIVE = "archive"


# Archiving in time is a custom and has no rule of its own.
RULE_OF: Final = {
    Act.DISPOSE_PRESERVED: "P05",
    Act.END_SEIZURE: "P06",
    Act.DECIDE: "P14",
    Act.DELIVER: "P16",
    Act.PUBLISH: "P17",
    Act.HAND_IN: "P19",
    Act.APPLY_TO_COURT: "P21",
}


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day for an act that is not on record yet."""

    act: Act
    due_on: date


def of(case: Case, context: Context) -> list[Deadline]:
    """Everything that is still to be done, the nearest first. A day beyond the known calendar is left out."""
    found = []
    for find in FINDERS:
        try:
            found += list(find(case, context))
        except MissingYear:
            continue
    return sorted(found, key=lambda each: (each.due_on, each.act))


def _running(case: Case, context: Context) -> Iterator[Deadline]:
    if case.is_running:
        yield from (Deadline(Act.DISPOSE_PRESERVED, on) for on in measures.preservation_due(case, context))
        yield from (Deadline(Act.END_SEIZURE, on) for on in measures.seizure_due(case, context))


def _decision(case: Case, context: Context) -> Iterator[Deadline]:
    if case.is_running and (on := deciding.decision_due(case, context)) is not None:
        yield Deadline(Act.DECIDE, on)


def _delivery(case: Case, context: Context) -> Iterator[Deadline]:
    if not case.is_running or case.decided_on is None or performance.deliveries_of_decision(case):
        return
    if (period := performance.delivery_period(case, case.decided_on)) is not None:
        yield Deadline(Act.DELIVER, periods.last_day(case.decided_on, period, context.calendar))


def _publicity(case: Case, context: Context) -> Iterator[Deadline]:
    if case.state != "void" and (on := performance.publicity_due(case, context)) is not None:
        yield Deadline(Act.PUBLISH, on)


def _hand_in(case: Case, context: Context) -> Iterator[Deadline]:
    for step in case.of("payment") if case.is_running else ():
        if step.get("on_spot") and step.get("handed_to_bank_on") is None:
            start = step.day("handed_to_organ_on") or step.on
            period = law.penalty_law(step.on).period(law.HAND_IN_DAYS)
            yield Deadline(Act.HAND_IN, periods.last_day(start, period, context.calendar))


def _court(case: Case, context: Context) -> Iterator[Deadline]:
    """Only where the party has been reminded: a reminder says that the decision is not performed."""
    if not case.is_running or case.of("court_application") or not case.of("reminder"):
        return
    if (ended := enforcement.remedies_end(case, context)) is not None:
        yield Deadline(Act.APPLY_TO_COURT, enforcement.court_until(ended, context))


def archive_due(case: Case, context: Context) -> date | None:
    """The last day for archiving a closed file."""
    if case.closed_on is None:
        return None
    setting = context.settings.of(Topic.ARCHIVING, case, case.closed_on)
    if setting is None:
        return None
    return periods.last_day(case.closed_on, Period(setting.value, Measure(setting.measure)), context.calendar)


def archive_day(case: Case, context: Context) -> date | None:
    """The same, and None also beyond the known calendar."""
    try:
        return archive_due(case, context)
    except MissingYear:
        return None


def _archive(case: Case, context: Context) -> Iterator[Deadline]:
    if case.state == "closed" and (on := archive_due(case, context)) is not None:
        yield Deadline(Act.ARCHIVE, on)


FINDERS: Final = (_running, _decision, _delivery, _publicity, _hand_in, _court, _archive)
