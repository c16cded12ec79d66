"""Exam results by file: whose each row is, whether it may be entered, and entering it."""

from __future__ import annotations

from typing import BinaryIO, Final
from uuid import UUID

from services.kit import import_answers, imports
from services.kit.db import Session
from services.kit.imports import Run, Work
from services.kit.personal import Vault
from services.kit.principal import Principal
from services.training_api.exam_result_imports import formats, queries, rules
from services.training_api.exams import actions as exams

KIND: Final = "exam_result_import"
PATH: Final = "/v1/exam-result-imports"
REPEATS: Final = ("import.repeated_in_file",)


async def start(
    session: Session, who: Principal, vault: Vault, exam_id: UUID, file: BinaryIO, name: str, *, dry_run: bool
) -> UUID:
    """Takes the results of an exam in. Raises NotFound, BureauOnly, IllegalMove, UnknownKind, Unsafe, Unreadable."""
    await exams.for_results(session, who, exam_id)
    return await imports.start(session, who, vault, KIND, file, name, dry_run=dry_run, about=exam_id)


async def check(run: Run) -> None:
    """Finds what is wrong with each row. Raises as `start`, for what became of the exam since."""
    await queries.check(run, await exams.for_results(run.session, run.who, run.about))


async def post(run: Run) -> None:
    """Enters the good rows and tells of the exam; rows that say what is recorded already change nothing."""
    exam = await exams.for_results(run.session, run.who, run.about)
    changed = await queries.post(run, exam)
    if changed:
        exams.tell_results(run.session, run.who, exam, {"results": changed, "import_id": str(run.id)})


IMPORTS: Final = import_answers.of(KIND, PATH, rules.LAYOUT)
WORK: Final = Work(KIND, rules.LAYOUT, formats.COLUMNS, formats.line, check, post, REPEATS, rules.MOST_ROWS)
