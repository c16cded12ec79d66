"""What lateness comes to in the record: a table of how the last record stands."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from services.kit import ids
from services.tasks_api.lateness import rules
from services.tasks_api.lateness.rules import How, Move, Owed, Standing

DUE = date(2025, 6, 16)
OWED = Owed(ids.new_id(), ids.new_id(), ids.new_id(), DUE, date(2025, 1, 2))


@pytest.mark.parametrize(
    ("last", "move"),
    [
        (None, Move.OPEN),
        (Standing(DUE, None, None), Move.NOTHING),
        (Standing(DUE, "went_on", "returned"), Move.NOTHING),
        (Standing(DUE, "ended", How.SUSPENDED), Move.GO_ON),
        (Standing(DUE, "ended", How.EXTENDED), Move.GO_ON),
        (Standing(DUE - timedelta(7), "ended", How.EXTENDED), Move.OPEN),
        (Standing(DUE - timedelta(7), "ended", How.REPLANNED), Move.OPEN),
        # A pause moved the date; it is the same lateness.
        (Standing(DUE - timedelta(7), "ended", How.SUSPENDED), Move.GO_ON),
    ],
)
def test_what_is_recorded(last: Standing | None, move: Move) -> None:
    assert rules.move(last, OWED) == move
