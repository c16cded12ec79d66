"""Attendance by file: whose each row is, whether it may be recorded, and recording it."""

from __future__ import annotations

from datetime import datetime
from typing import BinaryIO, Final
from uuid import UUID

from services.kit import import_answers, imports
from services.kit.db import Session
from services.kit.errors import raise_if
from services.kit.imports import Run, Work
from services.kit.personal import Vault
from services.kit.principal import Principal
from services.training_api.attendance import rules as attendance
from services.training_api.attendance_imports import formats, queries, rules
from services.training_api.classes import actions as class_actions
from services.training_api.classes import queries as classes
from services.training_api.classes import rules as class_rules
from services.training_api.classes.tables import TrainingClass
from services.training_api.enrolments import queries as lists

KIND: Final = "attendance_import"
PATH: Final = "/v1/attendance-imports"
REPEATS: Final = ("import.repeated_in_file",)


async def start(
    session: Session, who: Principal, vault: Vault, class_id: UUID, file: BinaryIO, name: str, now: datetime, *, dry_run: bool
) -> UUID:
    """Takes the sheet of a class in. Raises NotFound, Cancelled, NotBegun, UnknownKind, Unsafe, Unreadable."""
    raise_if(class_rules.why_not_record(await classes.lock(session, who, class_id), now))
    return await imports.start(session, who, vault, KIND, file, name, dry_run=dry_run, about=class_id)


async def check(run: Run) -> None:
    """Finds what is wrong with each row. Raises as `start`, for what became of the class since."""
    held = await _held(run)
    await queries.look_up(run, held.id, class_rules.days_of(held)[1])
    await run.note(0.6)
    lengths = attendance.minutes_of(await classes.sessions_of(run.session, held.id))
    await queries.check(run, lengths, is_held=held.state == class_rules.State.HELD)


async def post(run: Run) -> None:
    """Records the good rows and tells of the class; rows that say what is recorded already change nothing."""
    held = await _held(run)
    changed = await queries.post(run, held.id, await lists.next_turn(run.session, held.id))
    if changed:
        await class_actions.touch(run.session, run.who, held, "attendance_recorded", {"rows": changed, "import_id": str(run.id)})


async def _held(run: Run) -> TrainingClass:
    held = await classes.lock(run.session, run.who, run.about)
    raise_if(class_rules.why_not_record(held, run.now))
    return held


IMPORTS: Final = import_answers.of(KIND, PATH, rules.LAYOUT)
WORK: Final = Work(KIND, rules.LAYOUT, formats.COLUMNS, formats.line, check, post, REPEATS, rules.MOST_ROWS)
