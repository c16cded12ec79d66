"""One check of a case: what every rule came to, what falls due, and how long that is good. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from services.cases_api.legal_checks.rules import deadlines, keeping, marks, register
from services.cases_api.legal_checks.rules.context import Context
from services.cases_api.legal_checks.rules.deadlines import Deadline
from services.cases_api.legal_checks.rules.keeping import Retention
from services.cases_api.legal_checks.rules.model import Case, Result
from services.cases_api.legal_checks.rules.register import Outcome


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check came to. `good_until` is the last day on which it would come to the same; None: for ever."""

    outcomes: Sequence[Outcome]
    deadlines: Sequence[Deadline]
    good_until: date | None
    today: date
    archive_due_on: date | None = None
    retention: Retention | None = None

    @property
    def told(self) -> list[Outcome]:
        """Everything but the clean ones."""
        return [outcome for outcome in self.outcomes if outcome.result is not Result.CLEAN]

    def mark(self, outcome: Outcome) -> str:
        """The name of what a rule found."""
        return marks.mark_of(outcome.findings, self.today)


def checked(case: Case, context: Context) -> Checked:
    """Runs everything over a case."""
    found = deadlines.of(case, context) if case.state != "void" else []
    ahead = [each.due_on for each in found if each.due_on >= case.today]
    good_until = case.today if case.is_running else min(ahead, default=None)
    kept = (deadlines.archive_day(case, context), keeping.retention(case, context)) if case.state != "void" else (None, None)
    return Checked(register.check(case, context), found, good_until, case.today, *kept)
