"""How the plan's open words were read where obligations are measured: settings of this service and of the case service."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text

from services.kit.db import Reader
from services.tasks_api.supervision_settings import queries as settings

PATHS: Final[Mapping[str, str]] = {"guidance": "/v1/guidance-settings", "benchmark_filing": "/v1/legal-settings"}
OWN_PATH: Final = "/v1/supervision-settings"
# Guidance goes by the newest settings that begin by the year's end, the filing of benchmarks by those of the day.
PUBLISHED: Final = text("""
SELECT DISTINCT ON (key) key, id, valid_from, value, reading FROM published.plan_readings
WHERE (district_id = CAST(:district_id AS uuid) OR district_id IS NULL)
  AND (recorded_at <= CAST(:as_of AS timestamptz) OR CAST(:as_of AS timestamptz) IS NULL OR district_id IS NULL)
  AND valid_from <= CASE key WHEN 'guidance' THEN CAST(:last_day AS date) ELSE CAST(:day AS date) END
  AND coalesce(valid_to, 'infinity') >= CAST(:day AS date)
ORDER BY key, district_id IS NULL, valid_from DESC
""")


async def of_obligations(
    read: Reader, wanted: Mapping[str, Sequence[str]], district_id: UUID, day: date, year: int, as_of: datetime | None
) -> str:
    """By obligation the settings it is measured by, those of a day of the year, as JSON text."""
    places = {"district_id": district_id, "as_of": as_of, "day": day, "last_day": date(year, 12, 31)}
    rows = [*await settings.in_force(read, district_id, day, as_of), *(await read.execute(PUBLISHED, places)).all()]
    by_key = {row.key: _told(row) for row in rows}
    return json.dumps({name: list(_known(keys, by_key)) for name, keys in wanted.items()}, ensure_ascii=False)


def _known(keys: Iterable[str], by_key: Mapping[str, Any]) -> Iterable[Any]:
    return (by_key[key] for key in keys if key in by_key)


def _told(row: Any) -> dict[str, Any]:
    told = {"key": row.key, "valid_from": str(row.valid_from), "value": row.value, "reading": row.reading}
    return told | {"url": f"{PATHS.get(row.key, OWN_PATH)}/{row.id}"}
