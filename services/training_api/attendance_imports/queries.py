"""The checks and the posting of a sign-in sheet, each one statement over all its rows.

Whom a row means is found as in imports of class hours (`hour_imports.queries`), among those whose attendance the
caller may record: who stands on the class's list, and the caller's own people.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import or_, select

from services.kit.imports import Run
from services.training_api.classes.rules import Seat
from services.training_api.classes.tables import Enrolment
from services.training_api.hour_imports import queries as people
from services.training_api.officers import queries as officers
from services.training_api.officers.tables import Officer

NOT_SERVING: Final = (
    "INSERT INTO import_faults SELECT row_no, 'hours.not_in_service', 120 FROM import_match WHERE serving = 0 AND NOT ambiguous"
)
UNKNOWN_SESSIONS: Final = """
    INSERT INTO import_faults SELECT row_no, 'missed_sessions:class.unknown_session', 122 FROM import_stage
    WHERE NOT missed_sessions <@ $1::integer[]
"""
# As in attendance.rules.missed; whoever was absent missed all of it.
EXCEEDS: Final = """
    INSERT INTO import_faults SELECT s.row_no, 'missed_minutes:class.missed_exceeds', 123
    FROM import_stage s CROSS JOIN LATERAL (
        SELECT coalesce(s.missed_minutes, 0) + coalesce(sum(l.minutes), 0) AS missed
        FROM unnest($1::integer[], $2::integer[]) AS l (place, minutes) WHERE l.place = ANY (s.missed_sessions)) m
    WHERE s.present AND m.missed > $3
"""
ABSENT_TOO_LATE: Final = """
    INSERT INTO import_faults SELECT row_no, 'present:class.hours_posted', 124 FROM import_stage WHERE NOT present
"""
CLEAN: Final = """
    CREATE TEMP TABLE import_clean ON COMMIT DROP AS
    SELECT s.row_no, m.officer_id, s.present, CASE WHEN NOT s.present THEN $3 ELSE coalesce(s.missed_minutes, 0) + (
        SELECT coalesce(sum(l.minutes), 0) FROM unnest($1::integer[], $2::integer[]) AS l (place, minutes)
        WHERE l.place = ANY (s.missed_sessions)) END::integer AS missed
    FROM import_stage s JOIN import_match m ON m.row_no = s.row_no
    WHERE NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = s.row_no)
"""
POST: Final = """
    WITH changed AS (
        INSERT INTO training.enrolments AS e
            (class_id, officer_id, state, turn, present, missed_minutes, enrolled_at, recorded_at)
        SELECT $1, c.officer_id, 'enrolled', $2 + row_number() OVER (ORDER BY c.row_no) - 1, c.present, c.missed, $3, $3
        FROM import_clean c
        ON CONFLICT (class_id, officer_id) DO UPDATE
        SET state = excluded.state, present = excluded.present, missed_minutes = excluded.missed_minutes,
            recorded_at = excluded.recorded_at
        WHERE (e.state, e.present, e.missed_minutes) IS DISTINCT FROM (excluded.state, excluded.present, excluded.missed_minutes)
        RETURNING 1)
    SELECT count(*) AS changed FROM changed
"""


async def look_up(run: Run, class_id: UUID, last_on: date) -> None:
    """Finds out whom each row means. What is neither on the list nor the caller's own is not found."""
    listed = select(Enrolment.officer_id).where(Enrolment.class_id == class_id, Enrolment.state != Seat.WITHDRAWN.value)
    await people.find_people(run, or_(officers.visible_to(run.who), Officer.id.in_(listed)), last_on)


async def check(run: Run, lengths: Mapping[int, int], *, is_held: bool) -> None:
    """What is wrong with each row, and which come twice. `lengths` are the minutes of each session by its place."""
    await run.execute(NOT_SERVING)
    places, minutes, total = list(lengths), list(lengths.values()), sum(lengths.values())
    await run.execute(UNKNOWN_SESSIONS, places)
    await run.execute(EXCEEDS, places, minutes, total)
    if is_held:
        await run.execute(ABSENT_TOO_LATE)
    await people.refuse_repeats(run)
    await run.execute(CLEAN, places, minutes, total)


async def post(run: Run, class_id: UUID, turn: int) -> int:
    """Records the good rows; how many of them said something new."""
    return int((await run.execute(POST, class_id, turn, run.now))[0]["changed"])
