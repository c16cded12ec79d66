"""The checks and the posting of a list of results, each one statement over all its rows."""

from __future__ import annotations

from typing import Final

from services.kit.imports import Run
from services.training_api.exams.queries import results_visible_to
from services.training_api.exams.rules import ExamKind
from services.training_api.exams.tables import Exam
from services.training_api.hour_imports import queries as people
from services.training_api.officers.rules import OfficerKind

# As in exams.rules.faults_of_result.
TOO_MANY: Final = """
    INSERT INTO import_faults SELECT row_no, 'points:too_great:' || $2::text, 122 FROM import_stage
    WHERE CASE WHEN points <> 'absent' THEN points::integer > $1 END
"""
OTHER_KIND: Final = """
    INSERT INTO import_faults SELECT m.row_no, 'exam.other_kind', 123 FROM import_match m
    JOIN training.officers o ON o.id = m.officer_id WHERE NOT m.ambiguous AND (o.kind = $1) <> $2
"""
POST: Final = """
    WITH changed AS (
        INSERT INTO training.exam_results AS r (exam_id, officer_id, points_hundredths, outcome, recorded_by, recorded_at)
        SELECT $1, m.officer_id, p.points, CASE WHEN p.points IS NULL THEN 'absent' WHEN p.points >= $2 THEN 'passed'
               ELSE 'failed' END, $3, $4
        FROM import_stage s JOIN import_match m ON m.row_no = s.row_no
        CROSS JOIN LATERAL (SELECT CASE WHEN s.points <> 'absent' THEN s.points::integer END AS points) p
        WHERE NOT EXISTS (SELECT 1 FROM import_faults f WHERE f.row_no = s.row_no)
        ON CONFLICT (exam_id, officer_id) DO UPDATE
        SET points_hundredths = excluded.points_hundredths, outcome = excluded.outcome, recorded_by = excluded.recorded_by,
            recorded_at = excluded.recorded_at
        WHERE (r.points_hundredths, r.outcome) IS DISTINCT FROM (excluded.points_hundredths, excluded.outcome)
        RETURNING 1)
    SELECT count(*) AS changed FROM changed
"""


async def check(run: Run, exam: Exam) -> None:
    """What is wrong with each row, and which come twice."""
    await people.find_people(run, results_visible_to(run.who), exam.held_on)
    await run.execute(TOO_MANY, exam.full_hundredths, str(exam.full_hundredths // 100))
    await run.execute(OTHER_KIND, OfficerKind.AUXILIARY.value, exam.kind == ExamKind.AUXILIARY)
    await people.refuse_repeats(run)


async def post(run: Run, exam: Exam) -> int:
    """Enters the good rows; how many of them said something new."""
    arguments = (exam.id, exam.pass_hundredths, run.who.account_id, run.now)
    return int((await run.execute(POST, *arguments))[0]["changed"])
