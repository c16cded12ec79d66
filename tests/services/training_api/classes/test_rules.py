"""Rules of classes as tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import pytest

from services.training_api.classes import rules

BEGIN, END = datetime(2024, 6, 3, 1, tzinfo=UTC), datetime(2024, 6, 4, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Class:
    """A class as the rules see it."""

    state: str = "planned"
    category: str = "skills"
    online: bool = False
    starts_at: datetime = BEGIN
    ends_at: datetime = END
    hundredths: int = 1600


def code(error: object) -> str | None:
    return getattr(error, "code", None)


@pytest.mark.parametrize(
    ("state", "cancel", "attend", "record_before", "record_during", "post_before_end", "post_at_end"),
    [
        ("planned", None, None, "class.not_begun", None, "class.not_over", None),
        ("held", "class.hours_posted", None, "class.not_begun", None, "class.not_over", None),
        ("cancelled", *["class.cancelled"] * 6),
    ],
)
def test_what_a_state_allows(state: str, cancel: str, attend: str, record_before: str, record_during: str,
                             post_before_end: str, post_at_end: str) -> None:  # fmt: skip
    held = Class(state=state)
    assert code(rules.why_not_cancel(held)) == cancel
    assert code(rules.why_not_attend(held)) == attend
    assert code(rules.why_not_record(held, datetime(2024, 6, 3, 0, 59, tzinfo=UTC))) == record_before
    assert code(rules.why_not_record(held, BEGIN)) == record_during
    assert code(rules.why_not_post_hours(held, datetime(2024, 6, 4, 8, 59, tzinfo=UTC))) == post_before_end
    assert code(rules.why_not_post_hours(held, END)) == post_at_end


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "hundredths", "fault"),
    [
        ("2024-06-03T01:00+00:00", "2024-06-03T09:00+00:00", 800, None),
        ("2024-06-03T01:00+00:00", "2024-06-03T01:00+00:00", 800, "class.ends_before_start"),
        # In Shanghai the year ends at 16:00 UTC.
        ("2024-12-31T10:00+00:00", "2024-12-31T15:59+00:00", 500, None),
        ("2024-12-31T10:00+00:00", "2024-12-31T16:00+00:00", 500, "class.crosses_years"),
        ("2024-06-03T01:00+00:00", "2024-06-03T09:00+00:00", 0, "hours.not_positive"),
        ("2024-06-03T01:00+00:00", "2024-06-03T09:00+00:00", 2401, "too_great"),
        ("2024-06-03T01:00+00:00", "2024-06-04T09:00+00:00", 4800, None),
    ],
)
def test_times_and_hours_of_a_class(starts_at: str, ends_at: str, hundredths: int, fault: str | None) -> None:
    faults = rules.faults_of_times(datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at), hundredths)
    assert [found.code for found in faults] == ([fault] if fault else [])


def test_days_are_those_of_shanghai() -> None:
    late = Class(starts_at=datetime(2024, 6, 3, 16, tzinfo=UTC))
    assert [str(day) for day in rules.days_of(late)] == ["2024-06-04", "2024-06-04"]
    assert (rules.length_in_days(late), rules.length_in_days(Class())) == (1, 2)
