"""The five tables, one statement each, over what was recorded of the files at a moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select

from services.cases_api.case_statistics import rules
from services.cases_api.case_statistics.schemas import CaseStatisticsQuery
from services.kit import clock, db, errors, visibility
from services.kit.db import Reader
from services.kit.principal import Principal
from services.kit.references import units

# Files of these units ($1) as they were recorded at a moment ($2); a file entered by mistake is no case.
_LATEST: Final = """
    t.unit_id = ANY ($1) AND t.recorded_at <= $2 AND t.state <> 'void' AND NOT EXISTS (SELECT FROM cases.case_tallies n
        WHERE n.case_file_id = t.case_file_id AND n.recorded_at > t.recorded_at AND n.recorded_at <= $2)
"""
_KINDS: Final[Mapping[str, str]] = {
    "warning_or_criticism": "h IN ('warning', 'public_criticism')",
    "fine": "h = 'fine'",
    "confiscation": "h = 'confiscation'",
    "suspension_or_downgrade": "h IN ('licence_suspension', 'qualification_downgrade')",
    "revocation": "h = 'licence_revocation'",
    "restriction": "h = 'operation_restriction'",
    "stop_or_closure": "h IN ('production_stop', 'closure', 'profession_ban')",
    "detention": "h = 'detention'",
    "other": "h = 'other'",
    "unstated": "h IS NULL",
}


def _counts(columns: Mapping[str, str]) -> str:
    return ", ".join(f"count(*) FILTER (WHERE {test})::integer AS {name}" for name, test in columns.items())


# A decision counts in the year it was made, once, under its heaviest kind; that it was revoked later changes nothing.
_PENALTIES: Final = f"""
    SELECT unit_id, {_counts(_KINDS)}, count(*)::integer AS total, coalesce(sum(amount_fen), 0)::bigint AS amount_fen
    FROM (SELECT t.unit_id, cases.heaviest_penalty(t.penalties) AS h, t.amount_fen FROM cases.case_tallies t
          WHERE {_LATEST} AND t.kind = 'penalty' AND t.decided_on BETWEEN $3 AND $4
            AND coalesce(t.outcome, 'penalty') = 'penalty') told
    GROUP BY unit_id
"""  # noqa: S608  # texts of our own
_LICENCES: Final = f"""
    SELECT t.unit_id, {
    _counts(
        {
            "applied": "t.filed_on BETWEEN $3 AND $4",
            "accepted": "t.filed_on BETWEEN $3 AND $4",
            "granted": "t.decided_on BETWEEN $3 AND $4 AND t.outcome = 'granted'",
            "refused": "t.decided_on BETWEEN $3 AND $4 AND t.outcome = 'refused'",
            "revoked": "t.withdrawn_on BETWEEN $3 AND $4",
        }
    )
}
    FROM cases.case_tallies t WHERE {_LATEST} AND t.kind = 'licence' GROUP BY t.unit_id
"""  # noqa: S608  # texts of our own
_COMPULSIONS: Final = f"""
    SELECT t.unit_id, {
    _counts(
        {
            "sealing": "act ->> 2 = 'sealing'",
            "detention": "act ->> 2 = 'detention'",
            "freezing": "act ->> 2 = 'freezing'",
            "other_measure": "act ->> 0 = 'seizure' AND act ->> 2 IS NULL",
            "late_fee": "act ->> 0 = 'payment'",
            "court_application": "act ->> 0 = 'court_application'",
        }
    )
}, count(*)::integer AS total
    FROM cases.case_tallies t CROSS JOIN LATERAL jsonb_array_elements(t.acts) AS act
    WHERE {_LATEST} AND t.acts IS NOT NULL AND (act ->> 1)::date BETWEEN $3 AND $4 GROUP BY t.unit_id
"""  # noqa: S608  # texts of our own
_OTHERS: Final = f"""
    SELECT t.unit_id, {
    _counts(
        {
            "expropriations": "t.kind = 'expropriation' AND t.decided_on BETWEEN $3 AND $4",
            "inspections": "t.kind = 'inspection' AND t.filed_on BETWEEN $3 AND $4",
            "other": "t.kind = 'other' AND coalesce(t.decided_on, t.filed_on) BETWEEN $3 AND $4",
        }
    )
}, coalesce(sum(t.amount_fen) FILTER (WHERE t.kind = 'expropriation' AND t.decided_on BETWEEN $3 AND $4), 0)::bigint
        AS expropriation_fen
    FROM cases.case_tallies t WHERE {_LATEST} AND t.kind IN ('expropriation', 'inspection', 'other') GROUP BY t.unit_id
"""  # noqa: S608  # texts of our own
# Who has no spell of service on record is taken as the register of officers has it.
_CERTIFICATES: Final = """
    SELECT s.unit_id, count(DISTINCT s.officer_id)::integer AS on_duty,
           count(DISTINCT s.officer_id) FILTER (WHERE EXISTS (SELECT FROM published.certificate_spans c
               WHERE c.officer_id = s.officer_id AND $2 BETWEEN c.from_on AND c.to_on))::integer AS certified
    FROM (SELECT officer_id, unit_id, kind, from_on, to_on FROM published.officer_service
          UNION ALL SELECT o.id, o.unit_id, o.kind, o.hired_on, o.left_on FROM published.officers o
          WHERE NOT EXISTS (SELECT FROM published.officer_service k WHERE k.officer_id = o.id)) s
    WHERE s.unit_id = ANY ($1) AND s.kind = 'officer' AND s.from_on <= $2 AND coalesce(s.to_on, 'infinity') >= $2
    GROUP BY s.unit_id
"""
STATEMENTS: Final = {"penalties": _PENALTIES, "licences": _LICENCES, "compulsions": _COMPULSIONS, "others": _OTHERS}


@dataclass(frozen=True, slots=True)
class Asked:
    """A year and the moment whose records count."""

    year: int
    as_of: datetime

    @property
    def days(self) -> tuple[date, date]:
        """The first and last day of the year."""
        return date(self.year, 1, 1), date(self.year, 12, 31)


def asked(wanted: CaseStatisticsQuery, now: datetime) -> Asked:
    """What is asked for; BadInput for a moment to come."""
    if wanted.as_of is not None and wanted.as_of > now:
        raise errors.BadInput(errors.Fault("/query/as_of", "in_future"))
    return Asked(wanted.year, wanted.as_of or now)


async def statistics(read: Reader, who: Principal, wanted: CaseStatisticsQuery, what: Asked) -> dict[str, Any]:
    """All five tables: units in the order of their codes, then the sums."""
    places = await _units(read, who, wanted.unit_id)
    ids = [place["unit_id"] for place in places]
    for table in rules.COLUMNS:
        known = await _table(read, table, ids, what)
        for place in places:
            place[table] = rules.zero(table) | known.get(place["unit_id"], {})
    totals = {table: rules.total(table, [place[table] for place in places]) for table in rules.COLUMNS}
    as_of = what.as_of.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return {"year": what.year, "as_of": as_of, "units": places, "totals": totals}


async def _units(read: Reader, who: Principal, unit_id: UUID | None) -> list[dict[str, Any]]:
    """Units with enforcement power that the caller's scopes reach."""
    seen = visibility.within(who, district=units.c.district_id, unit=units.c.id)
    statement = select(units.c.id, units.c.code, units.c.name).where(seen, units.c.enforcement)
    if unit_id is not None:
        statement = statement.where(units.c.id == unit_id)
    rows: Any = await read.execute(statement.order_by(units.c.code))
    return [{"unit_id": row[0], "code": row[1], "name": row[2]} for row in rows]


async def _table(read: Reader, table: str, ids: Sequence[UUID], what: Asked) -> dict[UUID, rules.Figures]:
    first, last = what.days
    if table in STATEMENTS:
        rows = await db.fetch(read, STATEMENTS[table], [list(ids), what.as_of, first, last])
    else:
        rows = await db.fetch(read, _CERTIFICATES, [list(ids), min(last, clock.local_day(what.as_of))])
    return {row["unit_id"]: rules.rated(_row(table, row)) for row in rows}


def _row(table: str, row: Any) -> rules.Figures:
    told = dict(row)
    return {name: told.get(name) for name in rules.COLUMNS[table]}
