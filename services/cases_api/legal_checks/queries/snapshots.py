"""Cases as the rules see them: one statement for any number of files, another for the officers they name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from services.cases_api.case_files.queries import masking
from services.cases_api.case_files.tables import CaseFile
from services.cases_api.legal_checks import external, rules
from services.cases_api.legal_checks.rules.context import Context, context_of
from services.cases_api.legal_checks.rules.model import Benchmark, Case, Equipment, LenientItem, Step, by_kind
from services.kit import calendar as calendars
from services.kit import clock, db, errors
from services.kit.db import Reader, Session
from services.kit.principal import Principal

# Every change of the rules' code is a change of the basis, so files are checked anew after an upgrade.
SOURCES: Final = (*sorted(Path(rules.__file__).parent.glob("*.py")), Path(calendars.__file__))
RELEASE: Final = hashlib.sha256(b"".join(path.read_bytes() for path in SOURCES)).hexdigest()[:16]
COLUMNS: Final = (
    "unit_id", "kind", "procedure", "state", "party_kind", "officers", "filed_on", "sector", "joint_basis", "decided_on",
    "closed_on", "archived_on", "amount_fen", "act_ended_on", "discovered_on", "grave_harm", "offline_reason",
    "obstacle_ended_on", "keyed_in_on",
)  # fmt: skip
SNAPSHOTS: Final = f"""
    SELECT f.id, f.case_no, f.version, f.district_id, f.created_at, {", ".join(f"f.{name}" for name in COLUMNS)},
        (SELECT json_agg(json_build_array(s.step, s.happened_on, s.fields)) FROM cases.case_steps s
         WHERE s.case_file_id = f.id)::text AS steps,
        (SELECT json_agg(json_build_array(r.kind, r.occurred_on,
             r.facts || jsonb_build_object('officer_id', p.officer_id, 'qualified', p.has_legal_qualification)))
         FROM cases.records r
         LEFT JOIN published.legal_reviewers p ON r.kind = 'legal-reviews' AND p.id = (r.facts ->> 'reviewer_id')::uuid
         WHERE r.subject_id = f.id AND r.state = 'active' AND r.kind IN ('legal-reviews', 'publicity-records'))::text AS records,
        (SELECT row_to_json(b) FROM (
             SELECT b.state, b.in_force_from, b.in_force_to, b.zero_range, b.bands
             FROM cases.case_steps s JOIN cases.discretion_benchmarks b
                 ON b.id = (s.fields ->> 'benchmark_id')::uuid AND b.district_id = f.district_id
             WHERE s.case_file_id = f.id AND s.step = 'decision' ORDER BY s.happened_on DESC LIMIT 1) b)::text AS benchmark
    FROM cases.case_files f WHERE f.id = ANY($1)
"""  # noqa: S608  # column names of our own
SETTINGS: Final = """
    SELECT coalesce(json_agg(json_build_object('topic', topic, 'value', value, 'measure', measure, 'valid_from', valid_from,
        'valid_to', valid_to, 'own', district_id IS NOT NULL, 'sector', sector, 'case_kind', case_kind, 'procedure', procedure,
        'party_kind', party_kind, 'result', result, 'source', source, 'assumed', assumed) ORDER BY id), '[]')::text
    FROM cases.legal_settings WHERE district_id IS NULL OR district_id = $1
"""
# Devices and items of lists that steps name.
NAMED: Final = """
    SELECT id, kind, occurred_on, facts::text FROM cases.records
    WHERE id = ANY($1) AND district_id = ANY($2) AND state = 'active' AND kind IN ('monitoring-equipment', 'lenient-items')
"""
NAMING: Final = (("evidence", "equipment_id"), ("decision", "lenient_item_id"))
OPINIONS: Final = {"pass": "passed", "amend": "passed_with_changes", "reject": "refused"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case with its number, district and the version it was read of."""

    id: UUID
    case_no: str
    version: int
    district_id: UUID
    case: Case

    @property
    def officers(self) -> set[UUID]:
        """Everybody the check asks the training service about."""
        steps = (step for each in self.case.steps.values() for step in each)
        return set(self.case.officers).union(*(step.officers(self.case) for step in steps))


async def context(connection: Reader | Session, district_id: UUID) -> Context:
    """Calendar and settings as they stand now."""
    calendar = await external.calendar(connection)
    rows = await db.fetch(connection, SETTINGS, [district_id])
    return context_of(calendar, rows[0][0], RELEASE)


async def of_files(connection: Reader | Session, case_file_ids: Collection[UUID], now: datetime) -> list[Snapshot]:
    """These cases, with the officers they name."""
    rows = await db.fetch(connection, SNAPSHOTS, [list(case_file_ids)])
    found = [snapshot(row, clock.local_day(now)) for row in rows]
    return await with_officers(connection, await with_records(connection, found))


async def one(connection: Reader | Session, who: Principal, case_file_id: UUID, now: datetime) -> Snapshot:
    """One case; NotFound also when the caller may not see it."""
    seen = select(CaseFile.id).where(CaseFile.id == case_file_id, masking.visible_to(who))
    if (await connection.execute(seen)).one_or_none() is None:
        raise errors.NotFound
    (found,) = await of_files(connection, [case_file_id], now)
    return found


async def with_records(connection: Reader | Session, snapshots: Sequence[Snapshot]) -> Sequence[Snapshot]:
    """The same with the devices and items of lists that their steps name; nothing is asked where none is named."""
    named = {each.id: _named(each.case) for each in snapshots}
    if not any(named.values()):
        return snapshots
    rows = await db.fetch(
        connection, NAMED, [list(set[UUID]().union(*named.values())), list({each.district_id for each in snapshots})]
    )
    devices = {row[0]: _equipment(json.loads(row[3])) for row in rows if row[1] == "monitoring-equipment"}
    items = {row[0]: _lenient_item(row[2], json.loads(row[3])) for row in rows if row[1] == "lenient-items"}
    return [
        replace(each, case=replace(each.case, equipment=devices, lenient_items=items)) if named[each.id] else each
        for each in snapshots
    ]


def _named(case: Case) -> set[UUID]:
    return {UUID(found) for step, name in NAMING for each in case.of(step) if (found := each.get(name)) is not None}


def _equipment(facts: dict[str, Any]) -> Equipment:
    days = {name: _day(facts.get(name)) for name in ("legal_review_on", "technical_review_on", "published_on", "ended_on")}
    return Equipment(marked=facts.get("marked"), **days)


def _lenient_item(listed_on: date, facts: dict[str, Any]) -> LenientItem:
    return LenientItem(facts["list"], listed_on, _day(facts.get("ends_on")))


def _day(written: str | None) -> date | None:
    return None if written is None else date.fromisoformat(written)


async def with_officers(connection: Reader | Session, snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The same with what is published of their officers."""
    known = await external.officers(connection, set[UUID]().union(*(each.officers for each in snapshots)))
    return [replace(each, case=replace(each.case, known_officers=known)) for each in snapshots]


def snapshot(row: Any, today: date) -> Snapshot:
    """A row of SNAPSHOTS as a case."""
    steps = [Step(kind, date.fromisoformat(on), facts) for kind, on, facts in json.loads(row["steps"] or "[]")]
    if row["records"] is not None:
        steps += _from_records(json.loads(row["records"]))
    facts = {name: row[name] for name in COLUMNS}
    entered_on = clock.local_day(row["created_at"])
    benchmark = None if row["benchmark"] is None else _benchmark(json.loads(row["benchmark"]))
    case = Case(entered_on=entered_on, today=today, steps=by_kind(steps), benchmark=benchmark, **facts)
    return Snapshot(row["id"], row["case_no"], row["version"], row["district_id"], case)


def _benchmark(facts: dict[str, Any]) -> Benchmark:
    ends = {name: facts[name] and date.fromisoformat(facts[name]) for name in ("in_force_from", "in_force_to")}
    bands = {
        band["key"]: (band["low_fen"], band["high_fen"])
        for band in facts["bands"]
        if band.get("low_fen") is not None and band.get("high_fen") is not None
    }
    public = facts["state"] not in {"draft", "dropped"}
    return Benchmark(public, ends["in_force_from"], ends["in_force_to"] or date.max, facts["zero_range"], bands)


def _from_records(records: Iterable[tuple[str, str, dict[str, Any]]]) -> Iterable[Step]:
    """Reviews and publications that are kept as records of their own, as the steps they are."""
    for kind, on, facts in records:
        day = date.fromisoformat(on)
        if kind == "legal-reviews":
            # The pool knows a reviewer by an id of its own; what the rule asks is whether it is an officer of the case.
            told = {name: facts.get(name) for name in ("qualified", "first_time")}
            told |= {"opinion": OPINIONS.get(facts["opinion"]), "reviewer_id": facts["officer_id"] or facts["reviewer_id"]}
            yield Step("legal_review", day, told)
            continue
        yield Step("publicity", day, {"masked": facts["masked"]})
        if withdrawn := facts.get("withdrawn_on"):
            told = {"cause_on": facts.get("overturned_on"), "reason_published": facts.get("withdrawal_reason") is not None}
            yield Step("publicity_withdrawal", date.fromisoformat(withdrawn), told)
