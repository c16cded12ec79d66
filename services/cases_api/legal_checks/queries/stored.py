"""What was last computed of each file, what waits for its check, and the bulk writes that bring the one up to the other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from services.cases_api.legal_checks import external
from services.cases_api.legal_checks.queries.snapshots import Snapshot
from services.cases_api.legal_checks.rules.checking import Checked
from services.kit import db, ids
from services.kit.db import Reader, Session

# The four grounds on which a check waits: the file was touched, law or calendar changed, its day has passed.
WAITING: Final = """
    (SELECT case_file_id, turn FROM cases.legal_check_queue WHERE district_id = $1 ORDER BY case_file_id LIMIT $4)
    UNION ALL (SELECT case_file_id, NULL FROM cases.legal_checks WHERE district_id = $1 AND basis < $2 LIMIT $4)
    UNION ALL (SELECT case_file_id, NULL FROM cases.legal_checks WHERE district_id = $1 AND basis > $2 LIMIT $4)
    UNION ALL (SELECT case_file_id, NULL FROM cases.legal_checks WHERE district_id = $1 AND good_until < $3 LIMIT $4)
    LIMIT $4
"""
COUNT: Final = f"SELECT count(DISTINCT case_file_id) FROM ({WAITING}) waiting"  # noqa: S608  # a text of our own
DISTRICTS: Final = """
    SELECT DISTINCT district_id FROM cases.legal_check_queue UNION SELECT DISTINCT district_id FROM cases.legal_checks
"""
# One refresh of a district at a time; whoever comes second finds the work done.
LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('cases.legal_checks'), hashtext($1::text))"
KEEP: Final = """
    INSERT INTO cases.legal_checks (case_file_id, district_id, unit_id, case_version, basis, good_until, officers,
        archive_due_on, retention_until, permanent, checked_at)
    SELECT k.id, k.district_id, k.unit_id, k.version, $2, k.good_until, k.officers, k.archive_due_on, k.retention_until,
        k.permanent, $3
    FROM jsonb_to_recordset($1::text::jsonb) AS k (id uuid, district_id uuid, unit_id uuid, version integer, good_until date,
        officers uuid[], archive_due_on date, retention_until date, permanent boolean)
    ON CONFLICT (case_file_id) DO UPDATE SET case_version = EXCLUDED.case_version, basis = EXCLUDED.basis,
        good_until = EXCLUDED.good_until, officers = EXCLUDED.officers, archive_due_on = EXCLUDED.archive_due_on,
        retention_until = EXCLUDED.retention_until, permanent = EXCLUDED.permanent, checked_at = EXCLUDED.checked_at
"""
FORGET_DEFECTS: Final = """
    DELETE FROM cases.defects d WHERE d.case_file_id = ANY($1)
        AND NOT EXISTS (SELECT FROM jsonb_to_recordset($2::text::jsonb) AS n (case_file_id uuid, rule text)
                        WHERE n.case_file_id = d.case_file_id AND n.rule = d.rule)
"""
KEEP_DEFECTS: Final = """
    INSERT INTO cases.defects AS d
        (id, case_file_id, district_id, unit_id, rule, result, level, findings, missing, mark, found_at)
    SELECT n.id, n.case_file_id, n.district_id, n.unit_id, n.rule, n.result, n.level, n.findings, n.missing, n.mark, $2
    FROM jsonb_to_recordset($1::text::jsonb) AS n (id uuid, case_file_id uuid, district_id uuid, unit_id uuid, rule text,
        result text, level text, findings jsonb, missing text[], mark text)
    ON CONFLICT (case_file_id, rule) DO UPDATE SET result = EXCLUDED.result, level = EXCLUDED.level,
        findings = EXCLUDED.findings, missing = EXCLUDED.missing, mark = EXCLUDED.mark,
        found_at = CASE WHEN d.result = EXCLUDED.result AND d.mark = EXCLUDED.mark THEN d.found_at ELSE EXCLUDED.found_at END
    WHERE (d.result, d.level, d.findings, d.missing, d.mark)
        IS DISTINCT FROM (EXCLUDED.result, EXCLUDED.level, EXCLUDED.findings, EXCLUDED.missing, EXCLUDED.mark)
"""
FORGET_DEADLINES: Final = "DELETE FROM cases.deadlines WHERE case_file_id = ANY($1)"
KEEP_DEADLINES: Final = """
    INSERT INTO cases.deadlines (id, case_file_id, district_id, unit_id, act, due_on)
    SELECT id, case_file_id, district_id, unit_id, act, due_on FROM jsonb_to_recordset($1::text::jsonb)
        AS n (id uuid, case_file_id uuid, district_id uuid, unit_id uuid, act text, due_on date)
"""
# A file touched again while it was checked has another turn and stays.
DONE: Final = """
    DELETE FROM cases.legal_check_queue q USING unnest($1::uuid[], $2::uuid[]) AS done (id, turn)
    WHERE q.case_file_id = done.id AND q.turn = done.turn
"""
KEEP_MARKS: Final = """
    INSERT INTO cases.officer_marks (officer_id, mark) SELECT * FROM unnest($1::uuid[], $2::text[])
    ON CONFLICT (officer_id) DO NOTHING
"""
RENEW_MARKS: Final = """
    UPDATE cases.officer_marks m SET mark = n.mark FROM unnest($1::uuid[], $2::text[]) AS n (officer_id, mark)
    WHERE n.officer_id = m.officer_id
"""
OUTDATE: Final = "UPDATE cases.legal_checks SET basis = '' WHERE officers && $1::uuid[]"


@dataclass(frozen=True, slots=True)
class Result:
    """A snapshot and what its check came to."""

    snapshot: Snapshot
    checked: Checked


async def waiting(connection: Reader | Session, district_id: UUID, basis: str, today: date, most: int) -> dict[UUID, UUID | None]:
    """Files of a district whose check is behind them, with their turn in the queue if they stand there."""
    rows = await db.fetch(connection, WAITING, [district_id, basis, today, most])
    found: dict[UUID, UUID | None] = {}
    for case_file_id, turn in rows:
        found[case_file_id] = found.get(case_file_id) or turn
    return found


async def count_waiting(connection: Reader | Session, district_id: UUID, basis: str, today: date, most: int) -> int:
    """How many wait, counted up to `most`."""
    return int((await db.fetch(connection, COUNT, [district_id, basis, today, most]))[0][0])


async def districts(connection: Reader | Session) -> list[UUID]:
    """Districts with files that are checked or wait."""
    return [row[0] for row in await db.fetch(connection, DISTRICTS, [])]


async def lock(session: Session, district_id: UUID) -> None:
    """Waits until no other refresh of this district runs."""
    await db.fetch(session, LOCK, [str(district_id)])


async def keep(session: Session, results: Sequence[Result], turns: dict[UUID, UUID | None], basis: str, now: datetime) -> None:
    """Writes results in a handful of statements, whatever their number, and takes the files off the queue."""
    checks = [_check_row(result) for result in results]
    await db.fetch(session, KEEP, [_json(checks), basis, now])
    defects = [row for result in results for row in _defect_rows(result)]
    case_file_ids = [result.snapshot.id for result in results]
    await db.fetch(
        session, FORGET_DEFECTS, [case_file_ids, _json([{k: row[k] for k in ("case_file_id", "rule")} for row in defects])]
    )
    await db.fetch(session, KEEP_DEFECTS, [_json(defects), now])
    await db.fetch(session, FORGET_DEADLINES, [case_file_ids])
    await db.fetch(session, KEEP_DEADLINES, [_json([row for result in results for row in _deadline_rows(result)])])
    marks = {officer.id: officer.mark for result in results for officer in result.snapshot.case.known_officers.values()}
    await db.fetch(session, KEEP_MARKS, [list(marks), list(marks.values())])
    done = {case_file_id: turn for case_file_id, turn in turns.items() if turn is not None}
    await db.fetch(session, DONE, [list(done), list(done.values())])


async def outdate_by_officers(session: Session) -> int:
    """Marks the checks of officers of whom something else is published now; answers how many officers that are."""
    changed = await external.changed_officers(session)
    if changed:
        await db.fetch(session, OUTDATE, [list(changed)])
        await db.fetch(session, RENEW_MARKS, [list(changed), list(changed.values())])
    return len(changed)


def _check_row(result: Result) -> dict[str, Any]:
    return {
        "id": result.snapshot.id,
        "district_id": result.snapshot.district_id,
        "unit_id": result.snapshot.case.unit_id,
        "version": result.snapshot.version,
        "good_until": result.checked.good_until,
        "officers": sorted(map(str, result.snapshot.officers)),
        "archive_due_on": result.checked.archive_due_on,
        "retention_until": result.checked.retention.until if result.checked.retention else None,
        "permanent": result.checked.retention is not None and result.checked.retention.is_permanent,
    }


def _place(result: Result) -> dict[str, Any]:
    snapshot = result.snapshot
    return {
        "id": ids.new_id(),
        "case_file_id": snapshot.id,
        "district_id": snapshot.district_id,
        "unit_id": snapshot.case.unit_id,
    }


def _defect_rows(result: Result) -> list[dict[str, Any]]:
    return [
        _place(result)
        | {
            "rule": outcome.rule.id,
            "result": outcome.result,
            "level": outcome.level,
            "findings": [finding_body(finding) for finding in outcome.findings],
            "missing": list(outcome.missing),
            "mark": result.checked.mark(outcome),
        }
        for outcome in result.checked.told
    ]


def finding_body(finding: Any) -> dict[str, Any]:
    """A finding as it is kept and shown."""
    return {
        "level": finding.level,
        "article": finding.article,
        "zh": finding.zh,
        "en": finding.en,
        "facts": dict(finding.facts),
    }


def _deadline_rows(result: Result) -> list[dict[str, Any]]:
    return [_place(result) | {"act": each.act, "due_on": each.due_on} for each in result.checked.deadlines]


def _json(rows: Sequence[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, default=str)
