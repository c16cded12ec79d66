"""Exports: pages of entries, and figures with the names of their people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.kit.db import Reader
from services.kit.exports import PAGE, Fetch
from services.kit.pagination import Page, Start
from services.kit.principal import Principal
from services.training_api.compliance import queries as compliance
from services.training_api.compliance.schemas import OfficerComplianceFilter
from services.training_api.hour_entries.schemas import EntryFilter
from services.training_api.hour_exports import queries, rules
from services.training_api.hour_exports.schemas import ComplianceExportQuery, HourExportQuery

# More officers than any district has: their figures come from one statement, so that they are of one moment.
MOST_OFFICERS = 100_000


def hours(who: Principal, wanted: HourExportQuery) -> Fetch:
    """Entries the caller may read, oldest first, as the filters say."""
    given = wanted.model_dump(exclude={"format"}, exclude_none=True)
    asked = EntryFilter.model_construct(**given, limit=PAGE, cursor=None, count=None, sort="created_at")

    async def fetch(read: Reader, start: Start | None) -> Page:
        return await queries.ROWS.page(read, who, asked, start)

    return fetch


def figures(who: Principal, wanted: ComplianceExportQuery, now: datetime) -> Fetch:
    """How officers stand, each with name and unit. Raises BadInput for figures of a time to come."""
    moment = compliance.moment_asked(wanted.as_of, now)
    given = wanted.model_dump(exclude={"format"})
    asked = OfficerComplianceFilter.model_construct(**given, limit=MOST_OFFICERS, cursor=None, count=None, sort="officer_id")

    async def fetch(read: Reader, start: Start | None) -> Page:
        page = await compliance.officers(read, who, asked, moment, start)
        items = [json.loads(item) for item in page.items]
        return Page(await _rows(read, who, wanted.year, items), page.next_start)

    return fetch


async def _rows(read: Reader, who: Principal, year: int, items: Sequence[Any]) -> list[str]:
    officer_ids, unit_ids = ({UUID(item[name]) for item in items} for name in ("officer_id", "unit_id"))
    known = await queries.people(read, who, officer_ids, unit_ids)
    made = [_row(year, item, known) for item in items]
    return [json.dumps(row, ensure_ascii=False) for row in sorted(made, key=lambda row: (row[1] or "", row[2] or ""))]


def _row(year: int, item: Any, known: dict[str, Any]) -> list[Any]:
    name, certificate = known.get(item["officer_id"], ("", None))
    return rules.compliance_row(year, item, {"unit": known.get(item["unit_id"], ""), "name": name, "certificate": certificate})
