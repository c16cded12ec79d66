"""A faultless made-up case, and changes to it, for tests of the legal check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import chinese_calendar
import psycopg

from services.cases_api.legal_checks.rules import register
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.model import Case, Certificate, Officer, Result, Service, Step, by_kind
from services.cases_api.legal_settings.rules import Setting, Settings, Topic
from services.kit import ids
from services.kit.calendar import Calendar

FIRST, LAST = date(2016, 1, 1), date(2026, 12, 31)
KNOWN = {(day := FIRST + timedelta(n)): chinese_calendar.is_workday(day) for n in range((LAST - FIRST).days + 1)}
CALENDAR = Calendar(KNOWN)
DISTRICT, TOWN, NEIGHBOUR = ids.new_id(), ids.new_id(), ids.new_id()
ONE, TWO, THIRD = ids.new_id(), ids.new_id(), ids.new_id()
TODAY = date(2025, 12, 1)
OLD = date(1996, 10, 1)


def load_calendar(connection: psycopg.Connection) -> None:
    """The working days of the years the check needs, as the directory would publish them."""
    known = [(day, working) for day, working in KNOWN.items() if 2020 <= day.year <= 2026]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO directory.working_days (day, working, kind) VALUES (%s, %s, 'working')", known)


def _facts(without: Sequence[str], changes: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The steps that are left, with the changes told for them taken out of `changes`."""
    wanted = {name: changes.pop(name, {}) for name in STEPS}
    return {
        name: {key: value for key, value in (dict(kept) | wanted[name]).items() if value is not None}
        for name, kept in STEPS.items()
        if name not in without
    }


def entry(without: Sequence[str] = (), more: Sequence[Mapping[str, Any]] = (), **changes: Any) -> dict[str, Any]:
    """The faultless case as fields of a new case file; changes of steps as for `case`."""
    facts = _facts(without, changes)
    days = {FILE_DAYS[name]: kept["on"] for name, kept in facts.items() if name in FILE_DAYS}
    steps = [{"step": name} | kept for name, kept in facts.items()] + [dict(step) for step in more]
    return {"steps": steps, "act_ended_on": "2025-02-20"} | days | changes


def officer(officer_id: UUID, *services: Service, certificates: Sequence[Certificate] | None = None) -> Officer:
    """An officer of the town with a valid certificate, unless told otherwise."""
    usual = (Service((DISTRICT, TOWN), "officer", date(2010, 1, 1)),)
    return Officer(
        officer_id, services or usual, tuple([Certificate(date(2010, 1, 1))] if certificates is None else certificates)
    )


def setting(topic: Topic, value: int, measure: str, /, since: date = OLD, **scope: Any) -> Setting:
    """A setting with its source named after it."""
    return Setting(topic, value, measure, since, source=f"示例规定：{topic}", **scope)


SETTINGS = (
    setting(Topic.DECISION, 90, "calendar_days", date(2021, 7, 15), case_kind="penalty"),
    setting(Topic.DECISION, 20, "working_days", case_kind="licence"),
    setting(Topic.DECISION_EXTENSION, 10, "working_days", case_kind="licence"),
    setting(Topic.DECISION_EXTENSION, 30, "calendar_days", sector="market_regulation"),
    setting(Topic.FILING, 15, "working_days", sector="market_regulation"),
    setting(Topic.HEARING_FINE, 1_000_000, "fen", party_kind="natural"),
    setting(Topic.HEARING_FINE, 10_000_000, "fen", party_kind="legal"),
    setting(Topic.HEARING_CONFISCATION, 1_000_000, "fen", date(2021, 7, 15), assumed=True),
    setting(Topic.PUBLICITY, 20, "working_days", date(2018, 12, 5)),
    setting(Topic.PUBLICITY, 7, "working_days", date(2018, 12, 5), case_kind="penalty"),
    setting(Topic.PUBLICITY_WITHDRAWAL, 3, "working_days", date(2021, 7, 15)),
    setting(Topic.LATE_FEE, 300, "basis_points"),
    setting(Topic.ARCHIVING, 30, "calendar_days"),
)
CONTEXT = Context(CALENDAR, Settings(SETTINGS))

ALL_TOLD = ["proposed_penalty", "facts", "reasons", "basis", "statement_right", "hearing_right"]
ALL_ELEMENTS = ["party", "facts_and_evidence", "kind_and_basis", "performance", "remedies", "organ_date_seal"]
STEPS: Mapping[str, Mapping[str, Any]] = {
    "filing": {"on": "2025-03-03", "approved": True, "approved_on": "2025-03-03"},
    "evidence": {"on": "2025-03-05", "kind": "scene_record"},
    "investigation_end": {"on": "2025-03-20"},
    "notice": {"on": "2025-03-24", "contents": ALL_TOLD, "penalties": ["fine"], "fine_fen": 50_000},
    "decision": {
        "on": "2025-04-10",
        "outcome": "penalty",
        "penalties": ["fine"],
        "fine_fen": 50_000,
        "elements": ALL_ELEMENTS,
        "discretion_explained": True,
        "review_grounds": [],
        "major": False,
        "benchmark_from": "2024-01-01",
        "band_low_fen": 40_000,
        "band_high_fen": 60_000,
    },
    "delivery": {"on": "2025-04-14", "manner": "direct", "receipt": True},
    "publicity": {"on": "2025-04-16", "masked": True},
    "payment": {"on": "2025-04-20", "on_spot": False, "amount_fen": 50_000},
    "closing": {"on": "2025-05-06"},
    "archiving": {"on": "2025-05-20"},
}
FILE_DAYS = {"filing": "filed_on", "decision": "decided_on", "closing": "closed_on", "archiving": "archived_on"}


def step(kind: str, on: str | date, /, **facts: Any) -> Step:
    """A step with facts as they are stored."""
    return Step(kind, on if isinstance(on, date) else date.fromisoformat(on), facts)


def case(*more: Step, without: Sequence[str] = (), today: date = TODAY, **changes: Any) -> Case:
    """The faultless case with changes: `notice={"on": …}` changes a step's facts (None takes one out), `without` leaves
    steps out, `more` adds some; the rest are facts of the file."""
    facts = _facts(without, changes)
    steps = [step(name, kept.pop("on"), **kept) for name, kept in facts.items()] + list(more)
    kept_days: dict[str, Any] = {FILE_DAYS[each.step]: each.on for each in steps if each.step in FILE_DAYS}
    state = "archived" if "archived_on" in kept_days else "closed" if "closed_on" in kept_days else "decided"
    made = Case(
        unit_id=TOWN,
        kind="penalty",
        procedure="ordinary",
        state=state if "decided_on" in kept_days or "closed_on" in kept_days else "open",
        party_kind="natural",
        officers=[ONE, TWO],
        entered_on=kept_days["filed_on"],
        today=today,
        steps=by_kind(steps),
        act_ended_on=date(2025, 2, 20),
        known_officers={ONE: officer(ONE), TWO: officer(TWO)},
        **kept_days,
    )
    return replace(made, **changes)


def outcome(rule: str, checked: Case, context: Context = CONTEXT) -> register.Outcome:
    """What the rule came to."""
    return next(found for found in register.check(checked, context) if found.rule.id == rule)


def told(rule: str, checked: Case, context: Context = CONTEXT) -> str | tuple[str, ...]:
    """`clean`, the levels found (`veto`), or what is missing."""
    found = outcome(rule, checked, context)
    if found.result is Result.CLEAN:
        return "clean"
    return tuple(finding.level.value for finding in found.findings) or f"missing {', '.join(found.missing)}"
