"""Rules of the problem list: the table of moves, and who checks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest

from services.kit.calendar import Calendar, MissingYear
from services.tasks_api.problems import rules
from services.tasks_api.problems.rules import Origin, Source, State, Verb
from services.tasks_api.watched_items import rules as watched
from services.tasks_api.watched_items.rules import DayKind

ME, OTHER = UUID(int=1), UUID(int=2)
POSSIBLE = {
    State.LISTED: {Verb.MEASURE, Verb.VOID},
    State.RECTIFYING: {Verb.MEASURE, Verb.SUBMIT, Verb.VOID},
    State.SUBMITTED: {Verb.RETURN, Verb.CLOSE},
    State.CLOSED: {Verb.REOPEN},
    State.VOID: set(),
}


@dataclass
class Facts:
    state: str
    submitted_by: UUID | None = OTHER


@pytest.mark.parametrize("verb", Verb)
@pytest.mark.parametrize("state", State)
def test_each_verb_in_each_state(state: State, verb: Verb) -> None:
    assert (rules.why_not(verb, Facts(state), ME) is None) == (verb in POSSIBLE[state])


@pytest.mark.parametrize("verb", [Verb.CLOSE, Verb.RETURN])
def test_another_person_checks(verb: Verb) -> None:
    assert isinstance(rules.why_not(verb, Facts(State.SUBMITTED, ME), ME), rules.SamePerson)


def test_days_of_a_problem() -> None:
    period, today = (date(2023, 1, 1), date(2025, 12, 31)), date(2025, 6, 2)
    assert rules.day_faults(date(2025, 6, 1), today, period, date(2025, 7, 1)) == []
    codes = [fault.code for fault in rules.day_faults(date(2022, 12, 31), today, period, date(2026, 1, 1))]
    assert codes == ["day.before_plan", "day.after_plan"]
    assert [fault.code for fault in rules.day_faults(date(2025, 6, 3), today, None, today)] == ["day.in_the_future"]


def test_the_source_fits_the_record_it_was_made_from() -> None:
    assert rules.origin_faults(Source.HOTLINE, Origin.COMPLAINT) == []
    assert [fault.pointer for fault in rules.origin_faults(Source.SURVEY, Origin.RECTIFICATION)] == ["/body/source"]


def test_limits_are_counted_in_working_or_calendar_days() -> None:
    calendar = Calendar({date(2025, 6, day): date(2025, 6, day).isoweekday() < 6 for day in range(1, 31)})
    friday = date(2025, 6, 6)
    assert watched.due_on(friday, 3, DayKind.WORKING, calendar) == date(2025, 6, 11)
    assert watched.due_on(friday, 3, DayKind.CALENDAR, calendar) == date(2025, 6, 9)
    # The last day is a Sunday: the Monday after it counts.
    assert watched.due_on(friday, 9, DayKind.CALENDAR, calendar) == date(2025, 6, 16)
    with pytest.raises(MissingYear):
        watched.due_on(friday, 40, DayKind.WORKING, calendar)
